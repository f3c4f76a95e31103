"""Imports of users' words: the file, what became of its rows, and the rows that wait to be mended."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from filrouge.jobs.models import Job
from filrouge.jobs.models import State as JobState
from filrouge.lib.holding import holding, is_held
from filrouge.lib.reason import Reason
from filrouge.people.access import Act, may
from filrouge.people.models import User
from filrouge.voices.models import Source, sealer
from filrouge.voices.receipts import MOST_ERRORS, Receipt, Remark

FOLDER = settings.UPLOADS / "imports"
KEPT = 100_000  # characters of a rejected row: what is longer is mended in the file
SHOWN = 200


def reason_json(reason: Reason) -> dict[str, Any]:
    return {"message": reason.message, "values": dict(reason.values)}


def reason_of(kept: dict[str, Any]) -> Reason:
    return Reason(kept["message"], kept["values"])


class Import(models.Model):
    """A file on its way in. One row lives through dry run and run; its counters are the receipt."""

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
    COUNTED = ("new", "updated", "unchanged", "rejected", "position", "notes", "changed_at")

    name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=1000, blank=True)  # within FOLDER; one that a person named, whole
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=20, blank=True)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="imports")
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
    error = models.JSONField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Import]] = models.Manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/import/{self.pk}/"

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
        return FOLDER / f"held-{self.pk}"

    @property
    def refusal(self) -> str:
        """Why the whole file was refused, for whoever reads."""
        return str(reason_of(self.error)) if self.error else ""

    def take(self, receipt: Receipt, rows: int) -> None:
        """Count a batch; the caller commits these counters together with the batch."""
        self.new += receipt.new
        self.updated += receipt.updated
        self.unchanged += receipt.unchanged
        self.rejected += receipt.rejected
        self.position += rows
        noted = [remark for remark in receipt.remarks if not remark.rejected]
        room = max(0, MOST_ERRORS - len(self.notes))
        self.notes += [
            {"line": remark.line, "column": remark.column, **reason_json(remark.reason)}
            for remark in noted[:room]
        ]
        keep_rejected(receipt.remarks, source_name=self.source_name, by=self.by, import_=self)
        # Not the state: somebody may have cancelled it meanwhile.
        self.save(update_fields=self.COUNTED)

    def receipt(self) -> dict[str, Any]:
        """The JSON that every import leaves."""
        rows = self.rejects.order_by("line").values_list("line", "column", "reason")[:MOST_ERRORS]
        errors = [(line, column, reason_of(reason)) for line, column, reason in rows]
        errors += [(note["line"], note["column"], reason_of(note)) for note in self.notes]
        errors.sort(key=lambda error: error[0])
        counts = {name: getattr(self, name) for name in ("read", "new", "updated", "unchanged", "rejected")}
        listed = [{"line": line, "column": column, "reason": str(reason)} for line, column, reason in errors]
        return {**counts, "errors": listed[:MOST_ERRORS]}

    @property
    def file(self) -> Path:
        """Where it lies now: the data folder may have been restored under another name."""
        return FOLDER / self.path

    def forget_file(self) -> None:
        """Remove the uploaded file; one that a person named on the command line is theirs."""
        if self.path and not Path(self.path).is_absolute():
            self.file.unlink(missing_ok=True)


class RejectedQuerySet(models.QuerySet["Rejected"]):
    def visible_to(self, reader: User | None) -> RejectedQuerySet:
        return self if may(reader, Act.IMPORT) else self.none()

    def waiting(self) -> RejectedQuerySet:
        return self.filter(mended_at=None)


class Rejected(models.Model):
    """A row that could not come in, with the reason. What it holds is sealed: it may be anybody's."""

    import_of = models.ForeignKey(Import, null=True, on_delete=models.CASCADE, related_name="rejects")
    source_name = models.CharField(max_length=120)
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    reason = models.JSONField()
    sealed = models.BinaryField(default=b"")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    mended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = RejectedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rejected row")
        ordering = ["line", "id"]
        indexes = [
            models.Index(fields=["import_of", "line"], name="rejected_of_import"),
            models.Index(fields=["at"], name="rejected_by_api", condition=Q(import_of__isnull=True)),
        ]

    @property
    def content(self) -> dict[str, Any]:
        """{'value': what was wrong, 'raw': the row by column (or by "" for the line as it stood)}."""
        opened: dict[str, Any] = json.loads(sealer.unseal(bytes(self.sealed))) if self.sealed else {}
        return {"value": "", "raw": {}} | opened

    @property
    def why(self) -> str:
        return str(reason_of(self.reason))


def keep_rejected(
    remarks: list[Remark], *, source_name: str, by: User | None, import_: Import | None = None
) -> None:
    """Store what was rejected, in few statements."""
    rows = [
        Rejected(
            import_of=import_, source_name=source_name, by=by, line=remark.line, column=remark.column[:200],
            reason=reason_json(remark.reason), sealed=_sealed(remark),
        )
        for remark in remarks
        if remark.rejected
    ]  # fmt: skip
    Rejected.objects.bulk_create(rows, batch_size=500)


def _sealed(remark: Remark) -> bytes:
    if not remark.raw and not remark.value:
        return b""
    raw: dict[str, str] = {}
    room = KEPT
    for name, value in remark.raw.items():
        raw[name] = value[:room]
        room = max(0, room - len(value))
    return sealer.seal(json.dumps({"value": remark.value[:SHOWN], "raw": raw}))
