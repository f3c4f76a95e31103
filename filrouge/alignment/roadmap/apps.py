from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    name = "filrouge.alignment.roadmap"
    label = "roadmap"

    def ready(self) -> None:
        from filrouge.ui.navigation import Entry, register

        register("alignment", Entry(_("Roadmap"), "roadmap", key="r", holds=("/initiatives/",)))
