"""Folding, stemming and queries: the same hits with or without accents, and as a naive reader would find."""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filrouge.lib.search_text import (
    MOST_REPEATS,
    MOST_TOKENS,
    Query,
    Term,
    forms,
    stem,
    stems,
    stems_and_forms,
    tokens,
)

TYPED = """
    connecté connecte connectés connexion l'application Applications crash crashes œuvre e-mail naïve 2fa 1e5
    9e1f2a 中文 Привет préfère NEAR AND the été 007 don't İstanbul"""
WORDS = TYPED.split()
LANGUAGES = ["en", "fr", "de", "und"]
OPERATORS = [
    "OR",
    "|",
    "AND",
    "-",
    '"',
    "*",
    "(",
    ")",
    ":",
    "^",
    "{stems}",
    "NOT",
    "+",
    ";",
    "--",
    "'",
    "\\",
    "\0",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'app PLANTE", ["l", "app", "plante"]),
        ("Œuvre ﬁn Straße cœur", ["oeuvre", "fin", "strasse", "coeur"]),
        ("e\u0301te\u0301 co\u00adopère", ["ete", "coopere"]),
        ("½ m² ①", ["1", "2", "m2", "1"]),
        ("中文", ["u4e2d", "u6587"]),
        ("жук", ["u0436u0443u043a"]),
        ("𝒜 😀 🤷‍♀️ _x_", ["a", "x"]),
        ("écris à a.b@exemple.fr ou au 06 12 34 56 78", ["ecris", "a", "ou", "au"]),
        ("9e1f2a 9e1 x9e1f", ["9e1", "f2a", "9e1", "x9e1f"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text(max_size=300))
def test_tokens_are_plain_whatever_comes(text: str) -> None:
    assert all(token.isascii() and token.isalnum() and token == token.lower() for token in tokens(text))


@given(st.sampled_from(["ж", "中", "한", "é", "a"]), st.text(alphabet="abéжк한", min_size=1, max_size=5))
def test_the_beginning_of_a_word_is_the_beginning_of_its_token(first: str, rest: str) -> None:
    assert tokens(first + rest)[0].startswith(tokens(first)[0])


@pytest.mark.parametrize(
    "family",
    [
        "connecté connecte connectés connectée connectées connecter connectees",
        "préférée preferee préféré prefere préférés",
        "première premiere premières premier premiers",
        "possibilité possibilités possibilite possibilites",
        "application Applications",
        "problème problèmes probleme PROBLÈMES",
    ],
)
def test_a_french_word_is_found_in_all_its_forms(family: str) -> None:
    assert len({stem(tokens(word)[0], "fr") for word in family.split()}) == 1


def test_stems_and_forms_of_a_language() -> None:
    assert stems("Crashes happily", "en") == "crash happili"
    assert forms("Crashes crash happily", "en") == "crashes happily"
    assert stems("Häuser stürzen", "de") == "hauser sturzen"
    assert forms("Häuser", "de") == ""
    assert stems("crashes", "und") == "crash"


def test_a_huge_text_keeps_within_what_both_databases_remember() -> None:
    stemmed, _ = stems_and_forms("mot " * 50_000 + "fin", "fr")
    assert stemmed == " ".join(["mot"] * MOST_REPEATS)
    many, _ = stems_and_forms(" ".join(f"w{n}" for n in range(50_000)), "en")
    assert len(many.split()) == MOST_TOKENS
    assert len(tokens("a" * 1_000_000)[0]) == 60


@pytest.mark.parametrize(
    "typed", ["", "   ", '"', '""', "*", "-", "- -", "OR", "AND", "a@b.fr", "()", '-"', "-crash"]
)
def test_nothing_asked_for(typed: str) -> None:
    query = Query.parse(typed)
    assert not query
    assert query.fts5() == query.tsquery() == ""
    assert query.highlight("some crash") == []


def test_a_long_query_is_bounded() -> None:
    query = Query.parse("mot " * 2_500)
    assert sum(len(group) for group in query.groups) == 32
    assert sum(len(t.variants[0]) for g in Query.parse('"' + "mot " * 2_500).groups for t in g) == 32


def test_facets_are_matched_on_their_own_column() -> None:
    query = Query.parse("crash")
    assert query.fts5([["seg1", "seg2"], [], ["srcs3"]]) == (
        '({stems} : ("crash")) AND {facets} : ("seg1" OR "seg2") AND {facets} : ("srcs3")'
    )
    assert query.tsquery([["seg1", "seg2"]]) == "((crash:A)) & (seg1:B | seg2:B)"
    assert Query().fts5([["seg1"]]) == '{facets} : ("seg1")'
    with pytest.raises(ValueError, match="not a facet"):
        query.fts5([['x" OR "y']])


@pytest.mark.parametrize(
    ("typed", "text", "language", "marked"),
    [
        ("connecte", "Impossible de se CONNECTER : connectés ?", "fr", ["CONNECTER", "connectés"]),
        ("l'application", "Cette application", "fr", ["application"]),
        ('"se connecter"', "se connecter ou connecter", "fr", ["se connecter"]),
        ("conn*", "Connexion, connecté, con", "fr", ["Connexion", "connecté"]),
        ("crash -android", "crashes on Android", None, ["crashes"]),
        ("e-mail OR crash", "📧 E-mail crash", None, ["E-mail", "crash"]),
        ("mot", "a.mot@b.fr mot", "fr", ["mot"]),
    ],
)
def test_highlights_point_into_the_text(
    typed: str, text: str, language: str | None, marked: list[str]
) -> None:
    places = Query.parse(typed).highlight(text, language)
    assert [text[start:end] for start, end in places] == marked


Document = tuple[str, str, str]  # stems, forms, facets


@pytest.fixture(scope="module")
def table() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(stems, forms, facets, tokenize='unicode61')")
    yield connection
    connection.close()


def _holds(document: Document, term: Term) -> bool:
    stemmed, others = document[0].split(), document[1].split()
    if term.prefix:
        return any(token.startswith(term.variants[0][0]) for token in stemmed + others)
    return any(
        tuple(stemmed[at : at + len(variant)]) == variant
        for variant in term.variants
        for at in range(len(stemmed))
    )


def naive(document: Document, query: Query, facets: list[list[str]]) -> bool:
    """What the databases should answer, read from the normalised text alone."""
    return (
        all(any(_holds(document, term) for term in group) for group in query.groups)
        and all(set(document[2].split()) & set(group) for group in facets if group)
        and not any(_holds(document, term) for term in query.excluded)
    )


texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
documents = st.lists(
    st.tuples(texts, st.sampled_from(LANGUAGES), st.sampled_from(["", "seg1", "seg1 seg2"])), max_size=8
)
pieces = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f"-{word}"),
    st.sampled_from(WORDS).map(lambda word: f"{word[:3]}*"),
    texts.map(lambda text: f'"{text}"'),
    st.sampled_from(OPERATORS),
    st.text(max_size=6),
)
queries = st.lists(pieces, max_size=7).map(" ".join)
facet_lists = st.sampled_from([[], [[]], [["seg1"]], [["seg2", "seg1"], ["seg2"]], [["seg9"]]])


