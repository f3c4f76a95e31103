"""What a decision holds beside its own columns: options, what speaks for each, who has a part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from filrouge.core.errors import BadInput
from filrouge.core.models import Link
from filrouge.core.rows import ItemManager, ItemQuerySet
from filrouge.people.models import User

if TYPE_CHECKING:
    from .models import Decision
    from .question import Question


class WithOptions(ItemManager):
    """A list of decisions asks for all their options and people at once."""

    def get_queryset(self) -> ItemQuerySet:
        return super().get_queryset().prefetch_related("options", "parts__person")


class Option(models.Model):
    """One of the answers that were weighed. `pros` and `cons` hold one argument a line."""

    decision = models.ForeignKey("decisions.Decision", on_delete=models.CASCADE, related_name="options")
    position = models.PositiveIntegerField()
    title = models.CharField(_("option"), max_length=300)
    about = models.TextField(_("about it"), blank=True)
    pros = models.TextField(_("what speaks for it"), blank=True)
    cons = models.TextField(_("what speaks against it"), blank=True)
    chosen = models.BooleanField(default=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["decision", "title"], name="option_named_once")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def last_of(cls, decision: Decision) -> Option:
        """A new one, after the others."""
        last = decision.options.aggregate(last=models.Max("position"))["last"] or 0
        return cls(decision=decision, position=last + 1)

    def write(self, title: str, about: str, pros: str, cons: str) -> dict[str, str]:
        """Save it; what the history keeps of that."""
        self.title, self.about = " ".join(title.split()), about
        self.pros, self.cons = arguments(pros), arguments(cons)
        named = Option.objects.filter(decision_id=self.decision_id, title=self.title)
        if named.exclude(pk=self.pk).exists():
            raise BadInput(_("This decision has an option of that name already."), "option_title")
        self.save()
        return {"option": self.title, "pros": self.pros, "cons": self.cons}

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.pk, "title": self.title, "about": self.about, "pros": self.pros.splitlines(),
            "cons": self.cons.splitlines(), "chosen": self.chosen,
        }  # fmt: skip


class Side(models.TextChoices):
    FOR = "for", _("For")
    AGAINST = "against", _("Against")


class Ground(models.Model):
    """Evidence for or against one option: it stands on the Link that ties the evidence to the decision."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="grounds")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="grounds")
    side = models.CharField(max_length=7, choices=Side.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["option", "link"], name="evidence_on_one_side")]


class Part(models.Model):
    """Somebody who is asked before a decision, or told after it; by name where they have no account."""

    class As(models.TextChoices):
        CONTRIBUTOR = "contributor", _("Contributes")
        INFORMED = "informed", _("Is informed")

    decision = models.ForeignKey("decisions.Decision", on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(max_length=12, choices=As.choices)
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "part", "person", "name"], name="one_part"),
        ]

    def __str__(self) -> str:
        return self.who

    @property
    def who(self) -> str:
        return self.person.name if self.person else self.name

    def as_json(self) -> dict[str, Any]:
        account = {"id": self.person_id, "name": self.who} if self.person_id else None
        return {"id": self.pk, "part": self.part, "name": self.who, "person": account}


def arguments(text: str) -> str:
    """One argument a line, without the empty lines between them."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def check_person(pk: int | None, name: str) -> None:
    if pk and not User.objects.filter(pk=pk).exists():
        raise BadInput(_("There is no such person."), name)


def check_approver(item: Question) -> None:
    """Naming an approver gives nobody a right: it says who of those that decide is meant to."""
    if item.approver and not item.approver.manages(item.team_id):
        said = _("%(name)s does not decide for this team. Its product manager does, or their deputy.")
        raise BadInput(said % {"name": item.approver.name}, "approver")
