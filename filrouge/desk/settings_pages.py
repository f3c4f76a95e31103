"""One's own settings: profile, API tokens, deputies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filrouge.people.gate import access, reader_of
from filrouge.people.models import Deputy, Role
from filrouge.people.tokens import Token

from .forms import DeputyForm, ProfileForm, TokenForm


@access("signed_in")
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=reader_of(request))
    if form.is_valid():
        form.save()
        messages.success(request, _("Your preferences are saved."))
        return redirect("profile")
    return render(request, "desk/profile.html", {"form": form}, status=422 if form.errors else 200)


@access("signed_in")
def tokens(request: HttpRequest) -> HttpResponse:
    """List and make API tokens; a new one's secret is on this answer and never again."""
    form, secret = TokenForm(request.POST or None), ""
    if form.is_valid():
        given = form.cleaned_data
        _token, secret = Token.create(
            reader_of(request), given["scope"], given["name"], given["days"], by=reader_of(request)
        )
        form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": reader_of(request).tokens.all()}
    return render(request, "desk/tokens.html", context, status=422 if form.errors else 200)


@access("signed_in")
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Token, pk=pk, user=reader_of(request)).revoke(by=reader_of(request))
    messages.success(request, _("The token is revoked; nothing can use it any more."))
    return redirect("tokens")


@access("signed_in")
def deputies(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    form = DeputyForm(request.POST or None, manager=reader)
    if request.method == "POST" and form.is_valid():
        try:
            Deputy.name_for(reader, by=reader, **form.cleaned_data)
            messages.success(request, _("Recorded. They decide in your place on those days."))
            return redirect("deputies")
        except ValueError as error:
            form.add_error(None, str(error))
    mine = Deputy.objects.filter(manager=reader).select_related("deputy")
    for_others = Deputy.objects.filter(deputy=reader).select_related("manager")
    context = {
        "form": form,
        "mine": mine,
        "for_others": for_others,
        "manager": reader.role == Role.PRODUCT_MANAGER,
    }
    return render(request, "desk/deputies.html", context, status=422 if form.errors else 200)


@access("signed_in")
@require_POST
def end_deputy(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Deputy, pk=pk, manager=reader_of(request)).end(by=reader_of(request))
    messages.success(request, _("Ended. You decide yourself again."))
    return redirect("deputies")
