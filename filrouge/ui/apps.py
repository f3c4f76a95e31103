from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "filrouge.ui"
    label = "ui"

    def ready(self) -> None:
        """The places of the floors below, which know nothing of a side bar."""
        from filrouge.people.access import TABLE, Act
        from filrouge.people.models import PRODUCT_ROLES, Role

        from .navigation import Entry, register

        outside = frozenset(set(Role) - PRODUCT_ROLES)
        register("", Entry(_("Home"), "home", key="h"), before="inbox")
        register("", Entry(_("What you may tell"), "told", roles=outside))
        register("settings", Entry(_("Teams and areas"), "teams"))
        register("settings", Entry(_("People"), "people", roles=TABLE[Act.MANAGE_PEOPLE].roles))
        register("settings", Entry(_("Background work"), "jobs:board", roles=TABLE[Act.RUN_JOBS].roles))
        register("me", Entry(_("Profile"), "profile"))
        register("me", Entry(_("API tokens"), "tokens"))
        register("me", Entry(_("Deputies"), "deputies", roles=PRODUCT_ROLES))
        register("me", Entry(_("Who may do what"), "access_table"))
