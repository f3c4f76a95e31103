"""Reading users' words: through which filters, in which order, and what each reader sees of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filrouge.core.filters import EXACT, Facet, Filter, Page, Sort, day, whole_number
from filrouge.core.memory import kept
from filrouge.lib.language import LANGUAGES, UNDETERMINED
from filrouge.lib.search_text import Query
from filrouge.people.access import Act, may
from filrouge.people.models import User

from .finding import RANK, RECEIVED, SAID, Condition, Hit, Hunt, Place, moment, present, tallies
from .masked import ASKED_OF, found_again, read, shown
from .models import Company, Segment, Source, Words
from .rules import BEST_RATING

BEST = Sort("best", _("Best match"), "rank", read=float)
NEWEST = Sort(RECEIVED, _("Newest received"), "id")
SAID_LAST = Sort(SAID, _("Newest said"), "said_at")
SORTS = (BEST, NEWEST, SAID_LAST)
ORDERS = {RANK: BEST, RECEIVED: NEWEST, SAID: SAID_LAST}


# Facets: the value of one is a token of the index, or what a column is compared with


def source(text: str) -> str:
    """By id or by name."""
    pk = whole_number(text) if text.isdecimal() else _first(Source.objects.filter(name__iexact=text))
    return f"src{pk}"


def language(text: str) -> str:
    code = "".join(character for character in text.lower() if character.isascii() and character.isalnum())
    if not code or len(code) > 8:
        raise ValueError(text)
    return f"lng{code}"


def segment(text: str) -> Segment:
    """By id, or as name=value."""
    name, _equals, value = text.partition("=")
    wanted = (
        {"pk": whole_number(text)}
        if text.isdecimal()
        else {"name__iexact": name.strip(), "value__iexact": value.strip()}
    )
    found = Segment.objects.filter(**wanted).first()
    if found is None:
        raise ValueError(text)
    return found


def rating(text: str) -> str:
    return f"rat{whole_number(text)}"


def company(text: str) -> int:
    return whole_number(text) if text.isdecimal() else _first(Company.objects.filter(name__iexact=text))


def person(text: str) -> int:
    return whole_number(text.upper().removeprefix("P-"))


def near_day(text: str) -> date:
    found = day(text)
    if not 1900 <= found.year < 3000:
        raise ValueError(text)
    return found


def yes(text: str) -> bool:
    if text.lower() not in ("1", "yes", "true", "on"):
        raise ValueError(text)
    return True


def _first(rows: QuerySet[Any]) -> int:
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise ValueError("nothing of that name")
    return int(found)


def source_options() -> list[tuple[str, str]]:
    rows = kept("sources", lambda: list(Source.objects.values_list("pk", "name")))
    return [(str(pk), name) for pk, name in rows]


def language_options() -> list[tuple[str, str]]:
    """The languages that some words are in."""
    codes = (*LANGUAGES, UNDETERMINED)
    used = kept("languages", lambda: present([f"lng{code}" for code in codes]))
    return [(code, code) for code in codes if f"lng{code}" in used]


def segment_options() -> list[tuple[str, str]]:
    key = f"segments:{get_language()}"
    return kept(key, lambda: [(str(one.pk), str(one)) for one in Segment.objects.all()[:200]])


def rating_options() -> list[tuple[str, str]]:
    """The ratings that anybody gave; what they are out of, their source knows."""
    every = [f"rat{number}" for number in range(BEST_RATING + 1)]
    used = kept("ratings", lambda: present(every))
    return [(token[3:], token[3:]) for token in every if token in used]


FACETS = (
    Facet("source", _("Source"), "facets", source, source_options),
    Facet("language", _("Language"), "facets", language, language_options),
    Facet("segment", _("Segment"), "facets", segment, segment_options),
    Facet("rating", _("Rating"), "facets", rating, rating_options),
    Facet("since", _("Said since"), "said_at", near_day),
    Facet("until", _("Said until"), "said_at", near_day),
    Facet("person", _("Person"), "person_id", person),
    Facet("company", _("Company"), "company_id", company),
    Facet("unread", _("Nobody has read it"), "read_at", yes),
    Facet("by_hand", _("Captured by hand"), "captured_by_id", yes),
)
TOKENS = ("source", "language", "rating")
NARROW = ("person", "company", "by_hand")
SPEAKERS = ("person_id", "company_id", "source_id", "language", "said_at", "received_at")


def parse(params: Any, strict: bool = False) -> Filter:
    return Filter.parse(params, FACETS, SORTS, strict=strict)


def hunt(filter: Filter, query: Query | None = None) -> Hunt:
    """What a filter looks for, in the terms of the index and of the columns."""
    chosen = {f.name: [f.value(text) for text in filter.values.get(f.name, [])] for f in filter.facets}
    groups = [chosen[name] for name in TOKENS if chosen[name]] + _by_name(chosen["segment"])
    narrow = any(chosen[name] for name in NARROW)
    wanted = filter.query if query is None else query
    return Hunt(wanted, groups, list(_conditions(chosen)), list(_days(chosen)), narrow)


def _by_name(segments: list[Segment]) -> list[list[str]]:
    """Values of one trait are alternatives, traits add up."""
    groups: dict[str, list[str]] = {}
    for one in segments:
        groups.setdefault(one.name, []).append(one.token)
    return list(groups.values())


def _conditions(chosen: dict[str, list[Any]]) -> Iterator[Condition]:
    for name, column in (("person", "w.person_id"), ("company", "w.company_id")):
        if values := chosen[name]:
            yield f"{column} IN ({', '.join(['%s'] * len(values))})", tuple(values)
    if chosen["unread"]:
        yield "w.read_at IS NULL", ()
    if chosen["by_hand"]:
        yield "w.captured_by_id IS NOT NULL", ()


def _days(chosen: dict[str, list[Any]]) -> Iterator[Condition]:
    if chosen["since"]:
        yield "w.said_at >= %s", (moment(_midnight(max(chosen["since"]))),)
    if chosen["until"]:
        yield "w.said_at < %s", (moment(_midnight(min(chosen["until"]) + timedelta(days=1))),)


def _midnight(value: date) -> datetime:
    return timezone.make_aware(datetime.combine(value, time.min))


# Pages


@dataclass(frozen=True)
class WordsPage(Page):
    """Rows in the order of `sort`, each with its `opening`: what a list shows, in the reader's wording."""

    sort: Sort = NEWEST
    query: Query = field(default_factory=Query)


