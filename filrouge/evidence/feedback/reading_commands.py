"""`filrouge search WORDS`: the same search as the page's, for terminals and scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

import click
from django.utils import translation

from filrouge.lib.terminal import answer, json_option
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User
from filrouge.voices.asked import asked
from filrouge.voices.reading import list_words, parse

from .commands import as_option

LINE = 100


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--source", multiple=True, metavar="NAME", help="Only from this source; several may be named.")
@click.option("--language", multiple=True, metavar="CODE", help="Only in this language: en, fr…")
@click.option("--segment", multiple=True, metavar="NAME=VALUE", help="Only people of this segment.")
@click.option("--since", default="", metavar="DAY", help="Said on that day or later: 2026-01-31.")
@click.option("--until", default="", metavar="DAY", help="Said on that day or earlier.")
@click.option("--limit", default="", metavar="N", help="How many texts to list; 50 if left out.")
@click.option("--cursor", default="", metavar="PLACE", help="Where to go on: what `next` said.")
@as_option
@json_option
def search(
    words: Sequence[str], source: Sequence[str], language: Sequence[str], segment: Sequence[str], since: str,
    until: str, limit: str, cursor: str, by: User, as_json: bool,
) -> None:  # fmt: skip
    """Has anyone asked users about WORDS? Who said so, how lately, and in which words."""
    params = {
        "q": [" ".join(words)], "source": list(source), "language": list(language), "segment": list(segment),
        "since": [since], "until": [until], "limit": [limit], "cursor": [cursor],
    }  # fmt: skip
    with translation.override(by.language):
        if not may(by, Act.READ_MASKED):
            raise click.ClickException(refusal(Act.READ_MASKED))
        found = found_words({name: values for name, values in params.items() if any(values)}, by)
    answer(as_json, found, text_of(found))


def found_words(params: dict[str, list[str]], reader: User) -> dict[str, Any]:
    """What the API lists, with the people who said so and when they last did; `next` is for `--cursor`."""
    found = list_words(params, reader)
    following = parse_qs(found["next"] or "").get("cursor", [None])[0]
    told = asked(parse({name: values for name, values in params.items() if name != "cursor"}), reader)
    return found | {"next": following, "people": told.people, "last": told.last}


def text_of(found: dict[str, Any]) -> str:
    if not found["items"]:
        return "Nobody said this in those words."
    more = "or more " if found.get("more") else ""
    last = f", last on {found['last']:%Y-%m-%d}" if found["last"] else ""
    head = f"{found['people']} people in {found['count']} {more}texts{last}"
    return "\n".join([head, *map(_line, found["items"])])


def _line(item: dict[str, Any]) -> str:
    text = " ".join(item["text"].split())
    short = text if len(text) <= LINE else text[: LINE - 1] + "…"
    return f"{item['created_at']:%Y-%m-%d}  {item['source']}  {short}"
