"""The mapping proposed for a file."""

import pytest

from filrouge.lib.mapping import propose

LONG = "The watch does not keep its link to the phone"


def table(header: str, *lines: str) -> tuple[list[str], list[dict[str, str]]]:
    names = header.split(",")
    return names, [dict(zip(names, line.split(","), strict=True)) for line in lines]


@pytest.mark.parametrize(
    ("header", "line", "expected"),
    [
        (
            "Identifiant,Commentaire,Date de création,Note,Courriel,Société,Auteur,Langue",
            f"7,{LONG},22/11/2026,4,a@b.fr,Acme,Léa,fr",
            {
                "text": "Commentaire",
                "external_id": "Identifiant",
                "created_at": "Date de création",
                "author": "Auteur",
                "email": "Courriel",
                "company": "Société",
                "language": "Langue",
                "rating": "Note",
            },
        ),
        (
            "Review Text,Review Title,Star Rating,Review Submit Date and Time,Review Link,Reviewer Language",
            f"{LONG},Bad,1,2026-01-02T03:04:05Z,https://example.org/1,en",
            {
                "text": "Review Text",
                "created_at": "Review Submit Date and Time",
                "title": "Review Title",
                "url": "Review Link",
                "language": "Reviewer Language",
                "rating": "Star Rating",
            },
        ),
        ("Ticket,Comment", f"A-7,{LONG}", {"text": "Comment", "external_id": "Ticket"}),
        ("Ticket", LONG, {"text": "Ticket"}),
        ("note,x", f"{LONG},1", {"text": "note"}),
        ("q1,q2,q3", f"2026-01-02,{LONG},me@example.org", {"text": "q2", "created_at": "q1", "email": "q3"}),
        ("a,b", "1,2", {}),
    ],
)
def test_columns_are_told_by_name_and_content(header: str, line: str, expected: dict[str, str]) -> None:
    assert propose(*table(header, line)) == expected


def test_few_values_make_a_segment_and_many_do_not() -> None:
    names, sample = table(
        "text,plan,code,empty", *(f"{LONG} {n},{'pro' if n % 2 else 'free'},{n}," for n in range(20))
    )
    assert propose(names, sample) == {"text": "text", "plan": "plan"}


def test_a_name_that_the_cells_contradict_is_not_believed() -> None:
    names, sample = table("email,rating,id,text", f"none,good,1,{LONG}", f"none,bad,1,{LONG}")
    assert propose(names, sample).keys().isdisjoint({"rating", "external_id"})
    assert propose(names, sample).get("email") is None


def test_an_empty_sample_leaves_the_names() -> None:
    assert propose(["Text", "Email"], []) == {"text": "Text", "email": "Email"}
