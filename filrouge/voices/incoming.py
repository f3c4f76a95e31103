"""A file on its way in, whatever it holds: how far it is, whether it still moves, and its receipt."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from filrouge.jobs.models import Job
from filrouge.jobs.models import State as JobState
from filrouge.jobs.run import DirectRun
from filrouge.lib.holding import holding, is_held
from filrouge.lib.reason import Reason
from filrouge.people.models import User

from .receipts import MOST_ERRORS, Receipt, Remark


def reason_json(reason: Reason) -> dict[str, Any]:
    return {"message": reason.message, "values": dict(reason.values)}


def reason_of(kept: dict[str, Any]) -> Reason:
    return Reason(kept["message"], kept["values"])


class Incoming(models.Model):
    """One row lives through dry run and run; its counters are the receipt."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Waiting for you")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Coming in")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        BROKEN_OFF = "broken_off", _("Interrupted")
        REFUSED = "refused", _("Refused")

    WAITING = (State.UPLOADED, State.CHECKED)
    GOING = (State.CHECKING, State.RUNNING)
    OVER = (State.DONE, State.CANCELLED, State.BROKEN_OFF, State.REFUSED)
    COUNTS: ClassVar[tuple[str, ...]] = ("new", "updated", "unchanged", "rejected")
    FOLDER: ClassVar[Path]
    set_aside: Any
    """Its rows that could not come in: they refer to it by this name."""

    name = models.CharField(_("file"), max_length=255)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    dry_run = models.BooleanField(default=False)
    new = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    notes = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        verbose_name = _("import")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

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
        return self.FOLDER / f"held-{self.pk}"

    def restart(self, *, dry_run: bool) -> None:
        """Begin anew: the counters of a dry run, and what it set aside, are not the import's."""
        self.set_aside.all().delete()
        for name in self.COUNTS:
            setattr(self, name, 0)
        self.state = self.State.CHECKING if dry_run else self.State.RUNNING
        self.dry_run, self.finished_at = dry_run, None
        self.notes, self.total, self.position = [], None, 0
        self.save()

    def count(self, receipt: Receipt, rows: int) -> None:
        """Add a batch; the caller commits these counters together with the batch."""
        self.new += receipt.new
        self.updated += receipt.updated
        self.unchanged += receipt.unchanged
        self.rejected += receipt.rejected
        self.position += rows
        self.note(remark for remark in receipt.remarks if not remark.rejected)
        # Not the state: somebody may have cancelled it meanwhile.
        self.save(update_fields=(*self.COUNTS, "position", "notes", "changed_at"))

    def note(self, remarks: Iterable[Remark]) -> None:
        noted = list(remarks)[: MOST_ERRORS - len(self.notes)]
        self.notes += [
            {"line": remark.line, "column": remark.column, **reason_json(remark.reason)} for remark in noted
        ]

    def receipt(self) -> dict[str, Any]:
        """The JSON that every import leaves: `read = new + updated + unchanged + rejected`."""
        errors = list(self.set_aside.values_list("line", "column", "reason")[:MOST_ERRORS])
        errors += [(note["line"], note["column"], note) for note in self.notes]
        errors.sort(key=lambda error: error[0])
        listed = [{"line": n, "column": column, "reason": str(reason_of(why))} for n, column, why in errors]
        return {name: getattr(self, name) for name in ("read", *self.COUNTS)} | {
            "errors": listed[:MOST_ERRORS]
        }


class InForeground(DirectRun):
    """The run of a command, which somebody may cancel on the import's page."""

    def __init__(self, made: Incoming) -> None:
        super().__init__()
        self.made = made

    def cancelled(self) -> bool:
        rows = type(self.made)._default_manager
        return rows.filter(pk=self.made.pk, state=Incoming.State.CANCELLED).exists()
