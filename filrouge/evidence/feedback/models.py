"""Imports of users' words: the file, what became of its rows, and the rows that wait to be mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.people.access import Act, may
from filrouge.people.models import User
from filrouge.voices.incoming import Incoming, reason_json, reason_of
from filrouge.voices.models import Source, sealer
from filrouge.voices.receipts import Receipt, Remark

FOLDER = settings.UPLOADS / "imports"
KEPT = 100_000  # characters of a rejected row: what is longer is mended in the file
SHOWN = 200


class Import(Incoming):
    """A file of users' words on its way in."""

    FOLDER = FOLDER

    path = models.CharField(max_length=1000, blank=True)  # within FOLDER; one that a person named, whole
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=20, blank=True)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="imports")
    error = models.JSONField(null=True)
    started_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Import]] = models.Manager()

    class Meta(Incoming.Meta):
        abstract = False

    def get_absolute_url(self) -> str:
        return f"/import/{self.pk}/"

    @property
    def refusal(self) -> str:
        """Why the whole file was refused, for whoever reads."""
        return str(reason_of(self.error)) if self.error else ""

    def restart(self, *, dry_run: bool) -> None:
        self.error, self.started_at = None, timezone.now()
        super().restart(dry_run=dry_run)

    def take(self, receipt: Receipt, rows: int) -> None:
        """Count a batch, and keep what was rejected of it."""
        keep_rejected(receipt.remarks, source_name=self.source_name, by=self.by, import_=self)
        self.count(receipt, rows)

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

    import_of = models.ForeignKey(Import, null=True, on_delete=models.CASCADE, related_name="set_aside")
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
