from django.urls import path, register_converter
from django.urls.converters import StringConverter

from filrouge.jobs import pages


class ActConverter(StringConverter):
    regex = "|".join(pages.ACTS)


register_converter(ActConverter, "job_act")

app_name = "jobs"
urlpatterns = [
    path("jobs/", pages.board, name="board"),
    path("jobs/<int:pk>/<job_act:name>/", pages.act, name="act"),
]
