"""The API as a whole: one router a Kind, those that capabilities register, its description and its page."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from filrouge.core.kinds import all_kinds

from .door import Bearer, answer, guarded, hang
from .reference import groups
from .registry import ROUTERS
from .routes import PREFIX, routes_of

ABOUT = gettext_lazy(
    "Every call acts as the person of its token, and may do what that person may on the pages. "
    "Send an Idempotency-Key with a POST to be able to send it again; "
    "send `revision` (or If-Match) with an act to be told if somebody changed the Item since you read it."
)


class Api(NinjaAPI):
    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Ids are whole numbers; we read them ourselves, so that a wrong one is not found."""
        schema = super().get_openapi_schema(*args, **kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for parameter in operation.get("parameters", []):
                    if parameter["in"] == "path":
                        parameter["schema"] = {"type": "integer", "minimum": 1}
        return schema


def make_api() -> Api:
    with override("en"):
        about = str(ABOUT)
    api = Api(
        title="Filrouge", version=version("filrouge"), description=about, docs_url=None,
        openapi_url="/openapi.json", auth=Bearer(), urls_namespace="api",
    )  # fmt: skip
    hang(api)
    for prefix, router in ROUTERS.items():
        api.add_router(prefix, router)
    for model in all_kinds():
        api.add_router(f"/{model.kind.slug}", routes_of(model))
    return api


@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """An address that the API does not have."""
    return answer({"error": _("There is no such address. See %(page)s.") % {"page": f"{PREFIX}/docs"}}, 404)


def docs(request: HttpRequest) -> HttpResponse:
    """The page that tells what can be asked, from the same description as openapi.json."""
    return render(
        request,
        "api/docs.html",
        {"groups": groups(api.get_openapi_schema()), "about": ABOUT, "prefix": PREFIX},
    )


api = make_api()
_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    public = getattr(_pattern, "name", "") in ("openapi-json", "api-root")
    assert _pattern.callback is not None
    _pattern.callback = guarded(_pattern.callback, "public" if public else "token")


def as_in_code(pattern: Any) -> list[Any]:
    """The same view under the name that a Verb has in the code: check_in beside check-in."""
    head, slash, name = str(pattern.pattern).rpartition("/")
    return [path(f"{head}/{name.replace('-', '_')}", pattern.callback)] if slash and "-" in name else []


urls = (
    [
        *[other for one in _patterns for other in as_in_code(one)],
        *[one for one in _patterns if getattr(one, "name", "") != "api-root"],
        path("docs", guarded(docs, "public"), name="docs"),
        path("", guarded(nothing, "public"), name="api-root"),
        path("<path:rest>", guarded(nothing, "public"), name="nothing"),
    ],
    _app,
    _namespace,
)
