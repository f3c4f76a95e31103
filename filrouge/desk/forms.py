"""The forms of the settings pages."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from filrouge.people.models import Product, Role, Team, User
from filrouge.people.tokens import Scope

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
)
A_YEAR = 365


class ProfileForm(forms.ModelForm[User]):
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=[("UTC", "UTC"), *((zone, zone) for zone in ZONES)]
    )

    class Meta:
        model = User
        fields = ("name", "language", "timezone", "theme", "shortcuts")
        help_texts = {"shortcuts": _("J, K, Q and so on. Ctrl K and Cmd K always work.")}


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scope = forms.ChoiceField(label=_("It may"), choices=Scope.choices)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=2 * A_YEAR, initial=90)


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MAKER)
    team = forms.ModelChoiceField(Team.objects.all(), label=_("Team"), required=False, empty_label=_("None"))

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody has this address already."))
        return email


class TeamForm(forms.ModelForm[Team]):
    parent = forms.ModelChoiceField(
        Team.objects.all(), label=_("Part of"), required=False, empty_label=_("Nothing: it stands at the top")
    )

    class Meta:
        model = Team
        fields = ("name", "parent", "country")


class ProductForm(forms.ModelForm[Product]):
    parent = forms.ModelChoiceField(
        Product.objects.all(),
        label=_("Part of"),
        required=False,
        empty_label=_("Nothing: it stands at the top"),
    )

    class Meta:
        model = Product
        fields = ("name", "parent", "team")


class DeputyForm(forms.Form):
    deputy = forms.ModelChoiceField(
        User.objects.none(), label=_("Who stands in"), empty_label=_("Choose somebody")
    )
    starts = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))
    ends = forms.DateField(label=_("Until, that day included"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, manager: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.reading_items().exclude(pk=manager.pk)
        self.fields["deputy"].queryset = people.order_by("name")  # type: ignore[attr-defined]
