"""Rules over the roadmap. They inform: nothing here moves or orders anything."""

from . import dependencies, items

__all__ = ["dependencies", "items"]
