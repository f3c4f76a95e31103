from django.urls import path

from . import pages

urlpatterns = [
    path("roadmap/", pages.roadmap, name="roadmap"),
    path("roadmap/timeline/", pages.timeline, name="roadmap-timeline"),
    path("roadmap/shipped/", pages.releases, name="roadmap-shipped"),
    path("roadmap/<int:pk>/move/", pages.move, name="roadmap-move"),
    path("initiatives/<int:pk>/", pages.initiative, name="initiative"),
]
