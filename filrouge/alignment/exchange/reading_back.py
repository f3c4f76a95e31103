"""A folder read back: what is not here is made again, what was changed in a file is changed here.

A team's product manager may do both. An administrator may bring back what is not here at all, as a backup
does, and changes nothing that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from filrouge.alignment.roadmap.dependencies import Dependency, State
from filrouge.alignment.strategy import aligning
from filrouge.alignment.strategy.models import Cycle, Weight
from filrouge.core.errors import BadInput, Conflict, Forbidden, Refused
from filrouge.core.kinds import by_label, item_type
from filrouge.core.models import Item, Link
from filrouge.core.verbs import verbs_of
from filrouge.lib.batches import batched
from filrouge.lib.numbers import whole
from filrouge.lib.reason import N_, Reason
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import Product, Role, User
from filrouge.voices.receipts import Receipt, Remark

from . import sheets
from .cells import Names, body_of, fields_of, meant, plain
from .folder import CYCLES, LOG, ROWS, SOURCE, Folder, paths, row_fields
from .models import Origin

BATCH = 100

ALIGNED = (aligning.CONTRIBUTES, aligning.SUPPORTS)
# What an act keeps more of than a column holds.
FIXED = {"decisions.Decision": ("status", "decided_by", "decided_at")}
CYCLE = tuple(fields_of(Cycle).values())
WEIGHT = Weight._meta.get_field("weight")
ODD_CYCLES = N_(
    "The cycles of this file cannot be read: each has a name, and days on which it starts and ends."
)

UNTIED = {"untied": True}
NOWHERE = N_("“%(name)s” is neither in this folder nor here: the link is left out.")
ODD_LINK = N_("A link is written as: to: a file, as: a relation.")
MOVED_ON = N_(
    "This was changed here since it was exported (revision %(here)d, the file has %(file)s). "
    "Export again, then change the file."
)
AGAINST = N_("Its values contradict one another, or what is here.")
NOT_THAT_WAY = N_("It cannot lead to “%(name)s” as “%(relation)s”.")


@dataclass(frozen=True)
class Sheet:
    path: str
    model: type[Item]
    front: Mapping[str, Any]
    body: str

    @property
    def values(self) -> dict[str, Any]:
        """What is written for each column; one that is not written is empty."""
        written = {**self.front, body_of(self.model): self.body}
        return {name: written.get(name) for name in fields_of(self.model)}

    @property
    def revision(self) -> str:
        return str(self.front.get("revision", ""))

    def listed(self, name: str) -> list[Any]:
        found = self.front.get(name) or []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise BadInput(str(Reason(ODD_LINK)), name)
        return found


@dataclass
class Reading:
    """One run over a folder's files; what a batch of them did is committed with it."""

    by: User
    files: Mapping[str, str]
    dry_run: bool = False
    cycles: str = ""
    receipt: Receipt = field(default_factory=Receipt)
    made: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)

    def go(self) -> Receipt:
        """What a killed run had committed stands; another one brings in the rest."""
        if not self.dry_run:
            self._all()
            return self.receipt
        with transaction.atomic():
            self._all()
            transaction.set_rollback(True)
        return self.receipt

    def _all(self) -> None:
        opened = [sheet for path, text in self.files.items() if (sheet := self._opened(path, text))]
        self.names = Names({})
        self.held = {path: pk for pk, path in paths().items()}
        half = Origin.objects.filter(source=SOURCE, known=UNTIED)  # a run was killed before it tied these
        self.made = set(half.values_list("external_id", flat=True))
        self._cycles()
        for batch in batched(opened, BATCH):
            self._each(batch, self._make)
        self.folder = Folder(self.by)
        self.names = self.folder.names
        for batch in batched([sheet for sheet in opened if sheet.path in self.held], BATCH):
            self._each(batch, self._bring_to)

    @transaction.atomic
    def _each(self, batch: Sequence[Sheet], act: Callable[[Sheet], None]) -> None:
        for sheet in batch:
            try:
                with transaction.atomic():
                    act(sheet)
            except Refused as refused:
                self._reject(sheet.path, refused.field, Reason(str(refused)))
            except IntegrityError:
                self._reject(sheet.path, "", Reason(AGAINST))

    def _opened(self, path: str, text: str) -> Sheet | None:
        model = item_type(path.partition("/")[0])
        assert model is not None
        try:
            if any("\udc80" <= c <= "\udcff" for c in text):
                raise BadInput(_("This file is not UTF-8."))
            return known(Sheet(path, model, *sheets.read(text)))
        except sheets.Unreadable as error:
            self._reject(path, "", error.reason)
        except BadInput as error:
            self._reject(path, "", Reason(str(error)))
        return None

    def _reject(self, path: str, column: str, reason: Reason) -> None:
        self.receipt.reject(Remark(0, path, reason, column))

    def _cycles(self) -> None:
        """Those that are not here by name; whoever sets goals makes them."""
        if not self._restores and not may(self.by, Act.SET_GOALS):
            return
        try:
            rows = sheets.loaded(self.cycles) if self.cycles.strip() else []
            for row in rows if isinstance(rows, list) else []:
                values = {
                    column.name: meant(column, dict(row).get(column.name), self.names) for column in CYCLE
                }
                with transaction.atomic():
                    Cycle.objects.get_or_create(name=values.pop("name"), defaults=values)
        except (sheets.Unreadable, BadInput, IntegrityError, ValueError, TypeError):
            self.receipt.remarks.append(Remark(0, CYCLES, Reason(ODD_CYCLES), rejected=False))

    # What is not here

    def _make(self, sheet: Sheet) -> None:
        if sheet.path in self.held:
            return
        item = sheet.model(type=sheet.model.type_label())
        self._fill(item, sheet, later=True)
        self._may_make(item)
        item.revision = whole(sheet.revision) or 1
        item.validate()
        item.remember("read_back", by=self.by, before={})
        Origin.objects.create(source=SOURCE, external_id=sheet.path, item_id=item.pk, known=UNTIED)
        self.held[sheet.path] = item.pk
        self.made.add(sheet.path)

    def _may_make(self, item: Item) -> None:
        act = verbs_of(type(item))["create"].act
        if not self._restores and not may(self.by, act, item):
            raise Forbidden(refusal(act), "team")

    def _fill(self, item: Any, sheet: Sheet, later: bool = False) -> None:
        """The columns as the file means them; references to other files of the folder may have to wait."""
        for column in fields_of(sheet.model).values():
            if later and is_item(column):
                continue
            setattr(item, column.attname, self._meant(column, sheet))
        check_status(item)

    def _meant(self, column: Any, sheet: Sheet) -> Any:
        """Whoever or whatever area has gone is left out, and said; the rest of the file holds."""
        try:
            return meant(column, sheet.values[column.name], self.names)
        except BadInput as error:
            if column.is_relation and column.related_model in (User, Product):
                self._remark(sheet, column.name, Reason(str(error)))
                return None
            raise

    # What is here

    def _bring_to(self, sheet: Sheet) -> None:
        item = self.folder.items.get(self.held[sheet.path])
        if item is None:
            raise Forbidden(_("This is private here."))
        item.lock()
        changed = self._differing(item, sheet)
        if sheet.path in self.made:
            self._tie_new(item, sheet, changed)
            Origin.objects.filter(source=SOURCE, external_id=sheet.path).update(known={})
            self.receipt.new += 1
        elif changed:
            self._change(item, sheet, changed)
            self.receipt.updated += 1
            self.changed.append(sheet.path)
        else:
            self.receipt.unchanged += 1

    def _differing(self, item: Item, sheet: Sheet) -> list[str]:
        """What is written otherwise in the file than it would be now."""
        front, body = self.folder.sheet(item)
        main = body_of(sheet.model)
        here, there = {**front, main: body}, {**sheet.front, main: sheet.body}
        names = dict.fromkeys([*here, *there])
        return [
            name
            for name in names
            if name != "revision" and as_text(here.get(name)) != as_text(there.get(name))
        ]

    def _tie_new(self, item: Item, sheet: Sheet, changed: list[str]) -> None:
        """It is in already: an odd link costs only itself."""
        try:
            with transaction.atomic():
                self._tie(item, sheet, changed)
                self._refer(item, sheet)
        except BadInput as error:
            self._remark(sheet, error.field, Reason(str(error)))

    def _refer(self, item: Item, sheet: Sheet) -> None:
        """Columns that name another file of the folder, which had to wait until all were in."""
        columns = [one for one in fields_of(sheet.model).values() if is_item(one) and sheet.values[one.name]]
        if columns:
            meaning = {one.attname: meant(one, sheet.values[one.name], self.names) for one in columns}
            sheet.model.objects.filter(pk=item.pk).update(**meaning)

    def _change(self, item: Any, sheet: Sheet, changed: list[str]) -> None:
        act = verbs_of(sheet.model)["revise"].act
        if sheet.revision != str(item.revision):
            told: dict[str, str | int] = {"here": item.revision, "file": sheet.revision[:20] or "?"}
            raise Conflict(str(Reason(MOVED_ON, told)), "revision")
        if kept := sorted(
            {"author", "created_at", *FIXED.get(item.type, ()), *ROWS.keys() - {LOG}} & set(changed)
        ):
            raise BadInput(
                _("“%(name)s” is changed by an act on its page only.") % {"name": kept[0]}, kept[0]
            )
        before = item.snapshot()
        for moment in ("before", "after"):  # of the team that it leaves, and of the one it comes to
            if not may(self.by, act, item):
                raise Forbidden(refusal(act), "team")
            if moment == "before":
                self._fill(item, sheet)
        item.validate()
        self._tie(item, sheet, changed)
        item.remember("read_back", by=self.by, before=before)

    def _tie(self, item: Item, sheet: Sheet, changed: list[str]) -> None:
        if "leads_to" in changed:
            self._link(item, sheet)
        if "because" in changed:
            self._because(item, sheet)
        for label in ROWS:
            if label in changed:
                self._log(item, sheet, label)

    def _link(self, item: Item, sheet: Sheet) -> None:
        wanted = dict(self._edges(item, sheet))
        held = {(one.target_id, one.relation): one for one in self.folder.out[item.pk]}
        for edge in held.keys() - wanted.keys():
            held[edge].delete()
        for (target, relation), (note, weight) in wanted.items():
            link = held.get((target, relation)) or self._new_link(item, target, relation, sheet)
            Link.objects.filter(pk=link.pk).update(note=note)
            Weight.objects.filter(link=link).delete()
            if weight is not None:
                Weight.objects.create(link=link, weight=weight)

    def _edges(
        self, item: Item, sheet: Sheet
    ) -> Iterator[tuple[tuple[int, str], tuple[str, Decimal | None]]]:
        for edge in sheet.listed("leads_to"):
            name, relation = str(edge.get("to", ""))[:200], str(edge.get("as", ""))
            target = self.folder.items.get(self.names.key(Item, name) or 0)
            if target is None:
                self._remark(sheet, "leads_to", Reason(NOWHERE, {"name": name}))
                continue
            if target.pk == item.pk or item.kind.relation(relation, target.type) is None:
                raise BadInput(
                    str(Reason(NOT_THAT_WAY, {"name": name, "relation": relation[:40]})), "leads_to"
                )
            weight = meant(WEIGHT, edge["weight"], self.names) if edge.get("weight") else None
            yield (target.pk, relation), (sheets.one_end(str(edge.get("note", ""))).strip()[:20_000], weight)

    def _new_link(self, item: Item, target: int, relation: str, sheet: Sheet) -> Link:
        other = self.folder.items[target]
        edge = item.kind.relation(relation, other.type)
        assert edge is not None
        if sheet.path not in self.made and not may(self.by, edge.may, other):
            raise Forbidden(refusal(edge.may), "leads_to")
        if other.type in (aligning.GOAL, aligning.KEY_RESULT) and relation in ALIGNED:
            aligning.check(item, other, relation)
        return Link.objects.create(source_id=item.pk, target_id=target, relation=relation, by=self.by)

    def _because(self, item: Item, sheet: Sheet) -> None:
        """Evidence that is here under that very id and title; what is not, is not in this house."""
        for edge in sheet.listed("because"):
            slug, _slash, number = str(edge.get("item", "")).partition("/")
            seen = Item.objects.visible_to(self.by).filter(pk=whole(number) or 0, title=edge.get("title"))
            source = seen.first()
            relation = str(edge.get("as", ""))
            if (
                source is None
                or source.slug != slug
                or by_label(source.type).kind.relation(relation, item.type) is None
            ):
                self._remark(sheet, "because", Reason(NOWHERE, {"name": str(edge.get("item"))[:200]}))
                continue
            told = {"by": self.by, "note": str(edge.get("note", ""))[:20_000]}
            Link.objects.get_or_create(
                source_id=source.pk, target_id=item.pk, relation=relation, defaults=told
            )

    def _log(self, item: Any, sheet: Sheet, label: str) -> None:
        """Rows that are only ever added: what a file adds is noted by whoever reads it back."""
        wanted = [self._row(apps.get_model(label), label, cells) for cells in sheet.listed(label)]
        new = {str(self._written(row, label)): row for row in wanted}
        for row in self.folder.rows.get(item.pk, {}).get(label, []):
            if new.pop(str(self._written(row, label)), None) is None:
                raise BadInput(_("What stands in a log is not taken back: add a line instead."), label)
        for row in new.values():
            setattr(row, f"{ROWS[label]}_id", item.pk)
            if sheet.path not in self.made:
                row.by = self.by
            self._own_word(row)
            row.save()
        if sheet.path not in self.made:
            item.read_log()

    def _own_word(self, row: Any) -> None:
        """Nobody agrees for another team: what a file says of its answer is asked of it anew."""
        if isinstance(row, Dependency) and not (self._restores or self.by.manages(row.needs.team_id)):
            row.state, row.answer, row.answered_by, row.answered_at = State.ASKED, "", None, None

    @property
    def _restores(self) -> bool:
        """Whether it is brought back as from a backup, with everybody's word for it."""
        return self.by.role == Role.ADMIN

    def _written(self, row: Any, label: str) -> Any:
        return as_text(plain(row, row_fields(label), self.names))

    def _row(self, model: Any, label: str, cells: Mapping[str, Any]) -> Any:
        row = model()
        for column in row_fields(label):
            setattr(row, column.attname, meant(column, cells.get(column.name), self.names))
        return row

    def _remark(self, sheet: Sheet, column: str, reason: Reason) -> None:
        self.receipt.remarks.append(Remark(0, sheet.path, reason, column, rejected=False))


def known(sheet: Sheet) -> Sheet:
    """The sheet, if all that it holds is something a file can hold."""
    names = {*fields_of(sheet.model), *ROWS, "revision", "leads_to", "because"}
    if unknown := [str(name) for name in sheet.front if name not in names]:
        raise BadInput(_("“%(name)s” is nothing that this file can hold.") % {"name": unknown[0][:60]})
    return sheet


def is_item(column: Any) -> bool:
    return bool(column.is_relation and issubclass(column.related_model, Item))


def check_status(item: Any) -> None:
    statuses = dict(type(item).Status.choices)
    if item.status not in statuses:
        raise BadInput(_("“%(value)s” is not a status of this.") % {"value": str(item.status)[:60]}, "status")


def as_text(value: Any) -> Any:
    """As a file gives it, so that what is here compares with what is there."""
    return sheets.loaded(sheets.dumped(value)) if value not in (None, "", [], {}) else ""
