"""Rules over goals and key results. They inform: nothing here grades, moves or closes anything."""

from . import goals, key_results, metrics

__all__ = ["goals", "key_results", "metrics"]
