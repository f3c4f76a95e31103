"""Decisions written elsewhere come in: one file is one decision, with the acts that its importer may do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from filrouge.core.errors import Refused
from filrouge.core.origins import Origin
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import Team, User

from . import madr, pep
from .assumption import Breaks, shared
from .logbook import at_home
from .madr import Memo
from .models import Decision
from .options import Part, arguments
from .references import Refs
from .statuses import Meaning, dirt, meaning

PROSE = 20_000
NUMBER = re.compile(r"-?\d{1,10}(\.\d{1,5})?")
READERS: dict[str, Callable[[str, str], Memo]] = {"madr": madr.read, "pep": pep.read}
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """A file and what it says; `number` is its place among the files."""

    number: int
    file: str
    memo: Memo
    digest: str
    format: str


@dataclass
class Receipt:
    """`read = new + updated + unchanged + rejected`; `errors` are the files that need a look."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def note(self, entry: Entry, column: str, reason: object) -> None:
        self.errors.append(
            {"line": entry.number, "file": entry.file, "column": column, "reason": str(reason)}
        )

    def as_json(self) -> dict[str, Any]:
        counts = {name: getattr(self, name) for name in ("new", "updated", "unchanged", "rejected")}
        errors = sorted(self.errors, key=lambda error: error["line"])
        return {"read": sum(counts.values()), **counts, "errors": errors}


def entries(files: Iterable[Sequence[str]], format: str) -> list[Entry]:
    """The files as they are read; each is known by its own number, or by its name without the ending."""
    found = []
    for number, (name, text) in enumerate(files, 1):
        memo = READERS[format](text, name.rsplit("/", 1)[-1].rsplit(".", 1)[0][:200])
        digest = sha256(text.encode(errors="replace")).hexdigest()
        found.append(Entry(number, name, memo, digest, format))
    return found


@dataclass(frozen=True)
class Shown:
    """A file as the preview tells it."""

    file: str
    title: str
    status: str
    means: str
    remarks: tuple[str, ...]


def preview(found: Iterable[Entry]) -> list[Shown]:
    rows = []
    for entry in found:
        memo = entry.memo
        means, word = meaning(memo.status, answered=bool(memo.rationale or memo.chosen))
        said = [*(str(reason) for _column, reason in memo.remarks), *dirt(memo, word)]
        rows.append(
            Shown(entry.file, memo.title, memo.status, str(Decision.Status(means).label), tuple(said))
        )
    return rows


