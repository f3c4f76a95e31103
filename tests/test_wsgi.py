"""The WSGI door: whoever is slow to send lets others go on."""

import socket
import urllib.request

from filrouge.wsgi import InTurn
from tests.fixtures.live import House


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
    cookie = "csrftoken=" + "a" * 32
    head = f"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nContent-Length: 2000000000\r\n"
    part = (
        'Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name="'
    )
    plain, file = 'a"\r\n\r\n', 'file"; filename="a"\r\n\r\n'
    held = [socket.create_connection(("127.0.0.1", house.port)) for _ in range(6)]
    for number, one in enumerate(held):
        one.sendall((head + part + (file if number % 2 else plain) + "a" * 200_000).encode())
    for _ in range(6):
        urllib.request.urlopen(f"{house.url}/healthz", timeout=10).close()
    assert not list((house.data / "uploads").glob("*"))
    for one in held:
        one.close()
