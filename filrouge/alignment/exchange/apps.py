from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "filrouge.alignment.exchange"
    label = "exchange"

    def ready(self) -> None:
        from filrouge.people.access import TABLE, Act
        from filrouge.ui.exports import WRITERS
        from filrouge.ui.navigation import Entry, register
        from filrouge.voices.erasure import on_erasure

        from .erasing import forget_plans
        from .export_pages import file_name
        from .jobs import write_folder

        WRITERS[write_folder.module_path] = lambda asked: {
            "name": file_name(), "listed": str(_("Import and export")), "list_url": "/plans/",
        }  # fmt: skip
        on_erasure(forget_plans)
        register("settings", Entry(_("Calendar"), "calendar"))
        register("alignment", Entry(_("Import and export"), "plans", roles=TABLE[Act.IMPORT_PLANS].roles))
