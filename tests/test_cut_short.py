"""A full disk, and a web server killed in the middle: what was committed stays."""

import json
import os
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.fixtures.cast import Cast
from tests.fixtures.live import House, answers
from tests.fixtures.shell import Shell
from tests.test_up import children_of, pid_of

SIZE, BATCHES = 500, 12


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], capture_output=True
    ).returncode:
        pytest.skip("a small disk cannot be mounted here: it takes root")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "language, said", [("en", "The disk of Filrouge is full"), ("fr", "disque de Filrouge")]
)
def test_an_upload_onto_a_full_disk_says_so(
    client: Client, cast: Cast, settings: Any, small_disk: Path, language: str, said: str
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = small_disk
    cast.ops.language = language
    cast.ops.save()
    client.force_login(cast.ops)
    file = SimpleUploadedFile("w.csv", b"id,text\n" + b"1,Hello\n" * 300_000)
    answer = client.post("/import/", {"file": file})
    assert answer.status_code == 507 and said in answer.content.decode()
    assert not list(small_disk.iterdir())


def test_a_backup_onto_a_full_disk_leaves_nothing_and_says_so(shell: Shell, small_disk: Path) -> None:
    shell.run("migrate")
    (shell.data / "uploads" / "kept").write_bytes(os.urandom(3_000_000))
    refused = shell.run("backup", str(small_disk / "all.zip"), code=1)
    assert "No space left" in refused.stderr and "Traceback" not in refused.stderr
    assert not list(small_disk.iterdir())


def post(house: House, token: str, number: int) -> Any:
    items = [{"external_id": f"{number}-{n}", "text": f"Text {n} of batch {number}"} for n in range(SIZE)]
    body = json.dumps({"source": "Survey", "items": items}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{house.url}/api/v1/feedback", body, headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def kill_the_web_server(house: House) -> None:
    """With its own children, as a machine that runs out of memory does."""
    web = next(
        pid for pid in children_of(pid_of(house)) if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    os.killpg(web, signal.SIGKILL)


def test_the_web_server_killed_while_words_are_sent(house: House) -> None:
    house.up(SAMPLE="no")
    house.run("user", "create", "--email", "ops@example.org", "--role", "product_ops")
    token = house.json("token", "create", "--user", "ops@example.org", "--scope", "write")["token"]
    noted: list[int] = []

    def send() -> None:
        for number in range(BATCHES):
            with suppress(OSError, ValueError):
                noted.append(post(house, token, number)["new"])

    sending = threading.Thread(target=send)
    sending.start()
    while not noted:
        time.sleep(0.01)
    time.sleep(0.05)
    kill_the_web_server(house)
    sending.join()
    assert house.process is not None and len(noted) < BATCHES
    answers(f"{house.url}/healthz", house.process, 60)
    again = [post(house, token, number) for number in range(BATCHES)]
    assert all(one["read"] == SIZE == one["new"] + one["unchanged"] for one in again)
    assert sum(one["unchanged"] for one in again) >= sum(noted)
    assert house.json("ledger-check")["ok"]
