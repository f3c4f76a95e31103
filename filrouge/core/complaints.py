"""What is wrong with a parameter, in a sentence of the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "missing": gettext_noop("This is needed."),
    "extra_forbidden": gettext_noop("There is no such parameter."),
    "string_type": gettext_noop("Write text."),
    "string_unicode": gettext_noop("This text holds characters that are none."),
    "string_too_long": gettext_noop("Write at most %(max_length)s characters."),
    "list_type": gettext_noop("Give a list."),
    "too_long": gettext_noop("Give at most %(max_length)s."),
    "model_type": gettext_noop("Give an object with its fields."),
    "model_attributes_type": gettext_noop("Give an object with its fields."),
    "literal_error": gettext_noop("Choose one of: %(expected)s."),
    "enum": gettext_noop("Choose one of: %(expected)s."),
    "greater_than_equal": gettext_noop("Give a number from %(ge)s up."),
    "less_than_equal": gettext_noop("Give a number of at most %(le)s."),
}
WHOLE_NUMBER = gettext_noop("Give a whole number.")
DATE = gettext_noop("Give a date like 2026-11-22.")
DECIMAL = gettext_noop("Give a number, like 12.5.")
YES_OR_NO = gettext_noop("Say true or false.")
OURS = {
    "contains a NUL character": gettext_noop("This text holds a NUL character."),
    "is not a number": WHOLE_NUMBER,
    "is not a date": DATE,
    "is not a date of these centuries": gettext_noop("Give a date between the years 1900 and 2999."),
    "is not a decimal": DECIMAL,
    "may be thousands or decimals": gettext_noop("Write 1234 or 1.234: it is not clear which is meant."),
    "an address starts with https:// or http://": gettext_noop("An address starts with https:// or http://."),
}


def complaint(error: Mapping[str, Any]) -> str:
    """The sentence for one of pydantic's errors."""
    kind, context = str(error["type"]), dict(error.get("ctx") or {})
    if kind == "string_too_short":
        return _(SENTENCES["missing"]) if not str(error.get("input", "")).strip() else _("This is too short.")
    if kind == "value_error":
        said = str(error["msg"]).removeprefix("Value error, ")
        return _(OURS[said]) if said in OURS else said
    if "expected" in context:  # pydantic's own list ends in an English “or”
        context["expected"] = ", ".join(re.findall(r"'([^']*)'", context["expected"])) or context["expected"]
    sentence = SENTENCES.get(kind) or _family(kind)
    return _(sentence) % context if sentence else str(error["msg"])


def _family(kind: str) -> str:
    families = (
        ("int_", WHOLE_NUMBER),
        ("decimal_max_places", gettext_noop("Give at most %(decimal_places)s digits after the point.")),
        ("decimal_max_digits", gettext_noop("Give at most %(max_digits)s digits.")),
        ("decimal_whole_digits", gettext_noop("Give at most %(whole_digits)s digits before the point.")),
        ("decimal_", DECIMAL),
        ("finite_number", DECIMAL),
        ("float_", WHOLE_NUMBER),
        ("date", DATE),
        ("bool_", YES_OR_NO),
        ("string_", SENTENCES["string_type"]),
    )
    return next((sentence for start, sentence in families if kind.startswith(start)), "")
