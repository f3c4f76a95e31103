"""A command for every Kind and Verb: the same acts as on the pages, as the same people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.http import QueryDict
from django.utils import translation
from pydantic.fields import FieldInfo

from filrouge.core import lists
from filrouge.core.circles import reads_items
from filrouge.core.errors import Forbidden
from filrouge.core.fields import BIGGEST_ID, choices_of, parts
from filrouge.core.kinds import all_kinds
from filrouge.core.models import Item
from filrouge.core.plain import FORMATS, dumps, rows_for_export, written
from filrouge.core.verbs import Verb, verbs_of
from filrouge.lib.terminal import json_option
from filrouge.people.access import Act, may, refusal
from filrouge.people.commands import as_option
from filrouge.people.models import User

from . import routes

Values = dict[str, Any]


def register(cli: click.Group) -> None:
    export = click.Group("export", help="Write a list to a file or to the terminal.")
    for model in all_kinds():
        cli.add_command(kind_group(model))
        export.add_command(export_command(model))
    cli.add_command(export)


def kind_group(model: type[Item]) -> click.Group:
    with translation.override("en"):
        name = str(model._meta.verbose_name_plural)
        group = click.Group(model.kind.slug, help=f"List, read and change {name}.")
        group.add_command(list_command(model, name))
        for which, about in (
            ("show", "Show one"),
            ("thread", "What leads to one, and what it led to"),
            ("history", "Who did what"),
        ):
            made = click.command(which, params=[ID()], help=f"{about}.")
            group.add_command(made(common(partial(read, model, which))))
        for verb in verbs_of(model).values():
            group.add_command(verb_command(model, verb))
    return group


def ID() -> click.Argument:
    return click.Argument(["id"], type=click.IntRange(1, BIGGEST_ID))


def common(callback: Callable[..., None]) -> Callable[..., None]:
    """What every command here takes: as whom, and how to answer."""
    return as_option(json_option(callback))


# Reading


def filter_options(model: type[Item]) -> list[click.Parameter]:
    facets = [
        click.Option([f"--{facet.name}"], multiple=True, help="Several are alternatives.")
        for facet in lists.facets_of(model)
    ]
    return [
        click.Option(["--q"], help="Words to look for."),
        *facets,
        click.Option(["--sort"], help="changed, created or title."),
    ]


def list_command(model: type[Item], name: str) -> click.Command:
    paging: list[click.Parameter] = [
        click.Option(["--limit"], type=click.IntRange(1, 1000)),
        click.Option(["--cursor"], help="From `next`."),
    ]
    made = click.command("list", params=[*filter_options(model), *paging], help=f"List {name}.")
    return made(common(partial(show_list, model)))


def query(values: Mapping[str, Any]) -> QueryDict:
    """The options that were given, as the query string of the page."""
    found = QueryDict(mutable=True)
    for name, value in values.items():
        for one in value if isinstance(value, tuple) else (value,):
            if one not in (None, ""):
                found.appendlist(name, str(one))
    return found


def show_list(model: type[Item], by: User, as_json: bool, **chosen: Any) -> None:
    with translation.override(by.language):
        found = routes.list_json(model, query(chosen), by)
        say(as_json, found, "\n".join(line(one) for one in found["items"]) or "Nothing matches.")


def line(one: Values) -> str:
    state = f"  [{one['status']}]" if one.get("status") else ""
    return f"{one['id']:>7}  {one['title']}{state}"


def read(model: type[Item], which: str, id: int, by: User, as_json: bool) -> None:
    reading: dict[str, tuple[Callable[..., Values], Callable[[Values], str]]] = {
        "show": (routes.one_json, sheet),
        "thread": (routes.way_json, way),
        "history": (partial(routes.past_json, before=""), past),
    }
    find, write = reading[which]
    with translation.override(by.language):
        found = find(model, id, by=by)
        say(as_json, found, write(found))


def sheet(found: Values) -> str:
    """A line a value; what holds several has one line for each of them."""
    return "\n".join(f"{name}: {told(value)}" for name, value in found.items() if not blank(value))


def blank(value: Any) -> bool:
    return value in (None, "", {}, [])


def told(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["name"]) if set(value) == {"id", "name"} else pairs(value)
    if isinstance(value, list):
        return "".join(f"\n  - {told(one)}" for one in value)
    return str(value)


def pairs(value: Values) -> str:
    """An entry of a list on one line: `title: Files, kind: FS, state: asked`."""
    flat = {
        name: one["title"] if isinstance(one, dict) and "title" in one else one for name, one in value.items()
    }
    return ", ".join(f"{name}: {brief(one)}" for name, one in flat.items() if not blank(one))


def brief(value: Any) -> str:
    """A value within a line; of several the names."""
    if isinstance(value, list):
        return "; ".join(str(one.get("title", one) if isinstance(one, dict) else one) for one in value)
    return told(value)


def way(found: Values) -> str:
    steps = [*reversed(found["before"]), *found["after"]]
    return (
        "\n".join(f"{step['step']:+d}  {step['item']['title']} ({step['label']})" for step in steps)
        or "Nothing is linked yet."
    )


def past(found: Values) -> str:
    return "\n".join(
        f"{entry['at']:%Y-%m-%d %H:%M}  {entry['sentence']}"
        + "".join(
            f"\n    {change['label']}: {change['before']} -> {change['after']}" for change in entry["changes"]
        )
        for entry in found["items"]
    )


def say(as_json: bool, value: Any, text: str) -> None:
    click.echo(dumps(value) if as_json else text)


# Acting


def verb_command(model: type[Item], verb: Verb) -> click.Command:
    params: list[click.Parameter] = [] if verb.makes else [ID()]
    params += [option(name, info) for name, info in verb.model(model).model_fields.items()]
    if not verb.makes:
        params.append(
            click.Option(["--revision"], type=int, help="Refuse if somebody changed it since this revision.")
        )
    made = click.command(verb.name.replace("_", "-"), params=params, help=verb.__doc__ or str(verb.label))
    return made(common(partial(act, model, verb)))


def option(name: str, info: FieldInfo) -> click.Option:
    """An option for a parameter; `-` as its value would be text, so empty text empties what may be empty."""
    bare, _marks, _optional = parts(info.annotation)
    flag = f"--{name.replace('_', '-')}"
    if bare is bool:
        return click.Option([f"{flag}/--no-{flag[2:]}", name], default=None)
    several = getattr(bare, "__origin__", None) is list
    choices = choices_of(bare)
    kind = click.Choice([str(one) for one in choices]) if choices else None
    return click.Option(
        [flag, name],
        multiple=several,
        required=info.is_required(),
        type=kind,
        metavar="ID" if several else None,
    )


def given(values: Mapping[str, Any], verb: Verb, model: type[Item]) -> Values:
    found = {name: value for name, value in values.items() if value is not None and value != ()}
    for name, info in verb.model(model).model_fields.items():
        bare, _marks, optional = parts(info.annotation)
        if found.get(name) == "" and optional and bare is not str:
            found[name] = None
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def act(
    model: type[Item], verb: Verb, by: User, as_json: bool,
    id: int | None = None, revision: int | None = None,
    **values: Any,
) -> None:  # fmt: skip
    with translation.override(by.language):
        target: Any = model if id is None else verb.target(model, id, by)
        made = verb.ask(target, by, given(values, verb, model), revision)
        pk = made.pk if verb.makes else id
        found = routes.made_json(model, pk, by)
        say(as_json, found, f"{model.kind.slug} {pk}: {str(verb.label).rstrip('…')}")


# Writing files


def export_command(model: type[Item]) -> click.Command:
    with translation.override("en"):
        name = str(model._meta.verbose_name_plural)
    params: list[click.Parameter] = [
        *filter_options(model),
        click.Option(
            ["--format", "format_"], type=click.Choice(list(FORMATS)), default="csv", show_default=True
        ),
        click.Option(
            ["--output"],
            type=click.Path(dir_okay=False, path_type=Path),
            help="A file; the terminal if left out.",
        ),
    ]
    made = click.command(model.kind.slug, params=params, help=f"Export {name}, as their page would.")
    return made(as_option(partial(export, model)))


def export(model: type[Item], by: User, format_: str, output: Path | None, **chosen: Any) -> None:
    if not may(by, Act.EXPORT) or not reads_items(by):
        raise Forbidden(refusal(Act.EXPORT))
    with translation.override(by.language):
        rows = rows_for_export(model, lists.parse(model, query(chosen), strict=True), by)
        blocks = written(model, rows.iterator(chunk_size=500), format_)
        if output is None:
            for block in blocks:
                sys.stdout.buffer.write(block)
            return
        unfinished = output.with_name(f".{output.name}.part")
        with unfinished.open("wb") as out:
            out.writelines(blocks)
        unfinished.replace(output)
    click.echo(f"{output} is written.")
