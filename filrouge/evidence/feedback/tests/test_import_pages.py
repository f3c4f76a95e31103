"""The import's pages: drop, map, try, run, cancel, mend; and the list that stays quick."""

from __future__ import annotations

import csv
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from filrouge.cli import cli
from filrouge.evidence.feedback import pages
from filrouge.evidence.feedback.importing import check_mapping
from filrouge.evidence.feedback.intake import receive_json
from filrouge.evidence.feedback.jobs import forget_uploads
from filrouge.evidence.feedback.models import FOLDER, Import, Rejected
from filrouge.jobs.models import Job, State
from filrouge.jobs.worker import drain
from filrouge.voices.erasure import erase
from filrouge.voices.models import Person, Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db
GOOD = b"id,comment,role\n1,Hello you,teacher\n2,=cmd() and more,teacher\n"
BAD = GOOD + b"3,,student\n4,ragged\n"
MAP = {"source": "Survey", "map_text": "comment", "map_external_id": "id", "segment": ["role"]}


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    for file in files():
        file.unlink()


@pytest.fixture
def ops(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ops)
    return client


def drop(client: Client, content: bytes = BAD, name: str = "words.csv") -> Any:
    return client.post("/import/", {"file": SimpleUploadedFile(name, content)})


def run(client: Client, act: str = "run") -> Import:
    made = Import.objects.latest("pk")
    assert client.post(made.get_absolute_url(), {**MAP, "act": act}).status_code == 302
    drain(["long"])
    made.refresh_from_db()
    return made


def files() -> list[Path]:
    return list(FOLDER.glob("*")) if FOLDER.exists() else []


def test_from_the_file_to_the_receipt(ops: Client) -> None:
    seen = ops.get(drop(ops)["Location"])
    assert "=cmd() and more" in seen.text and "Would be rejected" in seen.text
    made = run(ops, "check")
    assert (made.state, made.new, made.rejected, Words.objects.count()) == ("checked", 2, 2, 0)
    assert "This would happen" in ops.get(made.get_absolute_url()).text
    assert len(files()) == 1
    ops.post(made.get_absolute_url(), {"act": "run"})
    drain(["long"])
    made.refresh_from_db()
    assert (made.state, made.new, made.rejected, made.read) == ("done", 2, 2, 4)
    assert Rejected.objects.count() == 2 and Words.objects.count() == 2 and files() == []
    page = ops.get(made.get_absolute_url()).text
    assert "Mend the 2 rejected rows" in page and "The text is empty." in page


def test_a_rejected_row_is_mended_and_sent_again(ops: Client) -> None:
    drop(ops)
    made = run(ops)
    path = f"/import/{made.pk}/rejected/"
    row = Rejected.objects.get(line=4)
    still = ops.post(
        path, {"row": row.pk, "value_text": " ", "value_external_id": "3", "value_role": "student"}
    )
    assert still.status_code == 422 and "The text is empty." in still.text
    data = {"row": row.pk, "value_text": "Mended", "value_external_id": "3", "value_role": "student"}
    assert ops.post(path, data).status_code == 302
    assert Words.objects.get(external_id="3").text == "Mended"
    row.refresh_from_db()
    assert row.mended_at and bytes(row.sealed) == b""
    assert ops.post(path, data).status_code == 404
    assert "Mended" in ops.get(path).text


def test_the_rejected_rows_as_a_file(ops: Client) -> None:
    drop(ops, GOOD.replace(b"2,=cmd() and more", b"2,") + b"=5,,=evil()\n")
    made = run(ops)
    content = b"".join(ops.get(f"/import/{made.pk}/rejected.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["line"] for row in rows] == ["3", "4"]
    assert rows[1]["role"] == "'=evil()" and rows[1]["id"] == "'=5"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("a.csv", b"", "Choose a file"), ("a.csv", b" \n", "empty"), ("a.xlsx", b"PK\x03\x04...", "format")],
)
def test_refused_whole(ops: Client, name: str, content: bytes, why: str) -> None:
    refused = drop(ops, content, name)
    assert refused.status_code == 422 and (why in refused.text or "empty" in refused.text)
    assert not Import.objects.exists() and files() == []


def test_a_mapping_without_a_text_is_refused(ops: Client) -> None:
    made = ops.get(drop(ops, GOOD)["Location"]).wsgi_request.path
    refused = ops.post(made, {"source": "Survey", "act": "run", "map_text": ""})
    assert refused.status_code == 422 and "No column is mapped to the text" in refused.text
    assert ops.post(made, {"source": "", "act": "run", "map_text": "comment"}).status_code == 422
    assert not Job.objects.filter(task__endswith="run_import").exists()


