"""Made-up users' words: real vocabulary, real frequencies, 130 characters on average."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from filrouge.sample.files import opened

MEAN = 130
ROLES = ("scientist", "engineer", "teacher", "analyst", "student")
USES = ("daily", "weekly", "rarely")
START = datetime(2024, 1, 1, tzinfo=UTC)


def vocabulary(language: str) -> tuple[list[str], list[int]]:
    """The words of the sample's reviews in a language, with cumulated counts to draw them by."""
    with opened("feedback_minibar_huawei.csv") as file:
        texts = [row["text"] for row in csv.DictReader(file) if row["lang"] == language]
    counts = Counter(word for text in texts for word in text.split())
    words = sorted(counts, key=lambda word: (-counts[word], word))
    return words, list(accumulate(counts[word] for word in words))


def texts(number: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(language, text) pairs: 60 % English, 40 % French, as long on average as the goal says."""
    draw = random.Random(seed)
    known = {language: vocabulary(language) for language in ("en", "fr")}
    for _number in range(number):
        language = "en" if draw.random() < 0.6 else "fr"
        words, weights = known[language]
        wanted = draw.randint(MEAN // 2, MEAN * 3 // 2)
        text = " ".join(draw.choices(words, cum_weights=weights, k=wanted // 4))
        yield language, text[:wanted].strip() or "ok"


def write_csv(path: Path, number: int) -> int:
    """A feedback file of so many rows; its size in bytes."""
    draw = random.Random(2)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "created_at", "author", "role", "usage", "rating"])
        for index, (_language, text) in enumerate(texts(number)):
            said = START + timedelta(minutes=index % 1_000_000)
            author = f"user {draw.randrange(number // 10 + 1)}"
            traits = (draw.choice(ROLES), draw.choice(USES), draw.randint(1, 5))
            rows.writerow([f"row-{index}", text, said.isoformat(), author, *traits])
    return path.stat().st_size
