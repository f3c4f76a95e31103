"""What nobody should send: refused whole or row by row, always with a sentence in the reader's language."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filrouge.cli import cli
from filrouge.evidence.feedback.models import Import
from filrouge.jobs.worker import drain
from filrouge.people.models import User
from filrouge.people.tokens import Scope, Token
from filrouge.voices.models import Words
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db

FORMAT = "Ce fichier est dans un format que Filrouge ne lit pas."
NO_TEXT = "Aucune colonne ne correspond au texte."
NO_RECORD = "Un enregistrement doit être un objet"
BROKEN = "Le JSON est cassé au caractère 2 de cette ligne"
NO_ROWS = "Ce fichier a une ligne de noms et aucune autre ligne."
ENDLESS = b'id,text\n1,Bonjour\n2,"' + b'""' * 2_500_000 + b"\n3,Oui\n"
DEEP = b"[" * 100_000

# Of the whole file: what is said. Refused before there is a page of the import, on it, or by its run.
WHOLE = {
    "an empty file": ("vide.csv", b"", "Ce fichier est vide."),
    "nothing but a mark": ("vide.csv", b"\xef\xbb\xbf", "Ce fichier est vide."),
    "an unknown format": ("livre.xlsx", b"PK\x03\x04 \x00\x01", FORMAT),
    "a packed file under another name": ("bombe.csv", gzip.compress(b"a" * 10_000_000), FORMAT),
    "NUL bytes alone": ("nul.csv", b"\0" * 1000, FORMAT),
    "no line of names": ("long.csv", b"a" * 5_000_000, "La première ligne ne nomme pas les colonnes."),
    "no column for the text": ("notes.csv", b"id,note\n1,5\n", NO_TEXT),
    "nested too deep": ("profond.json", DEEP + b"]" * 100_000, BROKEN),
    "nested and left open": ("profond.json", DEEP, BROKEN),
    "lines that are lists": ("listes.jsonl", b'[1,"a"]\n[2,"b"]\n', NO_RECORD),
    "a line of names alone": ("noms.csv", b"id,text\n", NO_ROWS),
}

# Of some rows: how many came in, and where and why the others did not.
ROWS = {
    "a long line of quotes never closed": ("g.csv", ENDLESS, 2, [(3, "text", "jamais fermé")]),
    "a deep value in a list": ("p.json", b'[{"text":"Oui"},{"text":' + DEEP, 1, [(1, "17", "JSON")]),
    "lines of several kinds": (
        "m.jsonl", b'{"text":"Oui"}\n[2]\nnull\n', 1, [(2, "", "objet"), (3, "", "objet")],
    ),
    "names that come twice": ("d.csv", b"text,text,id,id\nOui,Non,1,2\n", 1, []),
}  # fmt: skip


@pytest.fixture
def claire(cast: Cast) -> User:
    """Somebody who imports, and reads French."""
    User.objects.filter(pk=cast.ops.pk).update(language="fr")
    cast.ops.refresh_from_db()
    return cast.ops


@pytest.fixture
def browser(claire: User, client: Client) -> Client:
    client.force_login(claire)
    return client


def typed(folder: Path, name: str, content: bytes, *words: str) -> Any:
    (folder / name).write_bytes(content)
    command = ("import", "feedback", str(folder / name), "--source", "Enquête", "--as", "ops@example.org")
    return CliRunner().invoke(cli, [*command, *words])


def sent(browser: Client, name: str, content: bytes) -> str:
    """The page on which a file ends that is dropped, mapped as proposed, and run."""
    first = browser.post("/import/", {"file": SimpleUploadedFile(name, content)})
    if first.status_code != 302:
        assert first.status_code == 422
        return first.text
    made = Import.objects.latest("pk")
    assert browser.get(made.get_absolute_url()).status_code == 200
    mapped = {f"map_{field}": column for field, column in made.mapping.items()}
    answers = {"source": "Enquête", "act": "run", **mapped}
    asked = browser.post(made.get_absolute_url(), answers)
    if asked.status_code != 302:
        assert asked.status_code == 422
        return asked.text
    drain(["long"])
    return browser.get(made.get_absolute_url()).text


@pytest.mark.parametrize(("name", "content", "said"), WHOLE.values(), ids=WHOLE.keys())
def test_refused_whole_on_the_page(browser: Client, name: str, content: bytes, said: str) -> None:
    assert said in sent(browser, name, content)
    assert not Words.objects.exists()


@pytest.mark.parametrize(("name", "content", "said"), WHOLE.values(), ids=WHOLE.keys())
def test_refused_whole_in_the_terminal(
    claire: User, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    done = typed(tmp_path, name, content)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit) and said in done.output
    assert not Words.objects.exists()


@pytest.mark.parametrize(("name", "content", "new", "errors"), ROWS.values(), ids=ROWS.keys())
def test_refused_row_by_row(
    browser: Client, tmp_path: Path, name: str, content: bytes, new: int, errors: list[tuple[int, str, str]]
) -> None:
    receipt = json.loads(typed(tmp_path, name, content, "--json").stdout.splitlines()[-1])
    assert (receipt["new"], receipt["rejected"]) == (new, len(errors))
    for error, (line, column, why) in zip(receipt["errors"], errors, strict=True):
        assert (error["line"], error["column"]) == (line, column) and why in error["reason"]
    page = sent(browser, name, content)
    assert all(why in page for _line, _column, why in errors)
    assert Words.objects.count() == new


PAYLOADS: dict[str, tuple[Any, int, str]] = {
    "nothing": (b"", 422, "Nommez la source"),
    "no items": ({"source": "Enquête", "items": []}, 422, "Envoyez une liste"),
    "no JSON": (b"text,id\nBonjour,1\n", 400, "n’est pas du JSON"),
    "nested too deep": (DEEP, 400, "n’est pas du JSON"),
    "no text": ({"source": "Enquête", "items": [{"comment": "Bonjour"}]}, 200, "Le texte est vide."),
}


@pytest.mark.parametrize(("payload", "status", "said"), PAYLOADS.values(), ids=PAYLOADS.keys())
def test_refused_by_the_api(claire: User, client: Client, payload: Any, status: int, said: str) -> None:
    _token, secret = Token.create(claire, Scope.WRITE, "test", 1, by=None)
    body = payload if isinstance(payload, bytes) else json.dumps(payload)
    answer = client.post(
        "/api/v1/feedback",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == status and said in answer.text
    assert answer["Content-Language"] == "fr" and not Words.objects.exists()


def test_who_shows_no_token_is_told_in_the_language_they_accept(db: None, client: Client) -> None:
    answer = client.post("/api/v1/feedback", headers={"Accept-Language": "fr"})
    assert answer.status_code == 401 and "Un jeton est nécessaire" in answer.json()["error"]
