"""The ways in: first administrator, invitation, and the sample's users on this machine."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .forms import PasswordForm, WelcomeForm
from .gate import access, on_this_machine
from .models import User
from .tokens import Invitation, SetupCode

LOCKED_SECONDS = 300
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sample_users(request: HttpRequest) -> list[User]:
    """The sample's people, whom anybody at this machine may be; nobody elsewhere."""
    return (
        list(User.objects.filter(sample=True, is_active=True).order_by("id"))
        if on_this_machine(request)
        else []
    )


class SignIn(LoginView):
    """allauth's sign-in, with the sample's people beside it where they may be used."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sample_users": sample_users(self.request)}

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
            answer.status_code, answer["Retry-After"] = 429, str(LOCKED_SECONDS)
        return answer


@access("public")
def welcome(request: HttpRequest) -> HttpResponse:
    if not SetupCode.wanted():
        return redirect("account_login")
    SetupCode.print_if_wanted()
    form = WelcomeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if User.objects.filter(email__iexact=given["email"]).exists():
            form.add_error("email", _("Somebody has this address already."))
        elif user := SetupCode.claim(given["code"], given["email"], given["name"], given["password"]):
            login(request, user, BACKEND)
            return redirect("/")
        else:
            form.add_error("code", _("This is not the code that the terminal printed last."))
    return render(request, "people/welcome.html", {"form": form}, status=422 if form.errors else 200)


@access("public")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    found = Invitation.of(secret)
    if found is None:
        return render(request, "people/invitation_gone.html", status=404)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            user = found.accept(form.cleaned_data["name"], form.cleaned_data["password"])
        except ValueError as error:
            messages.error(request, str(error))
            return redirect("account_login")
        login(request, user, BACKEND)
        return redirect("/")
    return render(
        request, "people/invitation.html", {"form": form, "found": found}, status=422 if form.errors else 200
    )


@access("public")
@require_POST
def be_sample_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as one of the sample's people, from this machine only; elsewhere the address does not exist."""
    if not on_this_machine(request):
        raise Http404
    login(request, get_object_or_404(User, pk=pk, sample=True, is_active=True), BACKEND)
    return redirect("/")
