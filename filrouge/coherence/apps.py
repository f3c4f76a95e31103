from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoherenceConfig(AppConfig):
    name = "filrouge.coherence"
    label = "coherence"

    def ready(self) -> None:
        from filrouge.api import registry
        from filrouge.core.traces import FOLLOWERS
        from filrouge.people.models import PRODUCT_ROLES
        from filrouge.ui.navigation import Entry, register

        from .api import findings, rules
        from .following import follow

        registry.register("/findings", findings)
        registry.register("/rules", rules)
        register("alignment", Entry(_("Coherence"), "coherence", roles=PRODUCT_ROLES, key="c"))
        if follow not in FOLLOWERS:
            FOLLOWERS.append(follow)
