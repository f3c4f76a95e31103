from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class DecisionsConfig(AppConfig):
    name = "filrouge.alignment.decisions"
    label = "decisions"

    def ready(self) -> None:
        from filrouge.core.traces import FOLLOWERS
        from filrouge.ui.navigation import Entry, register
        from filrouge.voices.erasure import on_erasure

        from .following import follow
        from .logs import forget_logs

        on_erasure(forget_logs)
        if follow not in FOLLOWERS:
            FOLLOWERS.append(follow)
        register("alignment", Entry(_("Decisions"), "decisions", count=due_words, key="d"))


def due_words(reader: Any) -> str | None:
    """“2 due” for those that are late or due within the week, of one's own teams where one manages any."""
    from .pages import due_soon

    number = len(due_soon(reader))
    return ngettext("%(n)s due", "%(n)s due", number) % {"n": number} if number else None
