from django.urls import path

from . import deciding_pages, pages, past_pages, scenario_pages

urlpatterns = [
    path("roadmap/", pages.roadmap, name="roadmap"),
    path("roadmap/board/", pages.stages_page, name="roadmap-board"),
    path("roadmap/timeline/", pages.timeline_page, name="roadmap-timeline"),
    path("roadmap/list/", pages.list_page, name="roadmap-list"),
    path("roadmap/shipped/", pages.releases, name="roadmap-shipped"),
    path("roadmap/stood/", past_pages.stood_page, name="roadmap-stood"),
    path("roadmap/drift/", past_pages.drift_page, name="roadmap-drift"),
    path("roadmap/scenarios/", scenario_pages.scenarios, name="roadmap-scenarios"),
    path("roadmap/scenarios/<int:pk>/", scenario_pages.scenario, name="roadmap-scenario"),
    path("roadmap/scenarios/<int:pk>/act/", scenario_pages.act, name="roadmap-scenario-act"),
    path("roadmap/scenarios/<int:pk>/<int:item>/", scenario_pages.think, name="roadmap-think"),
    path("roadmap/<int:pk>/move/", pages.move, name="roadmap-move"),
    path("roadmap/<int:pk>/follow/", deciding_pages.follow, name="roadmap-follow"),
    path("roadmap/<int:pk>/place/", pages.place, name="roadmap-place"),
    path("initiatives/<int:pk>/", pages.initiative, name="initiative"),
]
