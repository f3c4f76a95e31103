"""Where a decision came from, and the imports that brought it in, each with its receipt."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from filrouge.jobs.models import Job
from filrouge.jobs.models import State as JobState
from filrouge.people.models import Team, User
from filrouge.voices.erasure import Trace


class Origin(models.Model):
    """The file that a decision was read from; the same file again changes nothing."""

    decision = models.OneToOneField("decisions.Decision", on_delete=models.CASCADE, related_name="origin")
    source = models.CharField(max_length=120)
    external_id = models.CharField(max_length=200)
    status = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="decision_comes_once")]


class Log(models.Model):
    """A log of decisions on its way in. One row lives through preview, dry run and run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for you")
        RUNNING = "running", _("Coming in")
        DONE = "done", _("Done")

    class Format(models.TextChoices):
        MADR = "madr", _("Markdown (MADR)")
        PEP = "pep", _("PEP headers")

    name = models.CharField(_("file"), max_length=255)
    format = models.CharField(max_length=5, choices=Format.choices)
    source = models.CharField(_("source"), max_length=120)
    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, on_delete=models.SET_NULL)
    files = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tried = models.JSONField(null=True)
    receipt = models.JSONField(null=True)
    by = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("decision-import", args=[self.pk])

    @property
    def stuck(self) -> bool:
        return self.state == self.State.RUNNING and (self.job is None or self.job.state == JobState.DEAD)


def forget_logs(trace: Trace, by: User | None) -> dict[str, int]:
    """When a person is erased: drop the files that wait here, which nobody has read yet."""
    count = Log.objects.filter(state=Log.State.WAITING).delete()[0]
    return {"files_of_decisions": count} if count else {}
