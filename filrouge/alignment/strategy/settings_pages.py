"""Cycles, types of goals and how each team reads its goals: set by Product Ops and administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from filrouge.people.access import Act, may
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Team

from .models import Cycle, GoalType, Steering

DAY = forms.DateInput({"type": "date"})


class CycleForm(forms.ModelForm[Cycle]):
    class Meta:
        model = Cycle
        fields = ("name", "starts", "ends")
        widgets = {"starts": DAY, "ends": DAY}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("The last day is before the first."))
        return given


class TypeForm(forms.ModelForm[GoalType]):
    class Meta:
        model = GoalType
        fields = ("name", "base", "under", "measured")


class SteeringForm(forms.ModelForm[Steering]):
    team = forms.ModelChoiceField(
        Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("All others")
    )

    class Meta:
        model = Steering
        fields = ("team", "framework", "profile")

    def validate_unique(self) -> None:
        """A team that has its own already is given another one."""

    def save(self, commit: bool = True) -> Steering:
        given = {name: self.cleaned_data[name] for name in ("framework", "profile")}
        return Steering.objects.update_or_create(team=self.cleaned_data["team"], defaults=given)[0]


FORMS: dict[str, type[forms.ModelForm[Any]]] = {
    "cycle": CycleForm, "type": TypeForm, "reading": SteeringForm,
}  # fmt: skip


@access(Act.SEE_ITEMS)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """What is set: everybody of the product teams may read it."""
    context = {
        "cycles": Cycle.objects.all(), "types": GoalType.objects.prefetch_related("under"),
        "readings": sorted(Steering.objects.select_related("team"), key=lambda one: str(one.team or "")),
        "usual": Steering.of()[None], "manage": may(reader_of(request), Act.MANAGE_TEAMS),
    }  # fmt: skip
    return render(request, "strategy/settings.html", context)


@access(Act.MANAGE_TEAMS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, what: str, pk: int | None = None) -> HttpResponse:
    if what not in FORMS:
        raise Http404
    made = FORMS[what]
    instance = get_object_or_404(made._meta.model, pk=pk) if pk else None
    form = made(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("goals-settings")
    heading = {"cycle": _("Cycle"), "type": _("Type of goal"), "reading": _("How a team reads its goals")}[
        what
    ]
    context = {"form": form, "heading": heading}
    return render(request, "strategy/edit.html", context, status=422 if form.errors else 200)
