"""From a file of plans to the roadmap: a batch of rows a transaction, together with its counters."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils import timezone

from filrouge.core.errors import Refused
from filrouge.core.origins import Origin
from filrouge.jobs.models import State as JobState
from filrouge.jobs.run import Cancelled, Run
from filrouge.lib.batches import batched
from filrouge.lib.dates import Order, guess_order
from filrouge.lib.formats import Reject, Row, header, read
from filrouge.lib.formats.text import open_text, showable
from filrouge.lib.reason import N_, Reason
from filrouge.people.models import Team, User
from filrouge.voices.receipts import Receipt, Remark

from . import aims
from .aiming import take_aim
from .aims import Aim
from .models import PlanImport, Pointer
from .needing import ask
from .plans import Plan, Unfit
from .shapes import Shape, shaped
from .taking import Taken, take

LONGEST_DATE = 40
BATCH = 100  # Items a transaction: about half a second, so that others write in between

COMES_AGAIN = N_("The same id stands on line %(line)d again; only that one is taken.")
DANGLING = N_("“%(name)s” is neither in this file nor here; the reference is kept.")
NOT_ASKED = N_("No dependency with “%(name)s”: %(why)s")
NO_SUCH_TEAM = N_("There is no team “%(name)s” here: its rows went to %(team)s.")
NO_TEAM = N_("Say which team these are for: you are in none yourself.")


@dataclass(frozen=True)
class Told:
    """A row of the file as the roadmap could hold it."""

    line: int
    plan: Plan | Aim
    raw: Mapping[str, str]


@dataclass
class Survey:
    """The whole file, read once: these files are small. `names`: what rows call each other -> id."""

    rows: list[Told | Remark] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def see(self, row: Told | Remark) -> None:
        self.rows.append(row)
        if isinstance(row, Told):
            self.last[row.plan.external_id] = row.line
            self.names |= dict.fromkeys((row.plan.external_id, *row.plan.names), row.plan.external_id)


def columns_of(import_: PlanImport) -> list[str]:
    return header(io.BytesIO(import_.content), import_.name)


def survey(import_: PlanImport) -> Survey:
    found = Survey()
    for row in _aims(import_) if import_.shape in aims.SHAPES else _plans(import_):
        found.see(row)
    return found


def _aims(import_: PlanImport) -> Iterator[Told | Remark]:
    content = text_of(import_.content)
    for row in aims.SHAPES[import_.shape][1](content):
        if isinstance(row, Reject):
            yield _broken(row)
        else:
            line, aim = row
            yield _fit(line, aim.within_limits, {"objective": aim.title})


def _plans(import_: PlanImport) -> Iterator[Told | Remark]:
    shape = shaped(import_.shape, import_.mapping)
    records = list(read(io.BytesIO(import_.content), import_.name))
    told = (cell for one in records if isinstance(one, Row) for cell in one.values.values())
    order = guess_order(cell for cell in told if len(cell) < LONGEST_DATE)
    for record in records:
        if isinstance(record, Reject):
            yield _broken(record)
        else:
            cells = defaultdict(str, record.values)  # a record of JSON may leave a column out
            yield _fit(record.line, partial(_plan, shape, cells, order), record.values)


def _broken(record: Reject) -> Remark:
    return Remark(record.line, record.column, record.reason, raw={"": record.raw})


def _plan(shape: Shape, values: Mapping[str, str], order: Order) -> Plan:
    return shape.plan(values, order).within_limits()


def _fit(line: int, made: Callable[[], Plan | Aim], raw: Mapping[str, str]) -> Told | Remark:
    try:
        return Told(line, made(), raw)
    except Unfit as unfit:
        return Remark(line, unfit.column, unfit.reason, raw=raw)


def text_of(content: bytes | memoryview) -> str:
    """In its own encoding, with signs in place of what is no text."""
    with open_text(io.BytesIO(bytes(content))) as text:
        return showable(text.read())


class Importing:
    """One run over one file: a job's, or the command line's own."""

    def __init__(self, import_: PlanImport, run: Run) -> None:
        assert import_.by is not None
        self.import_, self.run, self.by = import_, run, import_.by
        self.survey = survey(import_)
        self.teams = {name.casefold(): pk for pk, name in Team.objects.values_list("pk", "name")}
        self.own = import_.team_id or home_of(self.by)
        self.unknown: set[str] = set()

    def go(self) -> None:
        self.import_.total = len(self.survey.rows)
        self.import_.save(update_fields=["total"])
        for rows in batched(self.survey.rows[self.import_.position :], BATCH):
            self._batch(rows)
            self._stop_if_asked()
        if not self.import_.dry_run:
            self._resolve()
            self._ask()
        self._end(PlanImport.State.CHECKED if self.import_.dry_run else PlanImport.State.DONE)

    def _batch(self, rows: Sequence[Told | Remark]) -> None:
        with self.run.commit():
            with transaction.atomic():
                receipt, proposed = self._taken(rows)
                if self.import_.dry_run:
                    transaction.set_rollback(True)
            self.import_.take(receipt, proposed, len(rows))
        self.run.progress(self.import_.position, self.import_.total)

    def _taken(self, rows: Sequence[Told | Remark]) -> tuple[Receipt, int]:
        receipt, proposed = Receipt(), 0
        here = self._here(rows)
        for row in rows:
            if isinstance(row, Remark):
                receipt.reject(row)
            elif isinstance(done := self._one(row, here), Remark):
                receipt.reject(done)
            else:
                setattr(receipt, done.outcome, getattr(receipt, done.outcome) + 1)
                proposed += done.proposed
                receipt.remarks += self._remarks(row, here)
        return receipt, proposed

    def _here(self, rows: Sequence[Told | Remark]) -> dict[str, Origin]:
        """The Items that these rows are about or refer to, as far as they are here."""
        told = [row.plan for row in rows if isinstance(row, Told)]
        ids = {plan.external_id for plan in told} | {one.name for plan in told for one in plan.refers}
        found = Origin.objects.filter(source=self.import_.source, external_id__in=ids)
        return {origin.external_id: origin for origin in found}

    def _one(self, row: Told, here: dict[str, Origin]) -> Taken | Remark:
        """One row whole, or nothing of it and the reason."""
        plan = row.plan
        if (line := self.survey.last[plan.external_id]) != row.line:
            return Remark(row.line, "", Reason(COMES_AGAIN, {"line": line}), raw=row.raw)
        team = self._team_of(plan)
        if team is None:
            return Remark(row.line, "team", Reason(NO_TEAM), raw=row.raw)
        try:
            with transaction.atomic():
                known, source = here.get(plan.external_id), self.import_.source
                if isinstance(plan, Aim):
                    return take_aim(plan, known, source, team, self.by)
                return take(plan, known, source, team, self.by)
        except Refused as refused:
            return Remark(row.line, refused.field, Reason(str(refused)), raw=row.raw)

    def _team_of(self, plan: Plan | Aim) -> int | None:
        """The team asked for; else the row's, if there is one of that name; else the person's own."""
        if self.import_.team_id:
            return self.import_.team_id
        return self.teams.get(plan.team.casefold(), self.own)

    def _remarks(self, row: Told, here: dict[str, Origin]) -> Iterator[Remark]:
        """What was odd about a row that came in."""
        for note in row.plan.notes:
            yield Remark(row.line, note.column, note.reason, rejected=False)
        for one in row.plan.refers:
            if one.name not in self.survey.names and one.name not in here:
                yield Remark(row.line, one.column, Reason(DANGLING, {"name": one.name}), rejected=False)
        name = row.plan.team
        if (
            name
            and not self.import_.team_id
            and name.casefold() not in self.teams | dict.fromkeys(self.unknown, 0)
        ):
            self.unknown.add(name.casefold())
            values = {"name": name, "team": self._home_name()}
            yield Remark(row.line, "team", Reason(NO_SUCH_TEAM, values), rejected=False)

    def _home_name(self) -> str:
        return str(Team.objects.get(pk=self.own)) if self.own else ""

    def _resolve(self) -> None:
        """References, of this import or a former one, whose other end is here by now."""
        source, names = self.import_.source, self.survey.names
        loose = list(Pointer.objects.dangling().filter(origin__source=source))
        here = dict(Origin.objects.filter(source=source).values_list("external_id", "item_id"))
        for one in loose:
            one.target_id = here.get(names.get(one.name, one.name))
        found = [one for one in loose if one.target_id]
        with self.run.commit():
            Pointer.objects.bulk_update(found, ["target"], batch_size=500)
            self.import_.tied += len(found)
            self.import_.save(update_fields=["tied"])

    def _ask(self) -> None:
        """What blocks what, of this file or a former one, as dependencies; others' rows are not told of."""
        known = Pointer.objects.to_ask().filter(origin__source=self.import_.source)
        for batch in batched(known.select_related("origin").order_by("pk"), BATCH):
            with self.run.commit():
                told = [one for one in ask(batch, self.by) if one[0].origin.external_id in self.survey.last]
                refused = [self._unasked(one, why) for one, why in told]
                self.import_.note(refused)
                self.import_.save(update_fields=["notes"])

    def _unasked(self, one: Pointer, why: Refused) -> Remark:
        line = self.survey.last.get(one.origin.external_id, 0)
        told = {"name": one.name, "why": str(why)}
        return Remark(line, one.relation, Reason(NOT_ASKED, told), rejected=False)

    def _stop_if_asked(self) -> None:
        if self.run.cancelled():
            self._end(PlanImport.State.CANCELLED, last=False)
            raise Cancelled

    def _end(self, state: PlanImport.State, last: bool = True) -> None:
        with self.run.commit(last=last):
            end(self.import_, state)


def end(import_: PlanImport, state: PlanImport.State) -> None:
    """The import's last word; the file goes with it, unless it was only tried."""
    import_.state = state
    if state not in PlanImport.WAITING:
        import_.content, import_.finished_at = b"", timezone.now()
    import_.save()


def settle(import_: PlanImport) -> None:
    """Note the end of one that could not do so itself: cancelled as a job, or its command was killed."""
    if _cut_off(import_):
        import_.refresh_from_db()  # it may have come to its own end since it was read
        if _cut_off(import_):
            end(import_, PlanImport.State.CANCELLED)


def _cut_off(import_: PlanImport) -> bool:
    job = import_.job if import_.going else None
    return import_.abandoned or (job is not None and job.state == JobState.CANCELLED)


def home_of(person: User) -> int | None:
    """The team that a row without one is for: as where a person writes something down by hand."""
    return next(iter(sorted(person.managed_team_ids or person.team_ids)), None)
