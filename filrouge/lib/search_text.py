"""Search text normalised once, so that SQLite's FTS5 and PostgreSQL's 'simple' dictionary find the same.

Both databases only ever see words of [a-z0-9] separated by spaces: neither tokenizer has anything to decide.
"""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import Stemmer

from filrouge.lib.mask import blank

# Beyond 16,383 places in a text and 256 of one word, PostgreSQL forgets where a word stands; FTS5 does not.
MOST_TOKENS, MOST_REPEATS = 16_000, 250
MOST_CHARACTERS = 60  # of one token
_MOST_REMEMBERED = 100_000  # words for each language

_MARKS = "".join(chr(c) for c in range(0x300, 0x3100) if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_INVISIBLE = "\u00ad\u200c\u200d\u2060"
_WORD = re.compile(rf"[^\W_]+(?:[{_MARKS}{_INVISIBLE}]+[^\W_]*)*")
_RUN = re.compile("[a-z0-9]+")
# PostgreSQL reads 9e1f2a as the number 9e1 and the word f2a: cut there ourselves, for both databases.
_PART = re.compile("[0-9]+e[0-9]+(?=[a-z])|[a-z0-9]+")
# Latin accents, Hebrew and Arabic points: many people leave them out, so they never tell two words apart.
_DROPPED = re.compile(rf"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670{_INVISIBLE}]")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "þ": "th", "ł": "l", "ı": "i"})
# Thai, Lao, Burmese, Khmer, Japanese, Chinese have no spaces: each character is a token, a word is a phrase.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")

_STEMMERS = {"en": Stemmer.Stemmer("english", 0), "fr": Stemmer.Stemmer("french", 0)}
_STEMMING = threading.Lock()  # a stemmer must not be used by two threads at once
# French is stemmed after folding, so that an accent can never change what is found: stemmed before, one
# accented word in four is missed by who types it bare. Snowball knows some endings by their accent: those
# that can hardly be anything else get it back first (connectee -> connectée -> connect), which keeps 98 %
# of the pairs that Snowball joins when it sees the accents; without that, 76 %.
_ENDINGS = {"ee": "ée", "ees": "ées", "ite": "ité", "ites": "ités", "erent": "èrent"}
_ENDINGS |= {"iere": "ière", "ieres": "ières", "ieme": "ième", "iemes": "ièmes"}
_FRENCH_ENDING = re.compile(r"(?<=..)(ees?|ites?|ieres?|iemes?|(?<!ff)(?<!oh)(?<!dh)(?<!nh)erent)$")


def tokens(text: str) -> list[str]:
    """The words of a text, folded to [a-z0-9]+; addresses and numbers that identify people are left out."""
    return list(chain.from_iterable(map(split_word, words(text))))


