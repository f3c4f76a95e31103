from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "filrouge.evidence.insights"
    label = "insights"

    def ready(self) -> None:
        from filrouge.voices.erasure import on_erasure

        from .erasing import forget_quotes

        on_erasure(forget_quotes)
        self._navigate()

    def _navigate(self) -> None:
        from filrouge.people.access import TABLE, Act
        from filrouge.ui.navigation import Entry, counter, register

        from .places import register_places
        from .words_pages import waiting

        reading = TABLE[Act.READ_MASKED].roles
        counter(waiting)
        register("", Entry(_("Inbox"), "inbox", roles=reading, key="i", count="inbox"), before="search")
        register_places()
        register(
            "evidence", Entry(_("People heard"), "people-heard", roles=reading, key="p"), before="sources"
        )
