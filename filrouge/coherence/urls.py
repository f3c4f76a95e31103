from django.urls import path

from . import mending, pages

urlpatterns = [
    path("coherence/", pages.organisation, name="coherence"),
    path("coherence/run/", pages.run, name="coherence-run"),
    path("coherence/teams/<int:pk>/", pages.team, name="coherence-team"),
    path("coherence/glance/", pages.glance, name="coherence-glance"),
    path("coherence/rules/", pages.rules, name="coherence-rules"),
    path("coherence/rules/<str:id>/", pages.rule, name="coherence-rule"),
    path("coherence/items/<int:pk>/", pages.item, name="coherence-item"),
    path("coherence/items/<int:pk>/waive/<str:id>/", mending.waive, name="coherence-waive"),
    path("coherence/items/<int:pk>/bring/<slug:slug>/", mending.bring, name="coherence-bring"),
    path("coherence/waivers/<int:pk>/end/", mending.end_waiver, name="coherence-waiver-end"),
]
