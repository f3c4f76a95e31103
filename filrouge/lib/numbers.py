"""Whole numbers as an address or a form writes them."""


def whole(text: str, below: int = 2**63) -> int | None:
    """The number that plain digits write, or None; `int` would take signs, spaces and other scripts too."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else below
    return number if number < below else None
