"""The table of contents: every address of Filrouge."""

from django.urls import include, path
from django.urls.converters import IntConverter

from filrouge.api import v1
from filrouge.health import healthz

# An id that no database can hold is no address.
IntConverter.regex = "[0-9]{1,18}"

handler400 = "filrouge.ui.errors.bad_request"
handler403 = "filrouge.ui.errors.forbidden"
handler404 = "filrouge.ui.errors.not_found"
handler429 = "filrouge.ui.errors.too_many"  # allauth's
handler500 = "filrouge.ui.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", v1.urls),
    path("", include("filrouge.people.urls")),
    path("", include("filrouge.ui.urls")),
    path("", include("filrouge.desk.urls")),
    path("", include("filrouge.jobs.urls")),
    path("", include("filrouge.evidence.feedback.arrival_urls")),
    path("", include("filrouge.evidence.feedback.reading_urls")),
    path("", include("filrouge.evidence.insights.words_urls")),
    path("", include("filrouge.evidence.insights.urls")),
    path("", include("filrouge.alignment.strategy.urls")),
    path("", include("filrouge.alignment.roadmap.urls")),
    path("", include("filrouge.alignment.decisions.urls")),
    path("", include("filrouge.alignment.exchange.urls")),
    path("", include("filrouge.coherence.urls")),
    path("", include("filrouge.sample.urls")),
    path("", include("filrouge.ui.generic_urls")),
]
