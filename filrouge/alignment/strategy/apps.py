from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StrategyConfig(AppConfig):
    name = "filrouge.alignment.strategy"
    label = "strategy"

    def ready(self) -> None:
        from filrouge.api import registry
        from filrouge.ui.navigation import Entry, register

        from .api import log

        registry.register("/key-results", log)
        goals = Entry(_("Goals"), "goals", key="o", holds=("/objectives/", "/key-results/"))
        register("alignment", goals, before="roadmap")
