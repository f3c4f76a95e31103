"""The forms of the ways in: first administrator, invitation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import User


class PasswordForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters; three or four words are easy to remember."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def email_of(self) -> str:
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email_of(), name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class WelcomeForm(PasswordForm):
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("The terminal that started Filrouge printed it."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code"}),
    )
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "username"}))
    field_order = ["code", "name", "email", "password"]

    def email_of(self) -> str:
        return str(self.cleaned_data.get("email", ""))
