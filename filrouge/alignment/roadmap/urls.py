from django.urls import path

from . import pages

urlpatterns = [
    path("roadmap/", pages.roadmap, name="roadmap"),
    path("roadmap/timeline/", pages.timeline_page, name="roadmap-timeline"),
    path("roadmap/list/", pages.list_page, name="roadmap-list"),
    path("roadmap/shipped/", pages.releases, name="roadmap-shipped"),
    path("roadmap/<int:pk>/move/", pages.move, name="roadmap-move"),
    path("roadmap/<int:pk>/place/", pages.place, name="roadmap-place"),
    path("initiatives/<int:pk>/", pages.initiative, name="initiative"),
]