@dataclass
class Importing:
    """One run over the files, by one person, for the team that they chose."""

    source: str
    by: User
    team: Team | None = None
    dry_run: bool = False
    receipt: Receipt = field(default_factory=Receipt)

    def go(self, found: list[Entry], told: Told = lambda done, total: None) -> dict[str, Any]:
        """Each file in a transaction of its own: one that is refused stops no other."""
        last = {entry.memo.id: entry for entry in found}
        for entry in found:
            if last[entry.memo.id] is not entry:
                self.receipt.unchanged += 1
                self.receipt.note(entry, "id", _("Another file has the same id; the last one stands."))
            else:
                self.take(entry)
            told(entry.number, len(found))
        self.tie(list(last.values()))
        return self.receipt.as_json()

    def take(self, entry: Entry) -> None:
        for column, reason in entry.memo.remarks:
            self.receipt.note(entry, column, reason)
        try:
            with transaction.atomic():
                done = self.one(entry)
                transaction.set_rollback(self.dry_run)
        except Refused as refused:
            done = "rejected"
            self.receipt.note(entry, refused.field, refused)
        setattr(self.receipt, done, getattr(self.receipt, done) + 1)

    def one(self, entry: Entry) -> str:
        """What becomes of one file: new, updated or unchanged."""
        if (ours := at_home(entry.memo, self.by, entry.format)) is not None:
            return ours
        origin = Origin.objects.filter(source=self.source, external_id=entry.memo.id).first()
        if origin and origin.known.get("digest") == entry.digest:
            return "unchanged"
        team = self.team_of(entry)
        if not entry.memo.title:
            raise Refused(_("Without a title it is no decision."), "title")
        if team is None:
            raise Refused(_("Say for which team: the file names none that is here."), "team")
        if origin is None and not may(self.by, Act.DECIDE, Decision(team=team)):
            raise Refused(refusal(Act.DECIDE), "team")
        item = self.write(entry, origin.called(Decision) if origin else None, team)
        known = {"status": entry.memo.status[:120], "digest": entry.digest}
        values = {"known": known, "item": item}
        Origin.objects.update_or_create(source=self.source, external_id=entry.memo.id, defaults=values)
        return "updated" if origin else "new"

    def team_of(self, entry: Entry) -> Team | None:
        """The team that the file names, else the one that was chosen, else the importer's own."""
        named = Team.objects.filter(name__iexact=entry.memo.team).first() if entry.memo.team else None
        if entry.memo.team and named is None:
            self.receipt.note(
                entry, "team", _("There is no team “%(name)s” here.") % {"name": entry.memo.team[:80]}
            )
        own = sorted(self.by.managed_team_ids)
        return named or self.team or (Team.objects.filter(pk=own[0]).first() if own else None)

    def write(self, entry: Entry, item: Decision | None, team: Team) -> Decision:
        """Make or change it, through the same acts as on its page."""
        means, fields, answer = self.said(entry)
        if item is None and means == Meaning.OPEN:
            item = Decision.create(by=self.by, team=team.pk, **fields)
        elif item is None:
            head = {name: fields.pop(name) for name in ("title", "context")}
            item = Decision.record(by=self.by, team=team.pk, **head, **answer)
            if any(fields.values()):
                item.revise(by=self.by, **fields)
        elif means == Meaning.OPEN:
            if item.status != item.Status.OPEN:
                item.reopen(by=self.by, reason=_("Its file says that it is open again."))
            item.revise(by=self.by, **fields)
        else:
            item.revise(by=self.by, **fields)
            item.answer(by=self.by, **answer)
        self.options(item, entry, decided=means != Meaning.OPEN)
        self.people(item, entry.memo)
        return item

    def said(self, entry: Entry) -> tuple[Meaning, dict[str, Any], dict[str, Any]]:
        """What the file means, the columns it fills, and its answer."""
        memo = entry.memo
        means, word = meaning(memo.status, answered=bool(memo.rationale or memo.chosen))
        for sentence in dirt(memo, word):
            self.receipt.note(entry, "status", sentence)
        fields = {
            "title": self.cut(entry, "title", memo.title, 300), "due": memo.due,
            "address": self.address(entry),
            "context": self.cut(entry, "context", memo.context), "review_on": self.ahead(entry),
            "change_mind": self.cut(entry, "change mind", memo.change_mind), "driver": self.driver(entry),
            **self.rests_on(entry),
        }  # fmt: skip
        if means != Meaning.OPEN and memo.decided_on is None:
            self.receipt.note(entry, "date", _("No date: the day of the import stands in its place."))
        answer = {
            "decided_on": memo.decided_on or timezone.localdate(), "outcome": self.outcome(memo, word),
            "rationale": self.cut(entry, "rationale", memo.rationale), "taken_by": memo.makers[:300],
        }  # fmt: skip
        return means, fields, answer

    def cut(self, entry: Entry, column: str, text: str, most: int = PROSE) -> str:
        if len(text) > most:
            self.receipt.note(
                entry, column, _("Longer than %(n)s characters: the rest stays in the file.") % {"n": most}
            )
        return text[:most]

    def ahead(self, entry: Entry) -> Any:
        day = entry.memo.review
        if day and day <= timezone.localdate():
            self.receipt.note(entry, "review", _("Its review date has passed: set a new one on its page."))
            return None
        return day

    def rests_on(self, entry: Entry) -> dict[str, Any]:
        """The key result and threshold of the file, where exactly one of that title is here."""
        memo = entry.memo
        found = list(shared().visible_to(self.by).filter(title=memo.key_result)[:2])
        if len(found) == 1 and memo.breaks in Breaks.values and NUMBER.fullmatch(memo.threshold):
            return {"key_result": found[0].pk, "breaks": memo.breaks, "threshold": Decimal(memo.threshold)}
        if memo.key_result:
            self.receipt.note(
                entry, "key-result", _("No key result of that title is here: set it on its page.")
            )
        return {}

    def address(self, entry: Entry) -> str:
        said = entry.memo.address
        if said and not (said.startswith(("https://", "http://")) and len(said) <= 500):
            self.receipt.note(entry, "address", _("This is no address of the web: it was left out."))
            return ""
        return said

    def outcome(self, memo: Memo, word: str) -> str:
        said = {
            "rejected": pgettext("decision", "Rejected"),
            "withdrawn": pgettext("decision", "Withdrawn"),
        }.get(word, "")
        return (memo.outcome or memo.chosen or said)[:300]

    def driver(self, entry: Entry) -> int | None:
        name = entry.memo.driver
        found = person(name)
        if name and found is None:
            self.receipt.note(
                entry, "driver", _("Nobody here is called %(name)s: a contributor.") % {"name": name}
            )
        return found

    def options(self, item: Decision, entry: Entry, decided: bool) -> None:
        held = {option.title: option for option in item.options.all()}
        named = {" ".join(one.title.split())[:300]: one for one in entry.memo.options}
        for title, one in named.items():
            given = {"option_title": title, "about": one.about[:PROSE]}
            given |= {"pros": "\n".join(one.pros)[:PROSE], "cons": "\n".join(one.cons)[:PROSE]}
            if (option := held.get(title)) is None:
                item.add_option(by=self.by, **given)
            elif (option.about, option.pros, option.cons) != (
                given["about"],
                arguments(given["pros"]),
                arguments(given["cons"]),
            ):
                item.edit_option(by=self.by, option=option.pk, **given)
        for title in set(held) - set(named):
            item.drop_option(by=self.by, option=held[title].pk)
        chosen = item.options.filter(title=" ".join(entry.memo.chosen.split())[:300]).first()
        if decided and chosen and not chosen.chosen:
            item.answer(by=self.by, option=chosen.pk)

    def people(self, item: Decision, memo: Memo) -> None:
        contributors = memo.consulted + ((memo.driver,) if memo.driver and not person(memo.driver) else ())
        wanted = [(Part.As.CONTRIBUTOR, name[:300]) for name in contributors]
        wanted += [(Part.As.INFORMED, name[:300]) for name in memo.informed]
        held = {(part.part, part.who): part for part in item.parts.all()}
        for part, name in dict.fromkeys(wanted):
            if (part, name) not in held:
                known = person(name)
                item.involve(by=self.by, part=part, **({"person": known} if known else {"by_name": name}))
        for key, gone in held.items():
            if key not in wanted:
                item.release(by=self.by, part=gone.pk)

    def tie(self, found: list[Entry]) -> None:
        """What supersedes what, once all are here; what leads nowhere is told."""
        held = self.origins().values_list("external_id", flat=True)
        refs = Refs({entry.memo.id for entry in found} | set(held))
        by_id = {entry.memo.id: entry.memo for entry in found}
        for entry in found:
            for column, sentence in refs.faults(entry.memo, by_id):
                self.receipt.note(entry, column, sentence)
        for former, later in refs.pairs([entry.memo for entry in found]):
            if not self.dry_run:
                self.supersede(former, later, next(e for e in found if e.memo.id in (former, later)))

    def supersede(self, former: str, later: str, entry: Entry) -> None:
        both = {one.external_id: one for one in self.origins().filter(external_id__in=(former, later))}
        if len(both) < 2 or (item := both[former].called(Decision)).status == Decision.Status.SUPERSEDED:
            return
        try:
            item.supersede(by=self.by, successor=both[later].item_id)
        except Refused as refused:
            self.receipt.note(entry, "superseded by", refused)

    def origins(self) -> Any:
        return Origin.objects.filter(source=self.source, item__type=Decision.type_label())


def person(name: str) -> int | None:
    """The one active person of that name."""
    found = (
        list(User.objects.filter(name=name, is_active=True).values_list("pk", flat=True)[:2]) if name else []
    )
    return found[0] if len(found) == 1 else None
