"""Settings of the workspace: people, teams, product areas, the access table, its records."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from filrouge.jobs.outbox import post_mail
from filrouge.lib.numbers import whole
from filrouge.people.access import TABLE, Act
from filrouge.people.gate import access, reader_of
from filrouge.people.leading import managers
from filrouge.people.models import Product, Record, Role, Team, User
from filrouge.people.tokens import Invitation

from .forms import InviteForm, ProductForm, TeamForm


@access(Act.MANAGE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and the form that invites one more."""
    form, address = InviteForm(request.POST or None), ""
    if form.is_valid():
        given = form.cleaned_data
        by = reader_of(request)
        invitation, secret = Invitation.create(given["email"], given["role"], given["team"], by=by)
        address = settings.SITE_URL + reverse("invitation", args=[secret])
        send_invitation(invitation, address, by=by)
        form = InviteForm()
    everybody = User.objects.prefetch_related("teams").order_by("-is_active", "name")
    context = {
        "form": form, "address": address, "people": everybody, "roles": Role.choices,
        "teams": Team.objects.all(),
        "invitations": Invitation.objects.open().select_related("team"), "mailing": bool(settings.EMAIL_HOST),
    }  # fmt: skip
    return render(request, "desk/people.html", context, status=422 if form.errors else 200)


def send_invitation(invitation: Invitation, address: str, *, by: User) -> None:
    text = _("%(name)s invites you to Filrouge as %(role)s. Choose your password here, within two weeks:") % {
        "name": by.name, "role": invitation.get_role_display(),
    }  # fmt: skip
    post_mail(invitation.email, _("Join Filrouge"), f"{text}\n\n{address}\n", f"invitation-{invitation.pk}")


@access(Act.MANAGE_PEOPLE)
@require_POST
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One change to one account: its role, whether it is open, a team joined or left."""
    person = get_object_or_404(User, pk=pk)
    try:
        apply_change(person, request.POST.get("change", ""), request.POST, by=reader_of(request))
        messages.success(request, _("%(name)s: changed.") % {"name": person.name})
    except ValueError as error:
        messages.error(request, str(error))
    return redirect("people")


def apply_change(person: User, change: str, given: Any, *, by: User) -> None:
    if change == "role" and given.get("role") in Role.values:
        person.change_role(given["role"], by=by)
    elif change in ("close", "open"):
        person.set_active(change == "open", by=by)
    elif change in ("join", "leave"):
        team = get_object_or_404(Team, pk=whole(given.get("team", "")))
        (person.join if change == "join" else person.leave)(team, by=by)
    else:
        raise ValueError(_("Say what to change."))


@access(Act.MANAGE_PEOPLE)
@require_POST
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Invitation.objects.open(), pk=pk).withdraw(by=reader_of(request))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("people")


def tree(rows: list[Any]) -> list[tuple[int, Any]]:
    """Rows with their depth, each under its parent."""
    children: dict[int | None, list[Any]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)

    def below(parent: int | None, depth: int) -> list[tuple[int, Any]]:
        return [
            pair for row in children.get(parent, []) for pair in [(depth, row), *below(row.pk, depth + 1)]
        ]

    return below(None, 0)


@access("signed_in")
def teams(request: HttpRequest) -> HttpResponse:
    rows = Team.objects.annotate(size=Count("members")).prefetch_related("products")
    areas = tree(list(Product.objects.select_related("team")))
    context = {"teams": tree(list(rows)), "areas": areas, "managers": managers()}
    return render(request, "desk/teams.html", context)


@access(Act.MANAGE_TEAMS)
def edit_team(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk) if pk else None
    return edit(request, TeamForm(request.POST or None, instance=team), _("New team"))


@access(Act.MANAGE_TEAMS)
def edit_product(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    product = get_object_or_404(Product, pk=pk) if pk else None
    return edit(request, ProductForm(request.POST or None, instance=product), _("New area"))


def edit(request: HttpRequest, form: ModelForm[Any], new: str) -> HttpResponse:
    what = str(form.instance) if form.instance.pk else new
    if form.is_valid():
        form.instance.keep(form.changed_data, by=reader_of(request))
        messages.success(request, _("Saved."))
        return redirect("teams")
    return render(request, "desk/edit.html", {"form": form, "what": what}, status=422 if form.errors else 200)


@access("signed_in")
def access_table(request: HttpRequest) -> HttpResponse:
    """The table that decides, as it is read by the program."""
    rows = [(act.label, rule.roles, rule.where.__name__) for act, rule in TABLE.items()]
    return render(request, "desk/access.html", {"rows": rows, "roles": Role})


@access(Act.MANAGE_PEOPLE)
def records(request: HttpRequest) -> HttpResponse:
    rows = Record.objects.select_related("by", "about")[:200]
    return render(request, "desk/records.html", {"records": rows})
