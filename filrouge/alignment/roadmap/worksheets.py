"""Worksheets: inputs that a product manager fills and reads beside an item. Nothing sorts by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BeforeValidator, StringConstraints

from filrouge.core.errors import BadInput
from filrouge.core.fields import NoNul, RequiredProse, Says
from filrouge.people.models import User


def as_written(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Amount = Annotated[
    str, BeforeValidator(as_written), StringConstraints(strip_whitespace=True, max_length=20), NoNul
]
INPUTS = {
    "reach": gettext_lazy("People reached in a quarter"),
    "impact": gettext_lazy("Impact on each"),
    "confidence": gettext_lazy("Confidence, %"),
    "effort": gettext_lazy("Effort, person-months"),
    "value": gettext_lazy("Value, in your own unit"),
}
Reach = Annotated[Amount, Says(INPUTS["reach"])]
Impact = Annotated[Literal["3", "2", "1", "0.5", "0.25"], Says(INPUTS["impact"])]
Confidence = Annotated[Literal["100", "80", "50"], Says(INPUTS["confidence"])]
Effort = Annotated[Amount, Says(INPUTS["effort"])]
Worth = Annotated[Amount, Says(INPUTS["value"])]
Criteria = Annotated[RequiredProse, Says(gettext_lazy("Criteria"))]
LINE = re.compile(
    r"(?P<name>.{1,120}?)\s*:\s*(?P<score>[\d.,]{1,12})\s*(?:[x×*]\s*(?P<weight>[\d.,]{1,12}))?"
)
MOST = 20


class Method(models.TextChoices):
    RICE = "rice", gettext_lazy("RICE")
    VALUE_EFFORT = "value_effort", gettext_lazy("Value and effort")
    SCORECARD = "scorecard", gettext_lazy("Scorecard")


Sheet = Annotated[Method, Says(gettext_lazy("Worksheet"))]


def amount(text: str, field: str, least: str = "0", most: str = "1000000000") -> Decimal:
    """A number as people write it in English or French, between two bounds."""
    try:
        found = Decimal(text.replace(",", ".").replace("\u202f", "").replace(" ", ""))
    except InvalidOperation:
        raise BadInput(_("“%(text)s” is not a number.") % {"text": text[:20]}, field) from None
    if not found.is_finite() or not Decimal(least) <= found <= Decimal(most):
        raise BadInput(_("Give a number from %(least)s to %(most)s.") % {"least": least, "most": most}, field)
    return found


def rice(reach: Decimal, impact: Decimal, confidence: Decimal, effort: Decimal) -> Decimal:
    return reach * impact * confidence / 100 / effort


def scorecard(lines: list[tuple[str, Decimal, Decimal]]) -> Decimal:
    """The mean of the scores by their weights."""
    total = sum((weight for _name, _score, weight in lines), Decimal(0))
    if not total:
        raise BadInput(_("The weights add up to nothing: give at least one of them."), "lines")
    return sum((score * weight for _name, score, weight in lines), Decimal(0)) / total


def read_lines(text: str) -> list[tuple[str, Decimal, Decimal]]:
    """“Retention: 4 x 2” is a criterion, its score and its weight; the weight is 1 where none stands."""
    found = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        if (match := LINE.fullmatch(line)) is None:
            said = {"line": line[:80]}
            raise BadInput(_("Write each line as “Retention: 4 x 2”. This is not: %(line)s") % said, "lines")
        score, weight = amount(match["score"], "lines"), amount(match["weight"] or "1", "lines")
        found.append((match["name"], score, weight))
    if len(found) > MOST:
        raise BadInput(_("A scorecard has at most %(most)s lines.") % {"most": MOST}, "lines")
    return found


class Worksheet(models.Model):
    item = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="worksheets")
    method = models.CharField(max_length=12, choices=Method.choices)
    inputs = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "method"], name="one_worksheet_a_method")]
        ordering = ["method"]

    @classmethod
    def fill(cls, item: models.Model, method: Method, by: User, **inputs: str) -> dict[str, Any]:
        """Keep the inputs, if they make a result; what History keeps of them."""
        cls(item_id=item.pk, method=method, inputs=inputs).result  # noqa: B018  refuses what makes none
        defaults = {"inputs": inputs, "by": by, "at": timezone.now()}
        cls.objects.update_or_create(item_id=item.pk, method=method, defaults=defaults)
        return {"worksheet": {"method": str(method), **inputs}}

    @property
    def result(self) -> Decimal:
        given = self.inputs
        if self.method == Method.RICE:
            reach, effort = amount(given["reach"], "reach"), amount(given["effort"], "effort", least="0.5")
            return rice(reach, Decimal(given["impact"]), Decimal(given["confidence"]), effort)
        if self.method == Method.VALUE_EFFORT:
            return amount(given["value"], "value") / amount(given["effort"], "effort", least="0.5")
        return scorecard(read_lines(given["lines"]))

    def check_result(self) -> None:
        """That a page can show it: from a file, the inputs may be anything."""
        try:
            whole = all(isinstance(value, str) for value in self.inputs.values()) and self.result.is_finite()
        except (AttributeError, KeyError, ArithmeticError):
            whole = False
        if not whole:
            raise BadInput(_("These inputs make no result."), "worksheets")

    @property
    def formula(self) -> Formula:
        return FORMULAS[Method(self.method)]

    @property
    def query(self) -> str:
        """For the dialog that fills it anew."""
        return urlencode(self.inputs)

    @property
    def told(self) -> list[tuple[str, str]]:
        """Each input by its name."""
        if self.method == Method.SCORECARD:
            lines = read_lines(self.inputs["lines"])
            return [(name, f"{score} × {weight}") for name, score, weight in lines]
        return [(str(INPUTS[name]), self.inputs[name]) for name in self.formula.inputs]


def weighed(item: Any) -> bool:
    return Worksheet.objects.filter(item_id=item.pk).exists()


@dataclass(frozen=True)
class Formula:
    verb: str
    says: Any
    inputs: tuple[str, ...]


FORMULAS = {
    Method.RICE: Formula(
        "fill_rice",
        gettext_lazy("reach × impact × confidence ÷ effort"),
        ("reach", "impact", "confidence", "effort"),
    ),
    Method.VALUE_EFFORT: Formula("fill_value_effort", gettext_lazy("value ÷ effort"), ("value", "effort")),
    Method.SCORECARD: Formula(
        "fill_scorecard", gettext_lazy("mean of the scores by their weights"), ("lines",)
    ),
}
