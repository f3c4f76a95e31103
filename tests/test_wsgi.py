"""The WSGI door: whoever is slow to send lets others go on."""

import socket
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from threading import Lock

import pytest

from filrouge.lib.stalled import hang_up
from filrouge.wsgi import AT_ONCE, SENDERS, Body, BrokeOff, InTurn, Senders, at_once
from tests.fixtures.live import House

HEAD = f"POST /welcome/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={'a' * 32}\r\n"
FORM = "Content-Length: 200000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na="


def test_two_requests_take_turns_and_a_slow_body_does_not_keep_the_turn() -> None:
    heard: list[bytes] = []

    def application(environ: dict[str, object], start_response: object) -> list[bytes]:
        assert door.turn.locked()
        body = environ["wsgi.input"]
        heard.extend((body.read(3), body.readline()))  # type: ignore[attr-defined]
        assert door.turn.locked()
        return []

    class Slow:
        """Another request gets its turn while this one waits for the network."""

        def read(self, size: int) -> bytes:
            assert not door.turn.locked()
            return b"abc"[:size]

        def readline(self, size: int) -> bytes:
            assert not door.turn.locked()
            return b"d\n"

    door = InTurn(application)
    door({"wsgi.input": Slow()}, None)
    assert heard == [b"abc", b"d\n"] and not door.turn.locked()


def test_slow_uploads_by_anybody_leave_the_house_open_and_the_disk_empty(house: House) -> None:
    house.up(SAMPLE="no")
    part = (
        "Content-Length: 2000000000\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="'
    )
    plain, file = 'a"\r\n\r\n', 'file"; filename="a"\r\n\r\n'
    held = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(6)]
    for number, one in enumerate(held):
        one.sendall((HEAD + part + (file if number % 2 else plain) + "a" * 200_000).encode())
    for _ in range(6):
        urllib.request.urlopen(f"{house.url}/healthz", timeout=10).close()
    assert not list((house.data / "uploads").glob("*"))
    for one in held:
        one.close()


def body(sent: bytes, length: int, senders: Senders | None = None) -> Body:
    turn = Lock()
    turn.acquire()
    return Body(BytesIO(sent), length, turn, senders or Senders())


def test_a_body_that_breaks_off_is_none() -> None:
    assert body(b"a=1&b=2", 7).read(7) == b"a=1&b=2"
    lines = body(b"one\ntwo", 7)
    assert (lines.readline(7), lines.readline(3), lines.read(5)) == (b"one\n", b"two", b"")
    assert body(b"", 0).read() == b""
    with pytest.raises(BrokeOff):
        body(b"text=It+is+good,+b", 40).read(40)
    with pytest.raises(BrokeOff):
        body(b"text=It+is+good,+b", 40).readline(40)


def test_those_who_only_read_keep_a_thread() -> None:
    senders = Senders()
    for _ in range(SENDERS):
        senders.places.acquire()
    late = body(b"a=1", 3, senders)
    with pytest.raises(BrokeOff):
        late.read(3)
    assert late.turn.locked()
    senders.places.release()
    assert late.read(3) == b"a=1"


def test_who_moves_nothing_is_hung_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as here:
        clients = [socket.create_connection(here.getsockname(), timeout=10) for _ in range(3)]
        taken = [here.accept()[0] for _ in clients]
        for client, connection in zip(clients, taken, strict=True):
            client.sendall(b"a" * 2_000)
            connection.recv(2_000, socket.MSG_WAITALL)
        moved = hang_up({}, 1_000)
        clients[0].sendall(b"b" * 1_000)
        taken[1].sendall(b"c" * 1_000)
        taken[0].recv(1_000, socket.MSG_WAITALL), clients[1].recv(1_000, socket.MSG_WAITALL)
        clients[2].sendall(b"drip")
        assert set(moved) == {one.getsockname() for one in clients}
        assert set(hang_up(moved, 1_000)) == {one.getsockname() for one in clients[:2]}
        assert clients[2].recv(1) == b""
        for one in (*clients, *taken):
            one.close()


def test_whoever_never_sends_the_rest_leaves_the_house_open_and_is_hung_up_on(house: House) -> None:
    house.up(SAMPLE="no", FILROUGE_PATIENCE="5")
    held = [socket.create_connection(("127.0.0.1", house.port), timeout=40) for _ in range(24)]
    for one in held:
        one.sendall((HEAD + FORM).encode())
    urllib.request.urlopen(f"{house.url}/healthz", timeout=10).close()
    answers = [one.recv(1_000) for one in held]
    assert all(said == b"" or said.startswith(b"HTTP/1.1 400") for said in answers)
    assert b"" in answers
    for one in held:
        one.close()


def test_whoever_reads_slowly_leaves_the_house_open(house: House) -> None:
    house.up(SAMPLE="no")
    largest = max((house.data / "static").rglob("*.js"), key=lambda file: file.stat().st_size)
    asked = f"GET /{largest.relative_to(house.data)} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    held = [socket.socket() for _ in range(24)]
    for one in held:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        one.connect(("127.0.0.1", house.port))
        one.sendall(asked.encode() * 30)
    for _ in range(6):
        urllib.request.urlopen(f"{house.url}/healthz", timeout=10).close()
    assert held[0].recv(15) == b"HTTP/1.1 200 OK"
    for one in held:
        one.close()


def test_a_page_is_handed_over_whole_and_a_long_file_is_not() -> None:
    closed: list[str] = []

    class Answer:
        def __init__(self, length: int) -> None:
            self.headers = {"Content-Length": str(length)}

        def __iter__(self) -> Iterator[bytes]:
            yield from (b"a", b"b")

        def close(self) -> None:
            closed.append(self.headers["Content-Length"])

    page, file, plain = Answer(2), Answer(AT_ONCE), [b"c"]
    assert at_once(page) == [b"ab"] and closed == ["2"]
    assert at_once(file) is file and at_once(plain) is plain and closed == ["2"]
