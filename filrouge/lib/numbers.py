"""Numbers that do not say more than they know."""

import statistics
from collections.abc import Iterable
from math import sqrt

_Z = 1.959964  # 95 %


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of k in n; holds for small n and for 0 or n, where k/n ± error does not.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), pages 209-212.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a share")
    if n == 0:
        return 0.0, 1.0
    share, weight = k / n, _Z**2 / n
    middle = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * sqrt(share * (1 - share) / n + weight / (4 * n))
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def median(values: Iterable[float]) -> float | None:
    """The middle value; None of nothing."""
    found = sorted(values)
    return statistics.median(found) if found else None
