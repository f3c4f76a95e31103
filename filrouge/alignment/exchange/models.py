"""What came in from elsewhere: imports and their receipts, and what each row refers to."""

from __future__ import annotations

import json
import secrets
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.models import Item
from filrouge.core.origins import Origin
from filrouge.jobs.models import Job
from filrouge.jobs.models import State as JobState
from filrouge.lib.holding import holding, is_held
from filrouge.lib.reason import Reason
from filrouge.people.access import Act, may
from filrouge.people.models import Record, Team, User
from filrouge.people.tokens import LAST_USE_GRAIN, digest
from filrouge.voices.models import sealer
from filrouge.voices.receipts import MOST_ERRORS, Receipt, Remark

LONGEST_RAW = 20_000
BLOCKS = ("blocks", "blocked_by")


def reason_of(kept: dict[str, Any]) -> Reason:
    return Reason(kept["message"], kept["values"])


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    def visible_to(self, reader: User | None) -> PlanImportQuerySet:
        return self if may(reader, Act.IMPORT_PLANS) else self.none()


class PlanImport(models.Model):
    """A file of plans on its way in: small enough to be kept in its row until it is through."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Waiting for you")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Coming in")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    WAITING = (State.UPLOADED, State.CHECKED)
    GOING = (State.CHECKING, State.RUNNING)
    COUNTED = ("new", "updated", "unchanged", "rejected", "proposed", "position", "notes", "changed_at")

    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(default=b"")
    shape = models.CharField(max_length=20)
    source = models.CharField(_("source"), max_length=120)
    mapping = models.JSONField(default=dict)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    dry_run = models.BooleanField(default=False)
    new = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    tied = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    notes = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = PlanImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("plan-import", args=[self.pk])

    @property
    def read(self) -> int:
        return self.new + self.updated + self.unchanged + self.rejected

    @property
    def going(self) -> bool:
        return self.state in self.GOING

    @property
    def stuck(self) -> bool:
        """Its job gave up; what was committed stands, and a person may start it again where it stopped."""
        return self.going and self.job is not None and self.job.state == JobState.DEAD

    @property
    def abandoned(self) -> bool:
        """The command that brought it in was killed: nobody holds it any more, and no job goes on with it."""
        return self.going and self.job_id is None and not is_held(self._hold)

    def held(self) -> AbstractContextManager[None]:
        """While a command brings it in."""
        return holding(self._hold)

    @property
    def _hold(self) -> Path:
        return settings.UPLOADS / "plans" / f"held-{self.pk}"

    def restart(self, *, dry_run: bool) -> None:
        """Begin anew: the counters of a dry run, and what it set aside, are not the import's."""
        self.rows_set_aside.all().delete()
        self.state = self.State.CHECKING if dry_run else self.State.RUNNING
        self.dry_run, self.notes, self.total, self.position = dry_run, [], None, 0
        self.new = self.proposed = self.updated = self.unchanged = self.rejected = self.tied = 0
        self.save()

    def take(self, receipt: Receipt, proposed: int, rows: int) -> None:
        """Count a batch; the caller commits these counters together with the batch."""
        self.new += receipt.new
        self.updated += receipt.updated
        self.unchanged += receipt.unchanged
        self.rejected += receipt.rejected
        self.proposed += proposed
        self.position += rows
        self.note([remark for remark in receipt.remarks if not remark.rejected])
        SetAside.objects.bulk_create(_set_aside(self, one) for one in receipt.remarks if one.rejected)
        self.save(update_fields=self.COUNTED)  # not the state: somebody may have cancelled it meanwhile

    def note(self, remarks: list[Remark]) -> None:
        self.notes += [_noted(remark) for remark in remarks[: MOST_ERRORS - len(self.notes)]]

    def receipt(self) -> dict[str, Any]:
        """The JSON that every import leaves: `read = new + updated + unchanged + rejected`."""
        rows = self.rows_set_aside.values_list("line", "column", "reason")[:MOST_ERRORS]
        errors = [*rows, *((note["line"], note["column"], note) for note in self.notes)]
        errors.sort(key=lambda error: error[0])
        names = ("read", "new", "updated", "unchanged", "rejected", "proposed", "tied")
        listed = [{"line": n, "column": column, "reason": str(reason_of(why))} for n, column, why in errors]
        return {**{name: getattr(self, name) for name in names}, "errors": listed[:MOST_ERRORS]}


