"""The sample's real words, row by row, as they may come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from filrouge.lib.dates import on
from filrouge.voices.rules import Arrival

from .files import questions, rows

TRAITS = ("role", "usage", "tenure", "audience")
PUBLISHED = on(date(2018, 9, 1))


def survey() -> Iterator[Arrival]:
    """Answers to open questions: the title is the question, each respondent a person with traits."""
    asked = questions()
    answers = sorted(enumerate(rows("feedback_jupyter2015.csv"), 2), key=lambda one: one[1]["submitted_at"])
    for line, row in answers:
        traits = tuple((name, row[name].replace("_", " ")) for name in TRAITS if row[name])
        said_at = datetime.fromisoformat(row["submitted_at"]).replace(tzinfo=UTC)
        yield Arrival(
            line, row["text"].strip(), row["id"], said_at, asked[row["question"]],
            author=f"Respondent {row['respondent']}", language="en", segments=traits,
        )  # fmt: skip


def usability() -> Iterator[Arrival]:
    """Moderators' notes on what somebody did; tasks without a note say nothing in words."""
    for line, row in enumerate(rows("usability_jupyterlab2018.csv"), 2):
        if row["notes"].strip():
            identity, task = f"{row['code_name']}-{row['subtask']}", row["correct_path"].strip()
            yield Arrival(
                line, row["notes"].strip(), identity, PUBLISHED, task, author=row["code_name"], language="en"
            )


def reviews() -> Iterator[Arrival]:
    """Reviews of an app; nobody knows who wrote them, nor when."""
    for line, row in enumerate(rows("feedback_minibar_huawei.csv"), 2):
        rating = int(row["rating"]) if row["rating"] else None
        yield Arrival(line, row["text"].strip(), row["id"], language=row["lang"], rating=rating)


# The last to come in stand first in the inbox: whole answers, of people, with a day.
ARRIVALS: dict[str, Callable[[], Iterator[Arrival]]] = {
    "reviews": reviews,
    "usability": usability,
    "survey": survey,
}
