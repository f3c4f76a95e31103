"""The connections of this process over which nothing moves any more, as the kernel counts it (Linux)."""

from __future__ import annotations

import os
import socket
import stat
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress

OPEN = "/proc/self/fd"
MOVED = struct.Struct("120x2Q")  # of Linux's tcp_info: bytes acknowledged, bytes received

Peer = tuple[object, ...]


def hang_up(before: Mapping[Peer, int], least: int) -> dict[Peer, int]:
    """End what moved fewer bytes than `least` since `before`; how much moved until now, by peer."""
    now: dict[Peer, int] = {}
    for connection in _accepted():
        with suppress(OSError):  # it ended by itself
            peer, moved = connection.getpeername(), _moved(connection)
            if moved and moved - before.get(peer, moved - least) < least:
                connection.shutdown(socket.SHUT_RDWR)
            else:
                now[peer] = moved
    return now


def _accepted() -> list[socket.socket]:
    """The connections that came in where this process listens."""
    held = list(_sockets())
    places = {one.getsockname()[1] for one in held if _listens(one)}
    return [one for one in held if one.getsockname()[1] in places and not _listens(one)]


def _sockets() -> Iterator[socket.socket]:
    """Every TCP socket of this process, by a handle of our own."""
    for name in os.listdir(OPEN) if os.path.isdir(OPEN) else []:
        with suppress(OSError):  # it was closed meanwhile
            ours = os.dup(int(name))
            if not stat.S_ISSOCK(os.fstat(ours).st_mode):
                os.close(ours)
            elif (one := socket.socket(fileno=ours)).family in (socket.AF_INET, socket.AF_INET6):
                yield one


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _moved(one: socket.socket) -> int:
    there, back = MOVED.unpack(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, MOVED.size))
    return int(there + back)