def order_of(filter: Filter, hunted: Hunt) -> str:
    """Best first where few enough rows match; newest said where days are asked for; else newest received."""
    if filter.sort in (NEWEST, SAID_LAST):
        return filter.sort.name
    if hunted.query:
        return RANK if hunted.rankable else RECEIVED
    return SAID if {"since", "until"} & set(filter.values) else RECEIVED


def words_page(
    filter: Filter, reader: User | None, whole: bool = False, hunted: Hunt | None = None
) -> WordsPage:
    """One page of words as this reader may see them; `whole` reads the texts to their end."""
    if not may(reader, Act.READ_MASKED):
        return WordsPage([], None)
    hunted = hunted or fair_hunt(filter, reader)
    order = order_of(filter, hunted)
    sort = ORDERS[order]
    after = sort.place(filter.cursor) if filter.cursor else None
    hits, last = _hits(filter, hunted, order, after, reader)
    rows = read(hits, reader, whole)
    following = (
        filter.with_(sort=None if sort is BEST else sort, cursor=_cursor(sort, last)) if last else None
    )
    return WordsPage(rows, following, sort, query=filter.query)


def _hits(
    filter: Filter, hunted: Hunt, order: str, after: Place | None, reader: User | None
) -> tuple[list[Hit], Hit | None]:
    """The page's rows, and the last one looked at if others follow."""
    if _is_masked(filter, reader):
        return found_again(filter.query, hunted, order, after, reader, filter.limit)
    hits = hunted.hits(order, filter.limit + 1, after)
    return hits[: filter.limit], hits[filter.limit - 1] if len(hits) > filter.limit else None


def _cursor(sort: Sort, hit: Hit) -> str:
    row = Words.objects.only("id", "said_at").get(pk=hit.id) if sort is SAID_LAST else Words(pk=hit.id)
    row.rank = hit.rank
    return sort.cursor(row)