def words(text: str) -> list[str]:
    """The words as they are written."""
    return _WORD.findall(blank(text))


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word as written, with its offsets in the text."""
    return ((found[0], found.start(), found.end()) for found in _WORD.finditer(blank(text)))


def split_word(word: str) -> tuple[str, ...]:
    """The tokens of one written word: nearly always one."""
    return _split_short(word) if len(word) <= MOST_CHARACTERS else _split(word)


def _split(word: str) -> tuple[str, ...]:
    folded = fold(word)
    if not folded.isascii():
        folded = "".join(map(_encode, folded))
    return tuple(part for run in _RUN.findall(folded) for part in _PART.findall(run[:MOST_CHARACTERS]))


_split_short = lru_cache(maxsize=20_000)(_split)


@lru_cache(maxsize=20_000)
def stem(token: str, language: str) -> str:
    """The stem of a folded token; a text too short to tell its language is stemmed as English."""
    if language == "fr":
        token = _FRENCH_ENDING.sub(lambda ending: _ENDINGS[ending[0]], token)
    stemmer = _STEMMERS.get("en" if language == "und" else language)
    if stemmer is None:
        return token
    with _STEMMING:
        return fold(stemmer.stemWord(token)) or token


def stems(text: str, language: str) -> str:
    """What the index holds of a text, in its order."""
    return stems_and_forms(text, language)[0]


def forms(text: str, language: str) -> str:
    """The distinct folded words that differ from their stem, for searches by prefix."""
    return stems_and_forms(text, language)[1]


def stems_and_forms(text: str, language: str) -> tuple[str, str]:
    """`stems` and `forms` in one pass."""
    vocabulary = _VOCABULARIES.setdefault(language, _Vocabulary(language))
    entries = [vocabulary[piece] for piece in blank(text).split()]
    stemmed = " ".join([entry[0] for entry in entries if entry[0]])
    if stemmed.count(" ") >= MOST_REPEATS:
        return _bounded(entries)
    others = " ".join([entry[1] for entry in entries if entry[1]])
    return stemmed, " ".join(dict.fromkeys(others.split()))


class _Vocabulary(dict[str, tuple[str, str]]):
    """What stands between two spaces -> (its stems, its forms other than the stem), for one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, piece: str) -> tuple[str, str]:
        found = chain.from_iterable(map(split_word, _WORD.findall(piece)))
        pairs = [(token, stem(token, self._language)) for token in found]
        entry = " ".join(s for _, s in pairs), " ".join(token for token, s in pairs if token != s)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        if len(piece) <= MOST_CHARACTERS:
            self[piece] = entry
        return entry


_VOCABULARIES: dict[str, _Vocabulary] = {}


def _bounded(entries: Iterable[tuple[str, str]]) -> tuple[str, str]:
    seen: Counter[str] = Counter()
    kept, kept_forms, places = [], dict[str, None](), 0
    for stemmed, others in entries:
        for token in stemmed.split():
            places += 1
            seen[token] += 1
            if seen[token] <= MOST_REPEATS:
                kept.append(token)
        kept_forms.update(dict.fromkeys(others.split()))
        if places >= MOST_TOKENS:
            break
    return " ".join(kept[:MOST_TOKENS]), " ".join(kept_forms)


def fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _DROPPED.sub("", decomposed).casefold().translate(_LETTERS)


def _encode(character: str) -> str:
    """A letter beyond ASCII as u + 4 hexadecimal digits for each UTF-16 unit: prefixes stay prefixes."""
    if character.isascii():
        return character
    if not character.isalnum() and unicodedata.category(character) not in ("Mn", "Mc"):
        return " "
    code = re.sub("....", r"u\g<0>", character.encode("utf-16-be", "surrogatepass").hex())
    return f" {code} " if _UNSPACED.match(character) else code


