"""Rules across the wings: from users' words to the roadmap, and from the roadmap to what is told."""

from . import evidence, told

__all__ = ["evidence", "told"]
