"""A backup under writes, and what a restore refuses."""

import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from filrouge.backup.archive import MANIFEST, Damaged, unpack
from tests.fixtures.shell import Shell

Damage = Callable[[dict[str, bytes], Path], None]
ADD = "INSERT INTO people_team (name, country, sample) VALUES (%s, '', false)"


@pytest.fixture(scope="module")
def prepared(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a data folder in use and a good backup of it."""
    place = tmp_path_factory.mktemp("prepared")
    shell = Shell(Path(shutil.copytree(migrated, place / "data")))
    (shell.data / "uploads").mkdir(exist_ok=True)
    (shell.data / "uploads" / "réponses.csv").write_bytes(b"text\nslow\n" * 1000)
    shell.run("user", "create", "--email", "ana@example.org", "--role", "admin", "--team", "Growth, “É”")
    shell.run("backup", str(place / "good.tar.gz"))
    return place


@pytest.fixture
def ready(shell: Shell, prepared: Path) -> Shell:
    shutil.copytree(prepared / "data", shell.data)
    return shell


@pytest.fixture
def file(prepared: Path, tmp_path: Path) -> Path:
    """A good backup."""
    return Path(shutil.copy(prepared / "good.tar.gz", tmp_path))


def elsewhere(shell: Shell) -> Shell:
    return Shell(shell.data.with_name("elsewhere"))


def contents(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def pack(members: dict[str, bytes], file: Path) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return file


@contextmanager
def writing(insert: Callable[[str], object]) -> Iterator[list[str]]:
    """Writes team after team from another thread while the block runs; the list grows."""
    written: list[str] = []
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            insert(f"team {len(written)}")
            written.append(f"team {len(written)}")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        over.set()
        thread.join()


def _sqlite_writer(data: Path) -> Callable[[str], object]:
    def insert(name: str) -> None:
        with closing(sqlite3.connect(data / "filrouge.sqlite3", timeout=20)) as database, database:
            database.execute(ADD.replace("%s", "?"), [name])

    return insert


def test_a_backup_under_writes_is_one_whole_instant(ready: Shell, tmp_path: Path) -> None:
    with writing(_sqlite_writer(ready.data)) as written:
        before = len(written)
        made = ready.json("backup", str(tmp_path / "busy.tar.gz"))
        after = len(written)
    assert after > before, "nothing was written meanwhile: the test shows nothing"
    there = elsewhere(ready)
    back = there.json("restore", str(tmp_path / "busy.tar.gz"))
    assert (back["rows"], back["files"]) == (made["rows"], made["files"])
    with closing(sqlite3.connect(there.data / "filrouge.sqlite3")) as restored:
        names = [
            name
            for (name,) in restored.execute(
                "SELECT name FROM people_team WHERE name LIKE 'team %' ORDER BY id"
            )
        ]
    assert names == written[: len(names)] and before <= len(names) <= after + 1
    assert there.json("ledger-check")["ok"]


def test_everything_comes_back(ready: Shell, file: Path) -> None:
    there = elsewhere(ready)
    there.run("restore", str(file))
    for name in ("secret.key", "uploads/réponses.csv"):
        assert (there.data / name).read_bytes() == (ready.data / name).read_bytes()
    assert (there.data / "secret.key").stat().st_mode & 0o077 == 0
    assert file.stat().st_mode & 0o077 == 0
    assert (
        "already"
        in there.run("user", "create", "--email", "ana@example.org", "--role", "guest", code=1).stderr
    )


UPLOAD = """
from django.core.files.uploadedfile import SimpleUploadedFile
from filrouge.evidence.feedback import jobs, uploads
from filrouge.people.models import User
made = uploads.keep(SimpleUploadedFile("words.csv", b"text\\nslow\\nfast\\n"), User.objects.get())
made.restart(dry_run=False)
jobs.run_import.enqueue(made.pk)
"""
WORK = """
from filrouge.evidence.feedback.models import FOLDER, Import
from filrouge.jobs.worker import drain
drain(["long"])
print(Import.objects.get().receipt(), list(FOLDER.iterdir()))
"""


def test_an_upload_that_waited_comes_in_elsewhere(ready: Shell, tmp_path: Path) -> None:
    ready.python(UPLOAD)
    ready.run("backup", str(tmp_path / "waiting.tar.gz"))
    there = elsewhere(ready)
    there.run("restore", str(tmp_path / "waiting.tar.gz"))
    shutil.rmtree(ready.data)
    assert there.python(WORK) == (
        "{'read': 2, 'new': 2, 'updated': 0, 'unchanged': 0, 'rejected': 0, 'errors': []} []\n"
    )


def test_a_backup_never_replaces_another(ready: Shell, file: Path) -> None:
    before = file.read_bytes()
    assert "exists already" in ready.run("backup", str(file), code=1).stderr
    assert file.read_bytes() == before


def test_a_failed_backup_leaves_nothing(ready: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no folder" in ready.run("backup", str(tmp_path / "nowhere" / "a.tar.gz"), code=1).stderr
    assert (
        "filrouge migrate"
        in elsewhere(ready).run("backup", str(tmp_path / "empty" / "a.tar.gz"), code=1).stderr
    )
    assert list((tmp_path / "empty").iterdir()) == []


def test_data_in_use_is_replaced_only_when_told_and_kept(ready: Shell, file: Path) -> None:
    ready.run("user", "create", "--email", "late@example.org", "--role", "guest")
    assert "--yes" in ready.run("restore", str(file), code=1).stderr
    back = ready.json("restore", str(file), "--yes")
    kept = Path(back["before"])
    with closing(sqlite3.connect(kept / "filrouge.sqlite3")) as former:
        assert former.execute("SELECT count(*) FROM people_user").fetchone() == (2,)
    assert ready.json("user", "create", "--email", "late@example.org", "--role", "guest")["id"] == 2


def cut(good: dict[str, bytes], file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def flip(good: dict[str, bytes], file: Path) -> None:
    raw = bytearray(gzip.decompress(file.read_bytes()))
    raw[100_000] ^= 0xFF
    file.write_bytes(gzip.compress(bytes(raw)))


def without_manifest(good: dict[str, bytes], file: Path) -> None:
    pack({name: data for name, data in good.items() if name != MANIFEST}, file)


def without_uploads(good: dict[str, bytes], file: Path) -> None:
    pack({name: data for name, data in good.items() if not name.startswith("uploads")}, file)


def climbing(good: dict[str, bytes], file: Path) -> None:
    pack({"../outside": b"x", **good}, file)


def miscounted(good: dict[str, bytes], file: Path) -> None:
    manifest = json.loads(good[MANIFEST])
    manifest["rows"]["people_user"] += 1
    pack({**good, MANIFEST: json.dumps(manifest).encode()}, file)


def reshaped(good: dict[str, bytes], file: Path) -> None:
    manifest = {**json.loads(good[MANIFEST]), "rows": ["people_user"]}
    pack({**good, MANIFEST: json.dumps(manifest).encode()}, file)


def bottomless(good: dict[str, bytes], file: Path) -> None:
    pack({**good, MANIFEST: b"[" * 100_000}, file)


def _forged(good: dict[str, bytes], file: Path, **changes: bytes | None) -> None:
    """The members with others in their place, vouched for by a manifest of their own."""
    members = {name: data for name, data in {**good, **changes}.items() if data is not None}
    manifest = json.loads(members.pop(MANIFEST))
    manifest["members"] = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    pack({**members, MANIFEST: json.dumps(manifest).encode()}, file)


def with_a_page(good: dict[str, bytes], file: Path) -> None:
    _forged(good, file, **{"static/ui/evil.js": b"x"})


def with_its_own_erased(good: dict[str, bytes], file: Path) -> None:
    _forged(good, file, **{"erased.json": b'{"digests": [], "sources": []}'})


def without_key(good: dict[str, bytes], file: Path) -> None:
    _forged(good, file, **{"secret.key": None})


def without_sense(good: dict[str, bytes], file: Path) -> None:
    _forged(good, file, **{"filrouge.sqlite3": b"junk" * 5000})


def not_an_archive(good: dict[str, bytes], file: Path) -> None:
    file.write_bytes(b"text\n" * 1000)


def from_the_future(good: dict[str, bytes], file: Path) -> None:
    manifest = json.loads(good[MANIFEST])
    manifest["version"] = "99.0"
    manifest["migrations"].append(["people", "9999_future"])
    pack({**good, MANIFEST: json.dumps(manifest).encode()}, file)


DAMAGES = [cut, flip, without_manifest, without_uploads, climbing, reshaped, bottomless, not_an_archive]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_not_a_whole_backup_is_seen(damage: Damage, file: Path, tmp_path: Path) -> None:
    damage(contents(file), file)
    (tmp_path / "stage").mkdir()
    with pytest.raises(Damaged, match="Nothing was changed"):
        unpack(file, tmp_path / "stage")
    assert not (tmp_path / "outside").exists()


REFUSED = [
    (cut, "not a whole backup"),
    (miscounted, "people_user"),
    (from_the_future, "newer"),
    (with_a_page, "static/ui/evil.js"),
    (with_its_own_erased, "erased.json"),
    (without_key, "no secret.key"),
    (without_sense, "not a database"),
]


@pytest.mark.parametrize(("damage", "said"), REFUSED)
def test_a_refused_restore_changes_nothing(ready: Shell, damage: Damage, said: str, file: Path) -> None:
    damage(contents(file), file)
    before = (ready.data / "filrouge.sqlite3").read_bytes()
    assert said in ready.run("restore", str(file), "--yes", code=1).stderr
    assert (ready.data / "filrouge.sqlite3").read_bytes() == before


def test_nothing_of_the_cache_comes_back(ready: Shell, file: Path, tmp_path: Path) -> None:
    """Its rows are unpickled: whoever could write one into a backup would run programs here."""
    with closing(sqlite3.connect(ready.data / "filrouge.sqlite3")) as database:
        database.execute("INSERT INTO cache VALUES ('allauth', 'a program', '2999-01-01 00:00:00')")
        database.commit()
    ready.run("backup", str(tmp_path / "cached.tar.gz"))
    there = elsewhere(ready)
    there.run("restore", str(tmp_path / "cached.tar.gz"))
    with closing(sqlite3.connect(there.data / "filrouge.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM cache").fetchone() == (0,)


def older(here: Shell, file: Path) -> Path:
    """A backup as the first version of these tables made it."""
    for app in ("core", "people"):
        back = [sys.executable, "-m", "django", "migrate", app, "0001", "--verbosity", "0"]
        subprocess.run(back, env=here.env, check=True, capture_output=True)
    here.run("backup", str(file))
    return file


def test_an_older_backup_is_brought_to_this_version(ready: Shell, tmp_path: Path) -> None:
    old = older(ready, tmp_path / "old.tar.gz")
    known = json.loads(contents(old)[MANIFEST])["migrations"]
    assert ["core", "0002_search"] not in known and ["sessions", "0001_initial"] in known
    there = elsewhere(ready)
    there.run("restore", str(old))
    assert there.json("ledger-check")["ok"]


ERASED = "text,external_id,author,email\nMy zanzibar vanished,1,Zebulon,zeb@example.com\nI stay,2,,\n"


def erased_since(here: Shell, file: Path) -> None:
    """Somebody is heard, a backup is made, they are erased."""
    here.run("migrate")
    here.run("user", "create", "--email", "ops@example.org", "--role", "product_ops")
    (file.parent / "heard.csv").write_text(ERASED)
    act = ("--as", "ops@example.org")
    here.run("import", "feedback", str(file.parent / "heard.csv"), "--source", "Survey", *act)
    here.run("backup", str(file))
    here.run("erase", "person", "1", *act)


def found(here: Shell) -> int:
    count: int = here.json("search", "zanzibar", "--as", "ops@example.org")["count"]
    return count


def test_who_waserased_since_does_not_come_back(shell: Shell, tmp_path: Path) -> None:
    erased_since(shell, tmp_path / "old.tar.gz")
    back = shell.json("restore", str(tmp_path / "old.tar.gz"), "--yes")
    assert (back["erased_again"], back["erased_unknown"]) == ({"people": 1, "words": 1}, "")
    assert found(shell) == 0 and not (shell.data / "erased.json").exists()
    assert shell.json("ledger-check")["ok"]
    again = shell.run("import", "feedback", str(tmp_path / "heard.csv"), "--source", "Survey",
                      "--as", "ops@example.org", "--json", code=None)  # fmt: skip
    assert '"rejected": 1' in again.stdout
    # Restored once more, from the restored: the digests were carried along.
    assert "Erased again" in shell.run("restore", str(tmp_path / "old.tar.gz"), "--yes").stdout


def test_a_restore_says_when_it_cannot_know_who_was_erased(shell: Shell, tmp_path: Path) -> None:
    erased_since(shell, tmp_path / "old.tar.gz")
    there = elsewhere(shell)
    assert "no database stood here" in there.run("restore", str(tmp_path / "old.tar.gz")).stdout
    assert found(there) == 1
    (shell.data / "filrouge.sqlite3").write_bytes(b"not a database" * 1000)
    assert "cannot be read" in shell.run("restore", str(tmp_path / "old.tar.gz"), code=1).stderr
    said = shell.run("restore", str(tmp_path / "old.tar.gz"), "--yes").stdout
    assert "cannot be read" in said and "filrouge erase person" in said and found(shell) == 1


def test_another_installations_backup_cannot_be_compared(shell: Shell, file: Path, tmp_path: Path) -> None:
    erased_since(shell, tmp_path / "old.tar.gz")
    assert "another key" in shell.run("restore", str(file), "--yes").stdout