def test_too_large_is_said_before_it_is_read(ops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IMPORT_MAX_BYTES", 10)
    assert drop(ops).status_code == 413


def test_cancelled_before_it_began(ops: Client) -> None:
    path = drop(ops)["Location"]
    ops.post(path, {**MAP, "act": "run"})
    assert "hx-get" in ops.get(path).text and ops.get(f"{path}progress/").status_code == 200
    ops.post(path, {"act": "cancel"})
    made = Import.objects.get()
    assert (made.state, made.job and made.job.state, files()) == ("cancelled", State.CANCELLED, [])
    assert ops.get(f"{path}progress/")["HX-Redirect"] == path


def test_cancelled_in_the_middle_the_receipt_adds_up(ops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(ops, b"id,comment,role\n" + b"".join(b"%d,Text number %d,x\n" % (n, n) for n in range(2000)))
    monkeypatch.setattr("filrouge.jobs.run.SAVE_EVERY_SECONDS", 0)
    monkeypatch.setattr("filrouge.evidence.feedback.preparing.MOST", 500)
    monkeypatch.setattr(Import, "take", cancelling(Import.take))
    made = run(ops)
    assert (made.state, made.new, made.read, made.position) == ("cancelled", 500, 500, 500)
    assert Words.objects.count() == 500 and made.job and made.job.state == State.CANCELLED
    assert "stays" in ops.get(made.get_absolute_url()).text and files() == []


def cancelling(take: Any) -> Any:
    def and_cancel(self: Import, *args: Any) -> None:
        take(self, *args)
        Job.objects.filter(pk=self.job_id or 0).update(cancel_requested=True)

    return and_cancel


def test_who_may_come_in(cast: Cast, client: Client) -> None:
    assert client.get("/import/")["Location"].startswith("/sign-in/")
    for name in ("maker", "coach", "stakeholder", "guest"):
        client.force_login(getattr(cast, name))
        assert client.get("/import/").status_code == drop(client).status_code == 403
    assert not Import.objects.exists()


def test_csrf_is_asked_for(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.ops)
    assert drop(strict).status_code == 403 and not Import.objects.exists()


@pytest.mark.parametrize("path", ["/import/", "/import/rejected/"])
def test_the_lists_ask_a_bounded_number_of_queries(
    ops: Client, cast: Cast, path: str, django_assert_max_num_queries: Any
) -> None:
    Import.objects.bulk_create([Import(name=f"f{n}.csv", by=cast.ops, state="done") for n in range(60)])
    Rejected.objects.bulk_create(
        [Rejected(source_name="App", line=n, reason={"message": "x", "values": {}}) for n in range(60)]
    )
    with django_assert_max_num_queries(14):
        assert ops.get(path).status_code == 200


def test_uploads_that_nobody_came_back_to_go_after_a_week(ops: Client) -> None:
    drop(ops)
    orphan = FOLDER / "half.part"
    orphan.write_text("half")
    forget_uploads.call()
    assert len(files()) == 2, "both are fresh"
    os.utime(orphan, (0, 0))
    Import.objects.update(changed_at=timezone.now() - timedelta(days=8))
    forget_uploads.call()
    assert (files(), Import.objects.get().state) == ([], "cancelled")


def in_terminal(file: Path) -> Any:
    words = ["import", "feedback", str(file), "--source", "S", "--as", "ops@example.org"]
    return CliRunner().invoke(cli, words)


def test_an_import_of_the_terminal_is_cancelled_on_the_page(
    ops: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "w.csv"
    file.write_text("id,text\n" + "".join(f"{n},Text number {n}\n" for n in range(2000)))
    monkeypatch.setattr("filrouge.evidence.feedback.preparing.MOST", 500)
    take = Import.take

    def taken(self: Import, *args: Any) -> None:
        take(self, *args)
        ops.post(self.get_absolute_url(), {"act": "cancel"})

    monkeypatch.setattr(Import, "take", taken)
    done = in_terminal(file)
    assert done.exit_code == 1 and "500 rows are in" in done.output
    made = Import.objects.get()
    assert (made.state, made.new, Words.objects.count()) == ("cancelled", 500, 500)
    assert file.exists(), "it is theirs"


def test_an_import_that_failed_in_the_terminal_is_over(
    ops: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "w.csv"
    file.write_text("text\nHello\n")
    monkeypatch.setattr(Import, "take", failing)
    done = in_terminal(file)
    assert done.exit_code == 1 and "no space" in done.output
    assert Import.objects.get().state == "cancelled"


def failing(self: Import, *args: Any) -> None:
    raise OSError("no space left on device")


def test_an_import_whose_terminal_was_killed_is_over(ops: Client) -> None:
    drop(ops)
    Import.objects.update(state="running")
    with Import.objects.get().held():
        forget_uploads.call()
        assert Import.objects.get().state == "running"
    assert "Interrupted" in ops.get("/import/").content.decode()
    Import.objects.update(state="running")
    forget_uploads.call()
    assert Import.objects.get().state == "broken_off"


def test_an_import_that_ends_while_somebody_looks_keeps_its_own_end(
    ops: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(ops)
    Import.objects.update(state="running")

    def ended_meanwhile(_file: Path) -> bool:
        Import.objects.update(state="done", new=7)
        return False

    monkeypatch.setattr("filrouge.voices.incoming.is_held", ended_meanwhile)
    assert ops.get("/import/").status_code == 200
    assert Import.objects.values_list("state", "new").get() == ("done", 7)


def test_run_sent_twice_at_once_runs_once(ops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(ops, GOOD)
    made = Import.objects.get()
    real = check_mapping

    def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(pages, "check_mapping", real)
        ops.post(made.get_absolute_url(), {**MAP, "act": "run"})

    monkeypatch.setattr(pages, "check_mapping", meanwhile)
    ops.post(made.get_absolute_url(), {**MAP, "act": "run"})
    assert Job.objects.count() == 1
    drain(["long"])
    made.refresh_from_db()
    assert (made.state, made.receipt()["read"], Words.objects.count()) == ("done", 2, 2)


@pytest.mark.django_db(transaction=True)
def test_erasing_somebody_drops_uploads_that_nobody_has_read(ops: Client, cast: Cast) -> None:
    receive_json({"source": "Mail", "items": [{"text": "Mine", "email": "ann@example.org"}]}, cast.ops)
    drop(ops, GOOD + b"3,by ann@example.org,teacher\n")
    assert erase(Person.objects.get(), by=cast.ops)["uploads"] == 1
    assert not files()
    assert Import.objects.get().state == Import.State.CANCELLED
