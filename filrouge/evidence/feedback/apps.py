from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "filrouge.evidence.feedback"
    label = "feedback"

    def ready(self) -> None:
        from filrouge.api import registry
        from filrouge.people.access import TABLE, Act
        from filrouge.ui.navigation import Entry, register
        from filrouge.voices.erasure import on_erasure

        from .api import router
        from .erasing import forget_files, forget_rejected

        on_erasure(forget_rejected)
        on_erasure(forget_files)
        registry.register("/feedback", router)
        capturing, importing = TABLE[Act.CAPTURE].roles, TABLE[Act.IMPORT].roles
        capture = Entry(_("Capture words"), "capture", icon="plus", roles=capturing, key="c", dialog=True)
        register("top", capture)
        reading = TABLE[Act.READ_MASKED].roles
        register("", Entry(_("Search"), "search", key="s"))
        register("evidence", Entry(_("Sources"), "sources", roles=reading))
        register("evidence", Entry(_("Imports"), "imports", roles=importing))
