"""The dialog of any Verb: asked for as a page, sent, refused with its errors, or done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filrouge.core.circles import reads_items
from filrouge.core.errors import BadInput, Conflict, Forbidden, NotFound, Refused
from filrouge.core.models import Item
from filrouge.core.verbs import Verb, verbs_of
from filrouge.people.gate import access, reader_of
from filrouge.ui.asking import answers, inputs, with_errors
from filrouge.ui.meanwhile import beside
from filrouge.ui.palette import maker_label

Target = Item | type[Item]


@require_http_methods(["GET", "HEAD", "POST"])
@access("signed_in")
def make(request: HttpRequest, model: type[Item], verb: str) -> HttpResponse:
    """`/insights/new/create/`: write down a new one."""
    found = verbs_of(model).get(verb)
    if found is None or not found.makes:
        raise Http404
    return dialog(request, found, model)


@require_http_methods(["GET", "HEAD", "POST"])
@access("signed_in")
def act(request: HttpRequest, model: type[Item], pk: int, verb: str) -> HttpResponse:
    """`/decisions/42/decide/`: do it to this one."""
    found = verbs_of(model).get(verb)
    if found is None or found.makes:
        raise Http404
    try:
        item = found.target(model, pk, reader_of(request))
    except NotFound:
        raise Http404 from None
    except Forbidden as error:
        raise PermissionDenied(error.sentence) from None
    return dialog(request, found, item)


def dialog(request: HttpRequest, verb: Verb, target: Target) -> HttpResponse:
    """Access, then state, then the form."""
    try:
        verb.check(reader_of(request), target)
    except Forbidden as error:
        raise PermissionDenied(error.sentence) from None
    except Conflict as error:
        return page(request, verb, target, error)
    return send(request, verb, target) if request.method == "POST" else page(request, verb, target)


def send(request: HttpRequest, verb: Verb, target: Target) -> HttpResponse:
    owner = target if isinstance(target, type) else type(target)
    by = reader_of(request)
    try:
        done = verb.ask(target, by, answers(request.POST, verb, owner), request.POST.get("revision"))
    except Forbidden as error:
        raise PermissionDenied(error.sentence) from None
    except Refused as error:
        return page(request, verb, target, error)
    return finished(request, verb, done if verb.makes else target)


def finished(request: HttpRequest, verb: Verb, item: Any) -> HttpResponse:
    messages.success(request, told(verb, item))
    if not reads_items(reader_of(request)):
        return HttpResponseRedirect(f"/{item.kind.slug}/")
    return HttpResponseRedirect(item.get_absolute_url())


def told(verb: Verb, item: Any) -> str:
    """“Schedule: Faster export”; words that are a user's stay on the pages that guard them."""
    what = item.type_name if "title" in item.kind.personal else Truncator(item.title).chars(80)
    return _("%(name)s: %(value)s") % {"name": str(verb.label).rstrip("…"), "value": what}


def page(request: HttpRequest, verb: Verb, target: Target, error: Refused | None = None) -> HttpResponse:
    """The form, empty or with what is wrong with it."""
    owner, item = (target, None) if isinstance(target, type) else (type(target), target)
    given = _given(request.POST if request.method == "POST" else request.GET, verb, owner)
    asked = inputs(verb, owner, item, reader_of(request), given)
    changed = isinstance(error, Conflict) and error.field == "revision"
    if item is not None and changed:
        now = inputs(verb, owner, item, reader_of(request), {})
        asked = beside(asked, now, item, request.POST["revision"])
    asked, problems = with_errors(asked, _every(error))
    own = f"{owner._meta.app_label}/{verb.name}_{owner._meta.model_name}.html"
    return render(request, [own, "ui/act.html"], {
        "heading": (maker_label(owner, verb) if item is None else str(verb.label)).rstrip("…"),
        "verb": verb, "owner": owner, "item": item, "inputs": asked, "problems": problems,
        "changed": changed,
        "impossible": isinstance(error, Conflict) and not changed,
        "revision": _revision(request, item, error),
        "action": request.path,
        "back": item.get_absolute_url() if item is not None else f"/{owner.kind.slug}/",
    }, status=error.status if error else 200)  # fmt: skip


def _every(error: Refused | None) -> tuple[tuple[str, str], ...]:
    if error is None:
        return ()
    if isinstance(error, BadInput):
        return error.every
    return (("" if isinstance(error, Conflict) else error.field, str(error)),)


def _revision(request: HttpRequest, item: Item | None, error: Refused | None) -> int | str:
    """What the person has seen: after a refusal for a change in the meantime, the newest."""
    if item is None:
        return ""
    if isinstance(error, Conflict) and error.field == "revision":
        item.refresh_from_db(fields=["revision"])
        return item.revision
    return request.POST.get("revision", item.revision)


def _given(form: QueryDict, verb: Verb, owner: type[Item]) -> dict[str, Any]:
    """Answers as they were typed, for the form to show them again."""
    fields = verb.model(owner).model_fields
    several = {name for name, info in fields.items() if getattr(info.annotation, "__origin__", None) is list}
    return {
        name: form.getlist(name) if name in several else form[name]
        for name in (*fields, "find")
        if name in form
    }
