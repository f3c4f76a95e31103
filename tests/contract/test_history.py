"""The history is only ever added to."""

from __future__ import annotations

import ast
from pathlib import Path

import filrouge

PACKAGE = Path(filrouge.__file__).parent
CHANGES = {"update", "delete", "bulk_update", "update_or_create", "_raw_delete"}


def mentions(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "History" for one in ast.walk(node)) or any(
        isinstance(one, ast.Attribute) and one.attr == "history" for one in ast.walk(node)
    )


def offences(path: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [f"{path.name}:{call.lineno}" for call in calls if changes(call.func)]


def changes(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in CHANGES and mentions(called.value)


def test_no_code_changes_or_removes_history() -> None:
    files = [
        path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts and "tests" not in path.parts
    ]
    found = [offence for path in files for offence in offences(path)]
    assert len(files) > 50 and not found, f"History is rewritten in {found}"


def test_the_guard_sees_an_offence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("History.objects.filter(pk=1).delete()\nitem.history.all().update(verb='x')\n")
    assert offences(bad) == ["bad.py:1", "bad.py:2"]
