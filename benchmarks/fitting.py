"""How one figure grows with another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import linear_regression

__all__ = ["exponent", "slope"]

Points = Sequence[tuple[float, float]]


def exponent(points: Points) -> float:
    """The power that fits best: 1 for figures that grow in proportion, 0 for one that stays, 2 for a square."""
    positive = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    return linear_regression(*zip(*positive, strict=True)).slope if len(positive) > 1 else math.nan


def slope(points: Points) -> float:
    """The straight line that fits best: how much is added per unit."""
    return linear_regression(*zip(*points, strict=True)).slope if len(points) > 1 else math.nan
