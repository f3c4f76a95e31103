"""How far a roadmap item is, and how far away."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    DECLINED = "declined", _("Declined")
    PLANNED = "planned", _("Planned")
    STARTED = "started", _("In progress")
    SHIPPED = "shipped", _("Shipped")
    DROPPED = "dropped", _("Dropped")


class Horizon(models.TextChoices):
    NOW = "now", _("Now")
    NEXT = "next", _("Next")
    LATER = "later", _("Later")


AHEAD = (Status.PLANNED, Status.STARTED)
UNFINISHED = (Status.PROPOSED, *AHEAD)
