"""Rows by the handful."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def batched(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Lists of at most `size`; itertools has it from Python 3.12 on."""
    rows = iter(things)
    while batch := list(islice(rows, size)):
        yield batch