MOST_TERMS, MOST_TYPED = 32, 4_000  # words, characters
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_PIECE = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_ELISION = re.compile(r"(?i)(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?=\w)")
_OR, _AND = {"OR", "OU", "|"}, {"AND", "ET", "&"}


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase in each way it may stand in the index, or the beginning of a word."""

    variants: tuple[tuple[str, ...], ...]
    prefix: bool = False

    def fts5(self) -> str:
        if self.prefix:
            return f'{{stems forms}} : "{self.variants[0][0]}" *'
        return "{stems} : (" + " OR ".join(f'"{" ".join(variant)}"' for variant in self.variants) + ")"

    def tsquery(self) -> str:
        if self.prefix:
            return f"{self.variants[0][0]}:*AC"
        return "(" + " | ".join(" <-> ".join(f"{t}:A" for t in variant) for variant in self.variants) + ")"

    def starts_at(self, at: int, stream: Sequence[str]) -> int:
        """How many words of the stream it covers from there."""
        if self.prefix:
            return int(stream[at].startswith(self.variants[0][0]))
        return max(len(v) if tuple(stream[at : at + len(v)]) == v else 0 for v in self.variants)


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed: every group must match by one of its terms, and none of the excluded."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, typed: str) -> "Query":
        """Words, "phrases", beginn*, -excluded and OR; whatever else is typed is read as words."""
        groups: list[list[Term]] = []
        excluded: list[Term] = []
        joins = False
        room = MOST_TERMS
        for piece in _PIECE.finditer(blank(typed[:MOST_TYPED].translate(_QUOTES))):
            word = piece["word"] or ""
            joins = joins or (word in _OR and bool(groups))
            term = None if word in _OR | _AND else _term(piece["phrase"], word, room)
            if term is None:
                continue
            room -= len(term.variants[0])
            if piece["minus"]:
                excluded.append(term)
            elif joins:
                groups[-1].append(term)
            else:
                groups.append([term])
            joins = False
        return cls(tuple(map(tuple, groups)), tuple(excluded))

    def __bool__(self) -> bool:
        return bool(self.groups)

    def fts5(self, facets: Sequence[Sequence[str]] = ()) -> str:
        """For MATCH on a table with the columns stems, forms, facets; "" when nothing is asked for."""
        wanted = ["(" + " OR ".join(term.fts5() for term in group) + ")" for group in self.groups]
        wanted += [
            "{facets} : (" + " OR ".join(f'"{f}"' for f in _checked(group)) + ")" for group in facets if group
        ]
        if not wanted or not self.excluded:
            return " AND ".join(wanted)
        return (
            "(" + " AND ".join(wanted) + ") NOT (" + " OR ".join(term.fts5() for term in self.excluded) + ")"
        )

    def tsquery(self, facets: Sequence[Sequence[str]] = ()) -> str:
        """For to_tsquery('simple', ...) on a vector with the weights A = stems, B = facets, C = forms."""
        wanted = ["(" + " | ".join(term.tsquery() for term in group) + ")" for group in self.groups]
        wanted += ["(" + " | ".join(f"{f}:B" for f in _checked(group)) + ")" for group in facets if group]
        unwanted = [f"!{term.tsquery()}" for term in self.excluded] if wanted else []
        return " & ".join(wanted + unwanted)

    def highlight(self, text: str, language: str | None = None) -> list[tuple[int, int]]:
        """Where the text matches: offsets in it, in order, never overlapping."""
        if not self:
            return []
        places = [(token, start, end) for word, start, end in spans(text) for token in split_word(word)]
        found = [hit for stream in _streams([p[0] for p in places], language) for hit in self._hits(stream)]
        return _merged((places[first][1], places[last][2]) for first, last in found)

    def _hits(self, stream: Sequence[str]) -> Iterator[tuple[int, int]]:
        terms = [term for group in self.groups for term in group]
        beginnings = tuple({variant[0] for term in terms for variant in term.variants})
        for at, token in enumerate(stream):
            if token.startswith(beginnings) and (
                covered := max(term.starts_at(at, stream) for term in terms)
            ):
                yield at, at + covered - 1


def _term(phrase: str | None, word: str, room: int) -> Term | None:
    """A word such as "e-mail" or "c'est-à-dire" is a phrase; what French elides is not meant."""
    typed = _ELISION.sub("", word) if phrase is None else phrase
    found = tokens(typed)[: max(room, 0)]
    if not found:
        return None
    if phrase is None and typed.endswith("*") and len(found) == 1 and len(found[0]) > 1:
        return Term(((found[0],),), prefix=True)
    variants = (tuple(stem(token, language) for token in found) for language in ("en", "fr", ""))
    return Term(tuple(dict.fromkeys(variants)))


def _streams(found: Sequence[str], language: str | None) -> list[list[str]]:
    languages = ("en", "fr") if language is None else (language,)
    return [list(found), *([stem(token, one) for token in found] for one in languages)]


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(places)):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _checked(facets: Sequence[str]) -> Sequence[str]:
    for facet in facets:
        if not re.fullmatch("[a-z0-9]+", facet):
            raise ValueError(f"not a facet: {facet!r}")
    return facets
