"""Routes of what is not an Item, brought by capabilities from their AppConfig's `ready`."""

from ninja import Router

ROUTERS: dict[str, Router] = {}


def register(prefix: str, router: Router) -> None:
    ROUTERS[prefix] = router
