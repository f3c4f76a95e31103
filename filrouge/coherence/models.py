"""What the checks found and when, what was silenced and by whom, and how the rules are set."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filrouge.core.checks import Severity
from filrouge.core.circles import reads_items, sees
from filrouge.core.errors import BadInput, Forbidden, NotFound
from filrouge.core.models import Item
from filrouge.people.access import Act, may, refusal
from filrouge.people.models import User

RULE = 20
GRAVEST = models.Case(
    models.When(severity=Severity.ERROR, then=0), models.When(severity=Severity.WARNING, then=1), default=2
)
"""Errors first, then warnings, then notes."""
LONGEST_WAIVER = 366


def heard(day: date | None = None) -> Any:
    """Whether no waiver silences a finding on this day, or today.

    The waivers in force are looked up once for all rows; an EXISTS would be asked of each.
    """
    waived = Waiver.objects.in_force(day).order_by().values("rule", "item_id")
    sql, params = waived.query.sql_with_params()
    named = "(coherence_found.rule, coherence_found.item_id)"
    return RawSQL(f"{named} NOT IN ({sql})", params, models.BooleanField())


class FoundQuerySet(models.QuerySet["Found"]):
    def visible_to(self, reader: User | None) -> Self:
        """Findings are read by whoever reads the Item itself."""
        return self.filter(sees(reader, "item__")) if reads_items(reader) else self.none()

    def open(self) -> Self:
        """What still holds, of Items in use."""
        return self.filter(gone_at=None, item__archived_at=None)

    def silenced(self, day: date | None = None) -> Self:
        return self.filter(~heard(day))

    def heard(self, day: date | None = None) -> Self:
        """Without those that a waiver silences on this day."""
        return self.filter(heard(day))


class Found(models.Model):
    """A finding, from the check that first saw it to the one that no longer did; back again, a new row."""

    rule = models.CharField(max_length=RULE)
    severity = models.CharField(max_length=7, choices=Severity.choices)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="findings")
    other = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = FoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "item"], condition=Q(gone_at=None, other=None), name="found_once"
            ),
            models.UniqueConstraint(
                fields=["rule", "item", "other"],
                condition=Q(gone_at=None, other__isnull=False),
                name="found_once_of_two",
            ),
        ]
        indexes = [
            models.Index(fields=["gone_at", "rule"], name="found_by_rule"),
            models.Index(fields=["gone_at", "-first_seen"], name="found_newest"),
            models.Index(fields=["-gone_at"], name="found_mended"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} #{self.item_id}"


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def in_force(self, day: date | None = None) -> Self:
        """Those that silence on this day; from the day after `until` they no longer do."""
        return self.filter(until__gte=day or timezone.localdate(), ended_at=None)


class Waiver(models.Model):
    """Somebody said why a rule does not apply to an Item, and until which day."""

    rule = models.CharField(max_length=RULE)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="waivers")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(_("why"), max_length=2_000)
    until = models.DateField(_("until"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[Any] = WaiverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["item", "rule"], name="waiver_of_item")]
        ordering = ["until", "pk"]

    def __str__(self) -> str:
        return f"{self.rule} #{self.item_id}"

    @classmethod
    def give(cls, rule: Any, item: Item, reason: str, until: date | None, *, by: User) -> Waiver:
        """Silence a rule on an Item until a day: whoever may mend may say so."""
        if not rule.may_mend(by, item):
            raise Forbidden(rule.refusal(item))
        text, today = reason.replace("\x00", "").strip(), timezone.localdate()
        if not text:
            raise BadInput(_("Say why, for whoever reads this in three months."), "reason")
        if until is None or not today <= until <= today + timedelta(days=LONGEST_WAIVER):
            raise BadInput(_("Choose a day between today and a year from now."), "until")
        made: Waiver = cls.objects.create(
            rule=rule.id, item_id=item.pk, reason=text[:2_000], until=until, author=by
        )
        return made

    def end(self, rule: Any, *, by: User) -> None:
        """Let the rule speak again, before its day."""
        if by.pk != self.author_id and not rule.may_mend(by, self.item):
            raise Forbidden(rule.refusal(self.item))
        if self.ended_at is not None:
            raise NotFound(_("This has been ended already."))
        self.ended_at, self.ended_by = timezone.now(), by
        self.save(update_fields=["ended_at", "ended_by"])


class Tuning(models.Model):
    """How an organisation sets a rule: off, another severity, other limits. No row: as it was built."""

    rule = models.CharField(max_length=RULE, unique=True)
    on = models.BooleanField(_("on"), default=True)
    severity = models.CharField(_("severity"), max_length=7, choices=Severity.choices, blank=True)
    limits = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.rule

    @classmethod
    def set(cls, rule: str, on: bool, severity: str, limits: dict[str, int], *, by: User) -> None:
        if not may(by, Act.TUNE_RULES):
            raise Forbidden(refusal(Act.TUNE_RULES))
        if severity and severity not in Severity.values:
            raise BadInput(_("Choose one of the severities."), "severity")
        wrong = [name for name, value in limits.items() if not 0 <= value <= 10_000]
        if wrong:
            raise BadInput(_("A whole number between 0 and 10,000."), wrong[0])
        cls.objects.update_or_create(
            rule=rule, defaults={"on": on, "severity": severity, "limits": limits, "by": by}
        )


class Run(models.Model):
    """A check of everything: when, and how many findings it left open."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    errors = models.PositiveIntegerField()
    warnings = models.PositiveIntegerField()
    notes = models.PositiveIntegerField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class Touched(models.Model):
    """An Item that an act has changed and that is not checked yet; written with the act itself."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.item_id)
