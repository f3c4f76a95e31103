"""Comments on Items, and saved views."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from filrouge.core import lists
from filrouge.core.errors import BadInput, Refused
from filrouge.core.models import Item
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of
from filrouge.people.models import Role

from .home import home_of
from .models import LONGEST_PATH, Comment, SavedView

MOST_COMMENTS = 500
LEADS = {
    Role.ADMIN: _("What this installation needs from you."),
    Role.PRODUCT_OPS: _("What waits, and what the teams really use."),
    Role.PRODUCT_MANAGER: _("New evidence on your opportunities, and what is yours to decide."),
    Role.DESIGN: _("What users said that nobody has made anything of yet."),
    Role.MAKER: _("Why you are building what you are building."),
    Role.COACH: _("What the teams are building, and what was decided."),
    Role.STAKEHOLDER: _("What you may tell, and to whom."),
    Role.GUEST: _("What the teams have told the company."),
}


@access("signed_in")
def home(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    greeting = gettext("Hello, %(name)s") % {"name": reader.name.split()[0]}
    context = {"sections": home_of(reader), "greeting": greeting, "lead": LEADS[Role(reader.role)]}
    return render(request, "desk/home.html", context)


@access("signed_in")
def told(request: HttpRequest) -> HttpResponse:
    """Every wording approved for this reader, to be said as it stands; found by its words."""
    try:
        filter = lists.face_filter(request.GET)
        page = filter.page(lists.face_rows(None, filter, reader_of(request)).select_related("item"))
    except BadInput:
        return redirect("told")
    older = f"?{page.next.query_string()}" if page.next is not None else ""
    return render(
        request,
        "desk/told.html",
        {"found": page.rows, "outside": lists.outside(page.rows), "words": filter.q, "older": older},
    )


def item_in_sight(request: HttpRequest, pk: int) -> Item:
    item: Item | None = Item.objects.visible_to(reader_of(request)).filter(pk=pk).first()
    if item is None:
        raise Http404
    return item


@access(Act.SEE_ITEMS)
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """The comments of an Item: a fragment for its page, a page of its own without JavaScript."""
    item, error = item_in_sight(request, pk), ""
    if request.method == "POST":
        try:
            Comment.write(item, request.POST.get("text", ""), by=reader_of(request))
            if not by_htmx(request):
                return redirect("comments", pk)
        except Refused as refused:
            error = str(refused)
    return shown(request, item, error)


def shown(request: HttpRequest, item: Item, error: str = "") -> HttpResponse:
    said = Comment.objects.filter(item=item).select_related("author")[:MOST_COMMENTS]
    text = request.POST.get("text", "") if error else ""
    context = {"item": item, "comments": said, "error": error, "text": text}
    page = "desk/comments.html" if by_htmx(request) else "desk/comments_page.html"
    return render(request, page, context, status=422 if error else 200)


def by_htmx(request: HttpRequest) -> bool:
    """Whether a fragment is wanted, not a page."""
    return bool(request.headers.get("HX-Request"))


@access(Act.COMMENT)
@require_POST
def remove_comment(request: HttpRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.visible_to(reader_of(request)), pk=pk)
    try:
        comment.remove(by=reader_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    if not by_htmx(request):
        return redirect("comments", comment.item_id)
    return shown(request, comment.item)


def local_page(path: str) -> bool:
    """Whether an address is a page of ours, so that a saved view never leads elsewhere."""
    if len(path) > LONGEST_PATH or not path.isprintable():
        return False
    try:
        return path.startswith("/") and not path.startswith("//") and bool(resolve(path))
    except Resolver404:
        return False


@access("signed_in")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filter of a page under a name."""
    given = request.POST if request.method == "POST" else request.GET
    path, query = given.get("path", ""), given.get("query", "").replace("\x00", "")[:2000]
    if not local_page(path):
        raise Http404
    return name_view(request, SavedView(owner=reader_of(request), path=path, query=query))


@access("signed_in")
def edit_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one's own view another name, share it, or keep it to oneself again."""
    return name_view(request, get_object_or_404(SavedView, pk=pk, owner=reader_of(request)))


def name_view(request: HttpRequest, view: SavedView) -> HttpResponse:
    """The dialog that asks for a view's name; one of that name on that page is replaced."""
    error = ""
    if request.method == "POST":
        view.name = request.POST.get("name", "").replace("\x00", "").strip()[:80]
        view.shared = request.POST.get("shared") == "on"
        error = "" if view.name else gettext("Give it a name.")
        if not error:
            view.keep()
            return redirect(view.get_absolute_url())
    context = {
        "view": view if view.pk else None, "path": view.path, "query": view.query,
        "name": view.name, "shared": view.shared, "error": error,
    }  # fmt: skip
    return render(request, "desk/save_view.html", context, status=422 if error else 200)


@access("signed_in")
@require_POST
def forget_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk, owner=reader_of(request))
    view.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect(view.path)
