"""`filrouge up`: it starts, survives its children, and stops cleanly."""

import json
import os
import signal
import socket
import time
import urllib.request

from tests.fixtures.live import House, answers
from tests.fixtures.processes import alive, children, family


def children_of(pid: int) -> list[int]:
    return children().get(pid, [])


def pid_of(house: House) -> int:
    assert house.process is not None
    return house.process.pid


def wait_until_gone(pids: list[int], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def test_it_starts_tells_how_to_sign_in_and_stops_cleanly(house: House) -> None:
    house.up(SAMPLE="no")
    came = family(pid_of(house))[1:]
    start = time.monotonic()
    said = house.down()
    assert time.monotonic() - start < 10
    assert f"http://localhost:{house.port}" in said and "enter this code: " in said
    assert said.rstrip().endswith("Everything is saved.")
    assert len(came) >= 4 and wait_until_gone(came, 2)


def test_half_a_request_holds_nothing_up(house: House) -> None:
    house.up(SAMPLE="no")
    held = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(4)]
    for one in held[1:]:
        one.sendall(b"GET / HTTP/1.1\r\nHost: local")
    start = time.monotonic()
    said = house.down()
    assert time.monotonic() - start < 6
    assert said.rstrip().endswith("Everything is saved.") and "WARN" not in said and "ERR" not in said
    for one in held:
        one.close()


def test_a_killed_child_is_started_again(house: House) -> None:
    house.up(SAMPLE="no")
    first = children_of(pid_of(house))
    assert len(first) == 2
    for child in first:
        os.kill(child, signal.SIGKILL)
    end = time.monotonic() + 30
    while set(children_of(pid_of(house))) & set(first) or len(children_of(pid_of(house))) < 2:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert house.process is not None
    answers(f"{house.url}/healthz", house.process, 30)
    assert "stopped by itself (signal 9)" in house.down()


def test_nothing_stays_behind_when_it_is_killed(house: House) -> None:
    house.up(SAMPLE="no")
    came = family(pid_of(house))[1:]
    os.kill(pid_of(house), signal.SIGKILL)
    assert wait_until_gone(came, 15)


def test_a_port_in_use_is_a_plain_sentence(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = house.run("up", "--port", str(port), "--no-sample", code=1)
    assert f"port {port}" in refused.stderr and f"PORT={port + 1}" in refused.stderr


def test_a_port_that_is_no_number_is_a_usage_error(house: House) -> None:
    assert "abc" in house.run("up", "--port", "abc", code=2).stderr


def test_a_second_start_is_quick_and_keeps_the_data(house: House) -> None:
    house.up(SAMPLE="no")
    house.down()
    house.run("user", "create", "--email", "ana@example.org", "--role", "admin")
    start = time.monotonic()
    house.up(SAMPLE="no")
    assert time.monotonic() - start < 30
    said = house.down()
    assert "enter this code" not in said and "Sign in with your e-mail" in said


def test_health_names_database_worker_and_search(house: House) -> None:
    house.up(SAMPLE="no")
    end = time.monotonic() + 20
    found: dict[str, object] = {}
    while found.get("worker") != "ok" and time.monotonic() < end:
        with urllib.request.urlopen(f"{house.url}/healthz") as response:
            found = json.load(response)
        time.sleep(0.2)
    assert [found[name] for name in ("status", "database", "worker", "search")] == ["ok"] * 4
