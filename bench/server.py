"""A Filrouge under measurement: its own data folder, its own processes, its pages asked over real HTTP."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
TIMING = re.compile(r"app;dur=([\d.]+)")


def environment(data: Path, database: str = "", port: int = 0) -> dict[str, str]:
    found = {**os.environ, "FILROUGE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "filrouge.settings"}
    found.pop("DATABASE_URL", None)
    if database:
        found["DATABASE_URL"] = database
    if port:
        found["PORT"] = str(port)
    return found | {"SAMPLE": "no"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def filrouge(*words: str, data: Path, database: str = "") -> str:
    command = [str(Path(sys.executable).parent / "filrouge"), *words]
    done = subprocess.run(command, env=environment(data, database), capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def running(data: Path, database: str = "") -> Iterator[tuple[int, int]]:
    """`filrouge up` on a free port: (port, process id), stopped at the end."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "filrouge"), "up"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environment(data, database, port), cwd=ROOT, **quiet)  # type: ignore[call-overload]
    try:
        wait_for(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(port: int, path: str = "/healthz", seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), path, "")[0] < 500:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answered on port {port} within {seconds} s")


def get(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[int, float, bytes]:
    """Status, milliseconds in the server, body."""
    connection.request(
        "GET", path, headers={"Cookie": cookie, "Host": f"localhost:{connection.port}"} if cookie else {}
    )
    answer = connection.getresponse()
    body = answer.read()
    found = TIMING.search(answer.headers.get("Server-Timing", ""))
    return answer.status, float(found[1]) if found else 0.0, body


def timings(port: int, path: str, cookie: str, requests: int) -> list[float]:
    """Milliseconds in the server of so many requests, the first two left out."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found = []
    for number in range(requests + 2):
        status, spent, _body = get(connection, path, cookie)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        if number >= 2:
            found.append(spent)
    return found


def memory_mb(pid: int) -> float:
    """Memory of a process and all below it in MB, each shared page counted once (PSS)."""
    pids, found = [pid], 0.0
    while pids:
        at = pids.pop()
        found += _pss(at)
        children = Path(f"/proc/{at}/task/{at}/children")
        pids += [int(child) for child in children.read_text().split()] if children.exists() else []
    return found / 1024


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
