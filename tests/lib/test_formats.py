"""Files as they come: every record is either a row or a reject, with its line."""

import codecs
import io
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from filrouge.lib.formats import CannotRead, EmptyFile, Reject, Row, UnknownFormat, header, read, sniff


def records(content: str | bytes, name: str = "f.csv", **options: int) -> list[Row | Reject]:
    data = content if isinstance(content, bytes) else content.encode()
    return list(read(io.BytesIO(data), name, **options))  # type: ignore[arg-type]


def rows(content: str | bytes, name: str = "f.csv") -> list[dict[str, str]]:
    found = records(content, name)
    assert not [r for r in found if isinstance(r, Reject)]
    return [r.values for r in found if isinstance(r, Row)]


def places(content: str | bytes, name: str = "f.csv") -> list[tuple[int, str]]:
    return [(r.line, r.column if isinstance(r, Reject) else "ok") for r in records(content, name)]


ACCENTED = "id;text\r\n1;Café très « cher »\r\n2;déjà vu, l’été\r\n"
MEANT = [{"id": "1", "text": "Café très « cher »"}, {"id": "2", "text": "déjà vu, l’été"}]


@pytest.mark.parametrize(
    "content",
    [
        ACCENTED.encode(),
        codecs.BOM_UTF8 + ACCENTED.encode(),
        ACCENTED.encode("utf-16"),
        codecs.BOM_UTF16_BE + ACCENTED.encode("utf-16-be"),
        ACCENTED.encode("utf-16-le"),
        ACCENTED.encode("utf-16-be"),
        ACCENTED.encode("cp1252"),
        ACCENTED.replace("’", "'").encode("latin-1").replace(b"l'", "l’".encode("cp1252")),
        ACCENTED.replace(";", "\t").encode(),
        ACCENTED.replace(";", "|").encode(),
        ("sep=;\r\n" + ACCENTED).encode(),
        ("\ufeffsep=;\r\n" + ACCENTED).encode(),
        ACCENTED.replace("\r\n", "\n").encode(),
        ACCENTED.replace("\r\n", "\r").encode(),
    ],
)
def test_a_table_is_read_as_it_is_meant(content: bytes) -> None:
    assert rows(content) == MEANT


def test_quoted_line_ends_keep_their_lines() -> None:
    found = records('a,b\n"one\ntwo",2\n\n"th""ree",3\n')
    assert found == [Row(2, {"a": "one\ntwo", "b": "2"}), Row(5, {"a": 'th"ree', "b": "3"})]


def test_ragged_rows_are_rejected_alone() -> None:
    found = records("a,b,c\n1,2\n1,2,3\n1,2,3,4\n")
    assert [(r.line, r.column) for r in found if isinstance(r, Reject)] == [(2, "c"), (4, "4")]
    assert found[1] == Row(3, {"a": "1", "b": "2", "c": "3"})
    first = found[0]
    assert isinstance(first, Reject)
    assert (str(first.reason), first.raw) == ("This row has too few cells: 3 are expected, 2 found.", "1,2")


def test_a_repeated_or_empty_column_name_is_told_apart() -> None:
    assert header(io.BytesIO(b"Labels,Labels,,Labels\n"), "f.csv") == [
        "Labels",
        "Labels 2",
        "column 3",
        "Labels 3",
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.json"])
@pytest.mark.parametrize("columns", [["text"] * 100_000, [f"c{n}" for n in range(100_000)]])
def test_a_table_of_a_thousand_columns_and_more_is_refused_at_once(name: str, columns: list[str]) -> None:
    wide = json.dumps([{f"{n}{cell}": "1" for n, cell in enumerate(columns)}])
    content = wide if name == "a.json" else ",".join(columns) + "\n1,2"
    with pytest.raises(CannotRead, match="at most"):
        header(io.BytesIO(content.encode()), name)


def test_bytes_that_are_not_utf8_cost_their_row_only() -> None:
    content = "id,text\n1,été\n2,".encode() + b"\xff\xfe" + "\n3,déjà\n".encode()
    assert places(content) == [(2, "ok"), (3, "text"), (4, "ok")]
    assert places(b"id,text\n1,plain\n2,\xff\xfe\n") == [(2, "ok"), (3, "text")]


def test_nul_costs_its_row_only() -> None:
    found = records(b"id,text\n1,a\0b\n2,c\n")
    assert [(r.line, getattr(r, "column", "ok")) for r in found] == [(2, "text"), (3, "ok")]
    assert isinstance(found[0], Reject)
    assert found[0].value == "a\u2400b"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('id,text\n1,"open\n2,"closed"\n3,fine\n', [(2, "text"), (3, "ok"), (4, "ok")]),
        ('id,text\n1,fine\n2,"open\n3,fine\n4,fine\n', [(2, "ok"), (3, "text"), (4, "ok"), (5, "ok")]),
        ('id,text\n1,"open at the end', [(2, "text")]),
        ('id,text\n1,5" disk\n2,"said "so""\n', [(2, "ok"), (3, "ok")]),
        ('id,text\n1,"two\nlines"\n2,"open\n', [(2, "ok"), (4, "text")]),
    ],
)
def test_an_unclosed_quote_costs_its_line_only(content: str, expected: list[tuple[int, str]]) -> None:
    assert places(content) == expected


