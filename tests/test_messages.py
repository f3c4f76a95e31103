"""`bin/messages --check` sees what is missing, fuzzy, stale or wrong."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages import Catalog

from filrouge.core.kinds import all_kinds
from filrouge.core.verbs import verbs_of
from tests.fixtures.shell import ROOT


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    loader = SourceFileLoader("messages", str(ROOT / "bin" / "messages"))
    module = module_from_spec(spec_from_loader("messages", loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    return module


def catalog(*pairs: tuple[object, object], flags: tuple[str, ...] = ()) -> Catalog:
    made = Catalog(locale="fr")
    for source, target in pairs:
        made.add(source, target, flags=flags)  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(
    ("pair", "fault"),
    [
        (("Save", ""), "not translated"),
        ((("%(n)s word", "%(n)s words"), ("%(n)s mot", "")), "not translated"),
        (("Hello %(name)s", "Bonjour %(nom)s"), "name"),
    ],
)
def test_a_fault_is_named(messages: ModuleType, pair: tuple[object, object], fault: str) -> None:
    (said,) = messages.faults(catalog(pair, flags=("python-format",)))
    assert fault in said


def test_a_good_translation_has_no_fault(messages: ModuleType) -> None:
    assert (
        list(messages.faults(catalog(("Save", "Enregistrer"), (("a word", "words"), ("un mot", "mots")))))
        == []
    )


def test_a_fuzzy_translation_is_a_fault(messages: ModuleType) -> None:
    (said,) = messages.faults(catalog(("Save", "Sauver"), flags=("fuzzy",)))
    assert "fuzzy" in said


def test_a_string_just_added_does_not_stop_the_compiler(messages: ModuleType) -> None:
    held = catalog(("Save", "Enregistrer"))
    messages.update(held, catalog(("%(n)s %(state)s", None), flags=("python-format",)))
    assert messages.compiled(held)
    (said,) = messages.faults(held)
    assert "not translated" in said


def test_new_strings_come_in_and_gone_ones_leave(messages: ModuleType) -> None:
    held = catalog(("Save", "Enregistrer"), ("Gone", "Parti"))
    messages.update(held, catalog(("Save", ""), ("Saved", "")))
    assert {m.id: m.string for m in held if m.id} == {"Save": "Enregistrer", "Saved": ""}


@pytest.mark.parametrize("new", ["Saved", ("a word", "words")])
def test_what_is_new_is_written_before_anybody_translates_it(messages: ModuleType, new: object) -> None:
    held = catalog(("Save", "Enregistrer"))
    messages.update(held, catalog(("Save", None), (new, None)))
    assert b"Enregistrer" in messages.written(held) and b"Enregistrer" in messages.compiled(held)
    (said,) = messages.faults(held)
    assert "not translated" in said


def test_the_files_do_not_depend_on_the_day(messages: ModuleType) -> None:
    held = catalog(("Save", "Enregistrer"))
    messages.update(held, catalog(("Save", "")))
    first = messages.written(held), messages.compiled(held)
    messages.update(held, catalog(("Save", "")))
    assert (messages.written(held), messages.compiled(held)) == first


def test_strings_of_code_and_templates_are_found(messages: ModuleType) -> None:
    found = messages.source()
    kinds = {name.rsplit(".", 1)[1] for message in found for name, _line in message.locations}
    assert kinds >= {"py", "html"}
    assert not any("/tests/" in name for message in found for name, _line in message.locations)


def test_the_sentence_of_every_act_is_found_wherever_the_act_is_written(messages: ModuleType) -> None:
    found, acts = messages.source(), (one for kind in all_kinds() for one in verbs_of(kind).values())
    assert [one.name for one in acts if found.get(cleandoc(one.__doc__ or "")) is None] == []


def test_a_string_inside_an_f_string_is_named(messages: ModuleType, monkeypatch: Any, tmp_path: Path) -> None:
    (tmp_path / "page.py").write_text("said = f\"{_('Hidden')} {_('Known')}\"\n")
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    assert list(messages.hidden(catalog(("Known", "Connu")))) == ["inside an f-string of page.py: 'Hidden'"]


def test_french_punctuation_never_begins_a_line(messages: ModuleType) -> None:
    assert messages.spaced("Depuis : « ici » ; vraiment ?") == (
        "Depuis\u00a0: «\u00a0ici\u00a0»\u202f; vraiment\u202f?"
    )
    assert messages.spaced("{title} : %(n)s") == "{title}\u00a0: %(n)s"