def count(
    filter: Filter, reader: User | None, limit: int = EXACT, hunted: Hunt | None = None
) -> tuple[int, bool]:
    """How many match, exact up to `limit`; beyond it the limit and True."""
    if not may(reader, Act.READ_MASKED):
        return 0, False
    hunted = hunted or fair_hunt(filter, reader)
    if _is_masked(filter, reader):
        asked = "masked", filter.query, limit
        return hunted.kept(asked, lambda: _masked_count(filter.query, hunted, reader, limit))
    found = hunted.count(limit + 1)
    return (limit, True) if found > limit else (found, False)


def _masked_count(query: Query, hunted: Hunt, reader: User | None, limit: int) -> tuple[int, bool]:
    hits, last = found_again(query, hunted, RECEIVED, None, reader, limit)
    return len(hits), last is not None


def heard_from(sources: Sequence[Source], reader: User | None) -> list[tuple[Source, int, bool, Any]]:
    """Each source, how many texts it gave, exact up to 10,000, and when the last one came."""
    if not may(reader, Act.READ_MASKED):
        return []
    found = tallies([source.token for source in sources], EXACT + 1)
    newest = [pk for _number, pk in found.values() if pk]
    rows = Words.objects.visible_to(reader).filter(pk__in=newest)
    last: dict[int, datetime] = dict(rows.values_list("source_id", "received_at"))
    numbers = [(source, found[source.token][0]) for source in sources]
    return [(source, min(n, EXACT), n > EXACT, last.get(source.pk)) for source, n in numbers]


def answering(filter: Filter, reader: User | None, limit: int) -> tuple[list[tuple[Any, ...]], bool]:
    """`SPEAKERS` of each match, the newest received; True if there are more."""
    hunted = fair_hunt(filter, reader)
    if not _is_masked(filter, reader):
        rows = hunted.columns(SPEAKERS, limit + 1)
        return rows[:limit], len(rows) > limit
    hits, last = found_again(filter.query, hunted, RECEIVED, None, reader, limit, ASKED_OF)
    return list(
        Words.objects.filter(pk__in=[hit.id for hit in hits]).values_list(*SPEAKERS)
    ), last is not None


# A reader of masked words


def _is_masked(filter: Filter, reader: User | None) -> bool:
    query = filter.query
    return bool(query or query.excluded) and not may(reader, Act.READ_WORDS)


def fair_hunt(filter: Filter, reader: User | None) -> Hunt:
    """What page and count of one filter share; for a masked reader no row is left out for a word unseen."""
    query = replace(filter.query, excluded=()) if _is_masked(filter, reader) else filter.query
    return hunt(filter, query)


# For programs


def words_json(
    words: Words, reader: User | None, segments: dict[int, Segment] | None = None
) -> dict[str, Any]:
    """One text as API and commands answer it."""
    known = segments_of([words]) if segments is None else segments
    traits = [known[pk] for pk in words.segment_ids if pk in known]
    as_said, named = may(reader, Act.READ_WORDS), may(reader, Act.SEE_PEOPLE)
    return {
        "id": words.pk, "source": words.source.name, "external_id": words.external_id if as_said else None,
        "text": shown(words, words.text, reader), "title": shown(words, words.title, reader),
        "author": words.person.name if words.person and named else None,
        "person": words.person and words.person.pseudonym,
        "company": words.company and shown(words, words.company.name, reader),
        "language": words.language, "rating": words.rating, "url": words.url if as_said else "",
        "created_at": words.said_at, "received_at": words.received_at,
        "segments": {one.name: one.value for one in traits}, "version": words.version,
    }  # fmt: skip


def segments_of(rows: Iterable[Words]) -> dict[int, Segment]:
    return Segment.objects.in_bulk({pk for row in rows for pk in row.segment_ids})


def list_words(params: Any, reader: User | None) -> dict[str, Any]:
    """A list as API and commands answer it; `next` is the query string of the following page."""
    filter = parse(params, strict=True)
    page = words_page(filter, reader, whole=True)
    segments = segments_of(page.rows)
    number, more = count(filter, reader)
    items = [words_json(row, reader, segments) for row in page.rows]
    following = page.next.query_string() if page.next is not None else None
    return {"items": items, "count": number, "next": following} | ({"more": True} if more else {})


def find_words(pk: int, reader: User | None) -> Words | None:
    """One text, through the reader's eyes."""
    rows = Words.objects.visible_to(reader).select_related("source", "person", "company")
    found: Words | None = rows.filter(pk=pk).first()
    return found
