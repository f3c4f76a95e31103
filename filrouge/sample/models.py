"""How far somebody is on the tour of the sample."""

from __future__ import annotations

from django.db import models

from filrouge.people.models import User


class Footstep(models.Model):
    """A step of the tour that leaves no trace elsewhere; `arrived` is when the sample's person was ready."""

    ARRIVED = "arrived"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="footsteps")
    step = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="one_footstep")]
