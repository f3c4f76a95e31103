"""A new Item type, as somebody would add it: a class, and a migration."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from filrouge.core.circles import Circle
from filrouge.core.fields import RequiredProse
from filrouge.core.kinds import Kind, Leads
from filrouge.core.models import Item
from filrouge.core.verbs import verb
from filrouge.people.access import Act
from filrouge.people.models import User


class Ritual(Item):
    class Status(models.TextChoices):
        KEPT = "kept", _("Kept")
        STOPPED = "stopped", _("Stopped")

    starts_as = Status.KEPT

    purpose = models.TextField(_("what it is for"), blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), default=30)
    since = models.DateField(_("since"), null=True, blank=True)
    host = models.ForeignKey(
        User, verbose_name=_("host"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    kind = Kind(
        slug="rituals",
        columns=("title", "status", "minutes", "since", "host", "changed_at"),
        filters=("status", "team", "host"),
        search=("title", "purpose"),
        leads_to=(
            Leads("supports", "insights.Insight", _("supports"), _("supported by"), Act.WRITE_EVIDENCE),
        ),
        shows={Circle.COMPANY: ("minutes",)},
    )

    class Meta:
        verbose_name = _("ritual")
        verbose_name_plural = _("rituals")

    @verb(
        _("Stop…"),
        may=Act.WRITE_EVIDENCE,
        done=_("%(by)s stopped it"),
        when=(Status.KEPT,),
        main=True,
    )
    def stop(self, *, by: User, reason: RequiredProse) -> None:
        """End it, and say why."""
        self.status, self.purpose = self.Status.STOPPED, reason
