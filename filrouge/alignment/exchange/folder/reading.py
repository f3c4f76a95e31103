"""A folder read back: what is not here is made again, what was changed in a file is changed here.

A team's product manager may do both. An administrator may bring back what is not here at all, as a backup
does, and changes nothing that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from filrouge.alignment.strategy import aligning
from filrouge.core.errors import BadInput, Conflict, Forbidden, Refused
from filrouge.core.models import Item, Link, Tied
from filrouge.core.origins import Origin
from filrouge.core.verbs import verbs_of
from filrouge.lib.batches import batched
from filrouge.lib.numbers import whole
from filrouge.lib.reason import N_, Reason
from filrouge.people.access import may, refusal
from filrouge.people.models import Product, Role, User
from filrouge.voices.receipts import Receipt, Remark

from . import shared, sheets
from .cells import Names, body_of, fields_of, meant
from .contents import BRIEF, LOG, ORIGINS, ROWS, SOURCE, Folder, paths
from .edges import Edges
from .lines import Lines, rows_in
from .naming import Paths, shown
from .opened import Sheet, as_text, check_status, opened, undated, waiting

BATCH = 100

# What an act keeps more of than a column holds.
FIXED = {
    "decisions.Decision": ("status", "decided_by", "decided_at", BRIEF),
    "strategy.Goal": ("said", "said_by", "said_at", "said_reason"),
}

UNTIED = {"untied": True}
MOVED_ON = N_(
    "This was changed here since it was exported (revision %(here)d, the file has %(file)s). "
    "Export again, then change the file."
)
AGAINST = N_("Its values contradict one another, or what is here.")
LOST = N_("Its brief names what is not in this house (%(count)d): that is left out of it.")
ODD_BRIEF = N_("A brief is written as items: and links:.")


@dataclass
class Reading:
    """One run over a folder's files; what a batch of them did is committed with it, or undone in a dry run.

    What a killed run had committed stands; another one brings in the rest.
    """

    by: User
    files: Mapping[str, str]
    dry_run: bool = False
    around: Mapping[str, str] = field(default_factory=dict)
    receipt: Receipt = field(default_factory=Receipt)
    made: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)

    def go(self) -> Receipt:
        self.names = Names({})
        self.held = {path: pk for pk, path in paths().items()}
        told = list(self._sheets())
        half = Origin.objects.filter(source=SOURCE, known=UNTIED)  # a run was killed before it tied these
        self.made = set(half.values_list("external_id", flat=True))
        self._around(shared.BEFORE)
        for batch in batched(told, BATCH):
            self._each(batch, self._make)
        self._look()
        for batch in batched([sheet for sheet in told if sheet.path in self.held], BATCH):
            self._each(batch, self._bring_to)
        self._around((shared.SCENARIOS,))
        return self.receipt

    def _look(self) -> None:
        """At all that is here now; what a dry run only would have made goes by a number below zero."""
        with transaction.atomic():
            self.folder = Folder(self.by)
            transaction.set_rollback(self.dry_run)
        would = {pk: path for path, pk in self.held.items() if pk < 0}
        self.names = Names({**self.folder.names.items, **would})
        self.folder.briefs.names = self.names

    def _around(self, files: Iterable[shared.File], as_if: bool = False) -> None:
        """`as_if`: a dry run has them while it looks at what names them, and undoes them with it."""
        reading = shared.Reading(self.by, self.names, self.dry_run and not as_if)
        for file in files:
            reading.take(file, self.around.get(file.name, ""))
        self.names = Names(self.names.items)  # cycles and types may have come
        said = [] if as_if else reading.remarks
        self.receipt.remarks += [Remark(0, name, why, rejected=False) for name, why in said]

    def _each(self, batch: Sequence[Sheet], act: Callable[[Sheet], None]) -> None:
        with transaction.atomic():
            if self.dry_run:
                self._around(shared.BEFORE, as_if=True)
            for sheet in batch:
                try:
                    with transaction.atomic():
                        act(sheet)
                except Refused as refused:
                    self._reject(sheet.path, refused.field, Reason(str(refused)))
                except IntegrityError:
                    self._reject(sheet.path, "", Reason(AGAINST))
            transaction.set_rollback(self.dry_run)

    def _sheets(self) -> Iterator[Sheet]:
        names = Paths(self.held)
        for path, text in self.files.items():
            try:
                names.take(path)
                yield opened(path, text)
            except sheets.Unreadable as error:
                self._reject(shown(path), "", error.reason)
            except BadInput as error:
                self._reject(shown(path), "", Reason(str(error)))

    def _reject(self, path: str, column: str, reason: Reason) -> None:
        self.receipt.reject(Remark(0, path, reason, column))

    # What is not here

    def _make(self, sheet: Sheet) -> None:
        if sheet.path in self.held:
            return
        item = sheet.model(type=sheet.model.type_label())
        self._fill(item, sheet, later=True)
        self._may_make(item)
        if not self._restores:
            self._in_own_name(item, sheet)
        item.revision = whole(sheet.revision) or 1
        item.validate()
        item.remember("read_back", by=self.by, before={})
        Origin.objects.create(source=SOURCE, external_id=sheet.path, item_id=item.pk, known=UNTIED)
        self.made.add(sheet.path)
        self.held[sheet.path] = -len(self.made) if self.dry_run else item.pk

    def _may_make(self, item: Item) -> None:
        act = verbs_of(type(item))["create"].act
        if not self._restores and not may(self.by, act, item):
            raise Forbidden(refusal(act), "team")

    def _in_own_name(self, item: Any, sheet: Sheet) -> None:
        """Who wrote and decided is for those to say who restore; the file is written again with it."""
        item.author = self.by
        for name in ("decided_by", "said_by"):
            if getattr(item, f"{name}_id", None):
                setattr(item, name, self.by)
        self.changed.append(sheet.path)

    def _fill(self, item: Any, sheet: Sheet, later: bool = False) -> None:
        """The columns as the file means them; references to other files of the folder may have to wait."""
        waits = waiting(sheet) if later else set()
        for column in fields_of(sheet.model).values():
            if column.name not in waits:
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
        if self.held[sheet.path] < 0:
            return self._look_over(sheet)
        item = self.folder.items.get(self.held[sheet.path])
        if item is None:
            raise Forbidden(_("This is private here."))
        if self.folder.text(item) == self.files[sheet.path] and sheet.path not in self.made:
            self.receipt.unchanged += 1
            return None
        return self._brought(item, sheet)

    def _look_over(self, sheet: Sheet) -> None:
        """A new one, in a dry run: what it names, as far as that can be told before it is here."""
        self.receipt.new += 1
        try:
            edges = self._edges(sheet)
            list(edges.wanted())
            list(edges.evidence())
            self._columns(sheet)
            for name in ROWS:
                rows_in(sheet, name, self.names, self._remark)
        except BadInput as error:
            self._remark(sheet, error.field, Reason(str(error)))

    def _brought(self, item: Any, sheet: Sheet) -> None:
        item.lock()
        changed = self._differing(item, sheet)
        if sheet.path in self.made:
            self._tie_new(item, sheet, list(sheet.front))
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
            if name not in ("revision", ORIGINS)
            and as_text(undated(name, here.get(name))) != as_text(undated(name, there.get(name)))
        ]

    def _tie_new(self, item: Item, sheet: Sheet, changed: list[str]) -> None:
        """It is in already: an odd link costs only itself."""
        refer: Callable[[], None] = partial(self._refer, item, sheet)
        for act in (*self._ties(item, sheet, changed), refer):
            try:
                with transaction.atomic():
                    act()
            except Refused as error:
                self._remark(sheet, error.field, Reason(str(error)))

    def _refer(self, item: Item, sheet: Sheet) -> None:
        """Columns that name another file of the folder, which had to wait until all were in."""
        if meaning := self._columns(sheet):
            vars(item).update(meaning)
            item.validate()
            sheet.model.objects.filter(pk=item.pk).update(**meaning)

    def _columns(self, sheet: Sheet) -> dict[str, Any]:
        waits = waiting(sheet)
        columns = [one for one in fields_of(sheet.model).values() if one.name in waits]
        found = {one.attname: meant(one, sheet.values[one.name], self.names) for one in columns}
        return found | ({BRIEF: self._brief(sheet)} if sheet.front.get(BRIEF) else {})

    def _brief(self, sheet: Sheet) -> dict[str, Any]:
        try:
            brief, lost = self.folder.briefs.meant(sheet.front[BRIEF])
        except (ValueError, TypeError, AttributeError):
            raise BadInput(str(Reason(ODD_BRIEF)), BRIEF) from None
        if lost:
            self._remark(sheet, BRIEF, Reason(LOST, {"count": len(lost)}))
        return brief

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
        out = Link.objects.filter(source_id=item.pk)
        found = aligning.edges(out)
        self._tie(item, sheet, changed)
        left = aligning.edges(out)
        tied = Tied(None, found, left) if found != left else None
        item.remember("read_back", by=self.by, before=before, about=tied)

    def _tie(self, item: Item, sheet: Sheet, changed: list[str]) -> None:
        for act in self._ties(item, sheet, changed):
            act()

    def _ties(self, item: Item, sheet: Sheet, changed: list[str]) -> Iterator[Callable[[], None]]:
        """Rows first: evidence speaks for or against options."""
        yield from (partial(self._log, item, sheet, name) for name in ROWS if name in changed)
        if "leads_to" in changed:
            yield partial(self._edges(sheet).draw, item)
        if "because" in changed:
            yield partial(self._edges(sheet).draw_evidence, item)

    def _edges(self, sheet: Sheet) -> Edges:
        return Edges(sheet, self.folder, self.names, self.by, self._as_it_was(sheet), self._remark)

    def _log(self, item: Any, sheet: Sheet, name: str) -> None:
        lines = Lines(sheet, name, self.names, self.by, self._as_it_was(sheet), self._remark)
        lines.add_to(item, self.folder.rows.get(item.pk, {}).get(name, []))
        if name == LOG and sheet.path not in self.made:
            item.read_log()

    @property
    def _restores(self) -> bool:
        """Whether it is brought back as from a backup, with everybody's word for it."""
        return self.by.role == Role.ADMIN

    def _as_it_was(self, sheet: Sheet) -> bool:
        return self._restores and sheet.path in self.made

    def _remark(self, sheet: Sheet, column: str, reason: Reason) -> None:
        self.receipt.remarks.append(Remark(0, sheet.path, reason, column, rejected=False))