def test_an_unclosed_quote_before_a_long_file_costs_its_line_only() -> None:
    content = 'id,text\n1,"open\n' + "".join(f"{n},{'x' * 90}\n" for n in range(60_000))
    found = records(content)
    assert len(found) == 60_001
    assert [r.line for r in found if isinstance(r, Reject)] == [2]
    assert found[-1].line == 60_002


def test_a_line_without_end_is_rejected() -> None:
    assert places("id,text\n1," + "x" * 9_000_000 + "\n2,ok\n") == [(2, "text"), (3, "ok")]
    assert places("id,text\n1," + "x" * 5_000_000 + "\n2,ok\n") == [(2, "text"), (3, "ok")]


def test_commas_in_a_file_of_one_column_belong_to_the_text() -> None:
    assert rows("text\nslow, and ugly\nfine\n") == [{"text": "slow, and ugly"}, {"text": "fine"}]


def test_reading_goes_on_after_the_records_done() -> None:
    content = "a,b\n1,2\n3\n5,6\n"
    assert records(content, skip=2) == records(content)[2:]


def test_markup_stays_text() -> None:
    assert rows("text,n\n<script>alert(1)</script>,1\n") == [{"text": "<script>alert(1)</script>", "n": "1"}]


NESTED = [
    {"id": 12345678901234567890, "author": {"name": "Léa", "tags": ["a", "b"]}, "ok": True, "none": None}
]
FLAT = [{"id": "12345678901234567890", "author.name": "Léa", "author.tags": "a, b", "ok": "true", "none": ""}]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (json.dumps(NESTED), "f.json"),
        (json.dumps(NESTED, indent=2).encode("utf-16"), "f.json"),
        (json.dumps({"count": 1, "items": NESTED, "next": [1]}), "f.json"),
        (json.dumps(NESTED[0]), "f.json"),
        (json.dumps(NESTED[0]) + "\n", "f.jsonl"),
        (json.dumps(NESTED), ""),
    ],
)
def test_json_is_flattened_one_level(content: str | bytes, name: str) -> None:
    assert rows(content, name) == FLAT


def test_json_lines_under_a_json_name() -> None:
    assert rows('{"a": 1}\n{"a": 2}\n', "f.json") == [{"a": "1"}, {"a": "2"}]


def test_broken_json_says_where() -> None:
    assert places('[\n {"a": 1},\n {"a": oops}\n]', "f.json") == [(2, "ok"), (3, "8")]
    assert places('[{"a": 1}, {"a"', "f.json") == [(1, "ok"), (1, "16")]
    assert places('[{"a": 1}] x', "f.json") == [(1, "ok"), (1, "12")]
    assert places('{"a": 1}\nnot json\n{"a": "\\ud800"}\n[1]\n{"a": 2}', "f.jsonl") == [
        (1, "ok"), (2, "1"), (3, "a"), (4, ""), (5, "ok"),
    ]  # fmt: skip


