"""YAML from people's files: a tree of values that a database takes, as large as its text and no larger."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from yaml.composer import ComposerError

NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""As JSON writes the sign that PostgreSQL keeps in no text; what only spells it is another."""


class Unplain(ValueError):
    """It is YAML, and holds what no file of a person's needs; `line` is where, from 1."""

    def __init__(self, line: int = 1) -> None:
        super().__init__("not plain")
        self.line = line


class _NoAliases:
    """A few aliases of aliases stand for more values than any memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):  # type: ignore[attr-defined]
            raise ComposerError(None, None, "an alias", self.peek_event().start_mark)  # type: ignore[attr-defined]
        return super().compose_node(parent, index)  # type: ignore[misc]


class Typed(_NoAliases, yaml.SafeLoader):
    """Numbers, dates and the rest as YAML means them."""


class Written(_NoAliases, yaml.BaseLoader):
    """Every scalar as it is written."""


def load(text: str, loader: type[Typed] | type[Written]) -> Any:
    try:
        found = yaml.load(text, Loader=loader)
        # Halves of characters, and numbers of thousands of digits, can be neither written nor kept.
        told = json.dumps(found, default=str, ensure_ascii=False, skipkeys=True)
        told.encode()
        if NUL.search(told):
            raise Unplain
        return found
    except yaml.MarkedYAMLError as error:
        raise Unplain(error.problem_mark.line + 1 if error.problem_mark else 1) from None
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        raise Unplain from None
