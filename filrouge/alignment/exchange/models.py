"""What came in from elsewhere: imports and their receipts, and what each row refers to."""

from __future__ import annotations

import json
import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.models import Item
from filrouge.core.origins import Origin
from filrouge.people.access import Act, may
from filrouge.people.models import Record, Team, User
from filrouge.people.tokens import LAST_USE_GRAIN, digest
from filrouge.voices.incoming import Incoming, reason_json, reason_of
from filrouge.voices.models import sealer
from filrouge.voices.receipts import Receipt, Remark

LONGEST_RAW = 20_000
BLOCKS = ("blocks", "blocked_by")


class PlanImportQuerySet(models.QuerySet["PlanImport"]):
    def visible_to(self, reader: User | None) -> PlanImportQuerySet:
        return self if may(reader, Act.IMPORT_PLANS) else self.none()


class PlanImport(Incoming):
    """A file of plans on its way in: small enough to be kept in its row until it is through."""

    COUNTS = (*Incoming.COUNTS, "proposed", "tied")
    FOLDER = settings.UPLOADS / "plans"

    content = models.BinaryField(default=b"")
    shape = models.CharField(max_length=20)
    source = models.CharField(_("source"), max_length=120)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed = models.PositiveIntegerField(default=0)
    tied = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = PlanImportQuerySet.as_manager()

    class Meta(Incoming.Meta):
        abstract = False

    def get_absolute_url(self) -> str:
        return reverse("plan-import", args=[self.pk])

    def take(self, receipt: Receipt, proposed: int, rows: int) -> None:
        """Count a batch, and keep what was rejected of it."""
        self.proposed += proposed
        SetAside.objects.bulk_create(_set_aside(self, one) for one in receipt.remarks if one.rejected)
        self.count(receipt, rows)


def _set_aside(import_: PlanImport, remark: Remark) -> SetAside:
    sealed = sealer.seal(json.dumps({name: cell[:LONGEST_RAW] for name, cell in remark.raw.items()}))
    return SetAside(
        import_of=import_,
        line=remark.line,
        column=remark.column[:200],
        reason=reason_json(remark.reason),
        sealed=sealed,
    )


class SetAside(models.Model):
    """A row that could not come in, and why. What it holds is sealed: a tracker's row names people."""

    import_of = models.ForeignKey(PlanImport, on_delete=models.CASCADE, related_name="set_aside")
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
