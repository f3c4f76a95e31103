"""What the API itself keeps: the answers to requests that may be sent twice."""

from django.db import models

from filrouge.core.models import Item
from filrouge.people.tokens import Token


class Idempotency(models.Model):
    """The Item that a request made or changed, or its receipt: no text, so erasure need not come here."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    receipt = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotent_once")]