@settings(max_examples=400)
@given(documents, queries, facet_lists)
def test_sqlite_finds_what_a_naive_reader_finds(
    table: sqlite3.Connection, written: list[tuple[str, str, str]], typed: str, facets: list[list[str]]
) -> None:
    indexed = [(*stems_and_forms(text, language), its_facets) for text, language, its_facets in written]
    query = Query.parse(typed)
    match = query.fts5(facets)
    table.execute("DELETE FROM words")
    table.executemany("INSERT INTO words(rowid, stems, forms, facets) VALUES (?,?,?,?)", _numbered(indexed))
    hits = table.execute("SELECT rowid FROM words WHERE words MATCH ?", [match]).fetchall() if match else []
    expected = [n for n, document in enumerate(indexed) if match and naive(document, query, facets)]
    assert sorted(n for (n,) in hits) == expected


def _numbered(indexed: list[Document]) -> list[tuple[int, str, str, str]]:
    return [(n, *document) for n, document in enumerate(indexed)]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4))
def test_accents_change_nothing(written: list[str]) -> None:
    bare = str.maketrans("éèêëïİ", "eeeeiI")
    accented, plain = " ".join(written), " ".join(written).translate(bare)
    assert Query.parse(accented) == Query.parse(plain)
    assert all(stems(accented, language) == stems(plain, language) for language in LANGUAGES)


@given(st.text(max_size=2_000), st.text(max_size=300))
def test_junk_is_harmless(typed: str, text: str) -> None:
    query = Query.parse(typed)
    places = query.highlight(text)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
