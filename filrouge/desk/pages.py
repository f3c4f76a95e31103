"""Comments on Items, and saved views."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from filrouge.core import lists
from filrouge.core.errors import BadInput, Refused
from filrouge.core.models import Item
from filrouge.people.access import Act
from filrouge.people.gate import access
from filrouge.people.models import Role

from .home import home_of
from .models import Comment, SavedView
from .settings_pages import me

LEADS = {
    Role.ADMIN: _("What this installation needs from you."),
    Role.PRODUCT_OPS: _("What waits, and what the teams really use."),
    Role.PRODUCT_MANAGER: _("New evidence on your opportunities, and what is yours to decide."),
    Role.DESIGN: _("What users said that nobody has made anything of yet."),
    Role.MAKER: _("Why you are building what you are building."),
    Role.COACH: _("What the teams are building, and what was decided."),
    Role.STAKEHOLDER: _("What you may tell a customer today."),
    Role.GUEST: _("What the teams have told the company."),
}


@access("signed_in")
def home(request: HttpRequest) -> HttpResponse:
    reader = me(request)
    greeting = translated("Hello, %(name)s") % {"name": reader.name.split()[0]}
    context = {"sections": home_of(reader), "greeting": greeting, "lead": LEADS[Role(reader.role)]}
    return render(request, "desk/home.html", context)


@access("signed_in")
def told(request: HttpRequest) -> HttpResponse:
    """Every wording approved for this reader, to be said as it stands; found by its words."""
    try:
        filter = lists.face_filter(request.GET)
        page = filter.page(
            lists.face_rows(None, filter, me(request), get_language() or "en").select_related("item")
        )
    except BadInput:
        return redirect("told")
    older = f"?{page.next.query_string()}" if page.next else ""
    return render(request, "desk/told.html", {"found": page.rows, "words": filter.q, "older": older})


def item_in_sight(request: HttpRequest, pk: int) -> Item:
    item: Item | None = Item.objects.visible_to(me(request)).filter(pk=pk).first()
    if item is None:
        raise Http404
    return item


@access(Act.SEE_ITEMS)
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """The comments of an Item: a fragment for its page, a page of its own without JavaScript."""
    item, error = item_in_sight(request, pk), ""
    if request.method == "POST":
        try:
            Comment.write(item, request.POST.get("text", ""), by=me(request))
            if not request.headers.get("HX-Request"):
                return redirect("comments", pk)
        except Refused as refused:
            error = str(refused)
    said = Comment.objects.visible_to(me(request)).filter(item=item).select_related("author")[:500]
    context = {
        "item": item,
        "comments": said,
        "error": error,
        "fragment": bool(request.headers.get("HX-Request")),
    }
    return render(request, "desk/comments.html", context, status=422 if error else 200)


@access(Act.COMMENT)
@require_POST
def remove_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.visible_to(me(request)), pk=pk)
    try:
        comment.remove(by=me(request))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("comments", comment.item_id)


def local_page(path: str) -> bool:
    """Whether an address is a page of ours, so that a saved view never leads elsewhere."""
    try:
        return path.startswith("/") and not path.startswith("//") and bool(resolve(path))
    except Resolver404:
        return False


@access("signed_in")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filter of a page under a name."""
    given = request.POST if request.method == "POST" else request.GET
    path, query, name = (
        given.get("path", ""),
        given.get("query", "")[:2000],
        given.get("name", "").strip()[:80],
    )
    error = ""
    if not local_page(path):
        raise Http404
    if request.method == "POST":
        error = "" if name else str(_("Give it a name."))
        if not error:
            values = {"query": query, "shared": given.get("shared") == "on"}
            view, _new = SavedView.objects.update_or_create(
                owner=me(request), path=path, name=name, defaults=values
            )
            return redirect(view.get_absolute_url())
    context = {"path": path, "query": query, "name": name, "error": error}
    return render(request, "desk/save_view.html", context, status=422 if error else 200)


@access("signed_in")
@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, owner=me(request))
    view.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect(view.path)