def _noted(remark: Remark) -> dict[str, Any]:
    reason = {"message": remark.reason.message, "values": dict(remark.reason.values)}
    return {"line": remark.line, "column": remark.column, **reason}


def _set_aside(import_: PlanImport, remark: Remark) -> SetAside:
    noted = _noted(remark)
    sealed = sealer.seal(json.dumps({name: cell[:LONGEST_RAW] for name, cell in remark.raw.items()}))
    return SetAside(
        import_of=import_,
        line=noted.pop("line"),
        column=noted.pop("column")[:200],
        reason=noted,
        sealed=sealed,
    )


class SetAside(models.Model):
    """A row that could not come in, and why. What it holds is sealed: a tracker's row names people."""

    import_of = models.ForeignKey(PlanImport, on_delete=models.CASCADE, related_name="rows_set_aside")
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    reason = models.JSONField()
    sealed = models.BinaryField()

    objects: ClassVar[models.Manager[SetAside]] = models.Manager()

    class Meta:
        verbose_name = _("row set aside")
        ordering = ["line", "id"]

    @property
    def raw(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(sealer.unseal(bytes(self.sealed)))
        return found

    @property
    def why(self) -> str:
        return str(reason_of(self.reason))


class PointerQuerySet(models.QuerySet["Pointer"]):
    def dangling(self) -> PointerQuerySet:
        """Those that lead to nothing here, and that nobody let go."""
        return self.filter(target=None, let_go=False)

    def to_ask(self) -> PointerQuerySet:
        """Those that say what blocks what, between two Items that are here, and were not asked for yet."""
        return self.filter(relation__in=BLOCKS, asked=False).exclude(target=None)


class Pointer(models.Model):
    """What an Item refers to, in its source's words; `target` once that is here too."""

    origin = models.ForeignKey(Origin, on_delete=models.CASCADE, related_name="pointers")
    relation = models.CharField(max_length=30)
    name = models.CharField(max_length=300)
    target = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    let_go = models.BooleanField(default=False)
    asked = models.BooleanField(default=False)  # it has become a dependency, whatever became of that since

    objects: ClassVar[Any] = PointerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "relation", "name"], name="pointer_once")]
        indexes = [models.Index(fields=["origin"], name="pointer_dangling", condition=Q(target=None))]

    def __str__(self) -> str:
        return self.name


class CalendarAddress(models.Model):
    """A person's secret address of the roadmap's calendar: whoever has it reads what that person may read."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[CalendarAddress]] = models.Manager()

    class Meta:
        verbose_name = _("calendar address")

    @classmethod
    def make(cls, user: User) -> str:
        """A new secret, shown this once; a former one opens nothing any more."""
        secret = secrets.token_urlsafe(24)
        anew = {"digest": digest(secret), "made_at": timezone.now(), "used_at": None}
        with transaction.atomic():
            cls.objects.update_or_create(user=user, defaults=anew)  # asked twice at once, the later one opens
            Record.objects.create(by=user, about=user, act="make_calendar")
        return secret

    @classmethod
    def reader(cls, secret: str) -> User | None:
        """Whose address it is, as long as it stands and their account is open; notes the use."""
        found = cls.objects.select_related("user").filter(digest=digest(secret), user__is_active=True).first()
        if found is None:
            return None
        now = timezone.now()
        if found.used_at is None or now - found.used_at > LAST_USE_GRAIN:
            cls.objects.filter(pk=found.pk).update(used_at=now)
        return found.user

    def take_back(self) -> None:
        """Nobody reads the calendar by it any more."""
        with transaction.atomic():
            Record.objects.create(by=self.user, about=self.user, act="take_back_calendar")
            self.delete()