def test_json_too_deep_or_too_big_a_number_is_no_crash() -> None:
    assert places("[" * 200_000, "f.json")[0][0] == 1
    assert places('{"a": 1}\n{"a": ' + "[" * 200_000 + "\n", "f.jsonl") == [(1, "ok"), (2, "")]
    assert rows('[{"a": ' + "9" * 5_000 + "}]", "f.json") == [{"a": "9" * 5_000}]


def test_a_large_json_list_moves_its_window() -> None:
    many = [{"n": n, "text": "é\n" * (n % 50)} for n in range(20_000)]
    found = records(json.dumps(many, indent=1), "f.json")
    assert [r.values["n"] for r in found if isinstance(r, Row)] == [str(n) for n in range(20_000)]
    assert [r.line for r in found[-2:]] == [2 + 4 * 19_998, 2 + 4 * 19_999]
    broken = places(json.dumps(many, indent=1)[:-1] + "?", "f.json")
    assert broken[-1] == (2 + 4 * 20_000, "1")


@pytest.mark.parametrize("content", [b"", b"\n \n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(EmptyFile, match="empty"):
        read(io.BytesIO(content), "f.csv")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04\x14\0", "f.xlsx"),
        (b"PK\x03\x04\x14\0", "f.csv"),
        (b"%PDF-1.7\n1,2\n", "f.csv"),
        (bytes(range(256)) * 20, "f.csv"),
        (b"<?xml version='1.0'?><a/>", "f.xml"),
        (b"only words here\nand there\n", "notes.txt"),
        (b"just words", ""),
    ],
)
def test_an_unknown_format_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(UnknownFormat, match="JSON Lines"):
        read(io.BytesIO(content), name)


def test_an_unknown_format_asked_for_is_refused() -> None:
    with pytest.raises(UnknownFormat):
        read(io.BytesIO(b"a,b\n"), "f.csv", "xlsx")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"a;b\n1;2\n", "", "csv"),
        (b"a\tb\n1\t2\n", "f.tsv", "tsv"),
        (b'{"a": 1}\n{"a": 2}\n', "", "jsonl"),
        (b'[{"a": 1}]', "f.txt", "json"),
        (b"a,b\n1,2\n", "F.CSV", "csv"),
    ],
)
def test_the_format_is_told_by_name_then_by_content(content: bytes, name: str, expected: str) -> None:
    assert sniff(io.BytesIO(content), name).name == expected


def test_a_path_is_read_and_a_stream_left_open(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text("a,b\n1,2\n")
    assert [r.line for r in read(file)] == [2]
    stream = io.BytesIO(b"a,b\n1,2\n")
    assert header(stream, "f.csv") == ["a", "b"]
    assert len(list(read(stream, "f.csv"))) == 1
    assert not stream.closed


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from(["f.csv", "f.tsv", "f.json", "f.jsonl", ""]))
@example(b'a,b\n"', "f.csv")
@example(b"\x00\x00\x00\x00", "f.csv")
def test_whatever_comes_is_read_or_refused(content: bytes, name: str) -> None:
    try:
        found = records(content, name)
    except (EmptyFile, UnknownFormat) as refused:
        assert str(refused)
        return
    for record in found:
        values = (
            record.values.values() if isinstance(record, Row) else [record.raw, record.value, record.column]
        )
        assert record.line >= 1
        assert not any(
            "\0" in value or value != value.encode("utf-8", "replace").decode() for value in values
        )


cells = st.text(alphabet='ab,;"\n\ré', max_size=6)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=20), st.sampled_from(",;\t"))
def test_what_a_spreadsheet_writes_is_read_back(table: list[tuple[str, str, str]], separator: str) -> None:
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["first name", "second name", "third name"])
    writer.writerows(table)
    assert [tuple(row.values()) for row in rows(out.getvalue())] == table


@pytest.mark.parametrize("content", ["{}", "[]", '{"items": []}', "[[], []]"])
def test_a_file_without_a_record_says_what_is_expected(content: str) -> None:
    with pytest.raises(CannotRead) as refused:
        header(io.BytesIO(content.encode()), "f.json")
    assert '{"text": "..."}' in str(refused.value)


def test_a_first_record_that_is_broken_says_how() -> None:
    with pytest.raises(CannotRead, match="broken at character 3"):
        header(io.BytesIO(b"[{oops"), "f.json")
