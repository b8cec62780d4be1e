"""Finds every place where two observations differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from differential.observation import Tree

__all__ = ["ABSENT", "Difference", "compare_observations", "differences"]

ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """One place where the two libraries differ."""

    at: str
    """The place, such as `requests.POST /infer/object_detection.0.body.confidence`."""

    peer: str
    ours: str
    distance: float | None = None
    """How far apart two numbers, or the mean of two pictures' values, are; `None` for anything else."""

    def __str__(self) -> str:
        apart = "" if self.distance is None else f" ({self.distance:.3f} apart)"
        return f"{self.at}\n    inference-sdk: {self.peer}\n    inference-ext: {self.ours}{apart}"


def compare_observations(peer: Tree, ours: Tree) -> list[Difference]:
    """Compare what two libraries did in one case."""
    shared = [name for name in peer["order"] if name in ours["order"]]
    # A route that only one of them used is one difference, not two.
    ours_in_order = [name for name in ours["order"] if name in shared]
    return list(differences({**peer, "order": shared}, {**ours, "order": ours_in_order}))


def differences(peer: Tree, ours: Tree, at: str = "") -> Iterator[Difference]:
    """Walk two trees side by side."""
    if isinstance(peer, dict) and isinstance(ours, dict) and peer and ours and not set(peer) & set(ours):
        # A result here and an error there.
        yield Difference(at, _shown(peer), _shown(ours))
    elif isinstance(peer, np.ndarray) and isinstance(ours, np.ndarray):
        yield from _arrays(peer, ours, at)
    elif isinstance(peer, dict) and isinstance(ours, dict):
        for name in [*peer, *(name for name in ours if name not in peer)]:
            place = f"{at}.{name}" if at else name
            yield from differences(peer.get(name, ABSENT), ours.get(name, ABSENT), place)
    elif isinstance(peer, list) and isinstance(ours, list):
        yield from _lists(peer, ours, at)
    elif _is_number(peer) and _is_number(ours):
        if peer != ours:
            yield Difference(at, _shown(peer), _shown(ours), abs(peer - ours))
    elif type(peer) is not type(ours) or peer != ours:
        yield Difference(at, _shown(peer), _shown(ours))


def _lists(peer: list[Tree], ours: list[Tree], at: str) -> Iterator[Difference]:
    if len(peer) != len(ours):
        yield Difference(f"{at}.length", str(len(peer)), str(len(ours)))
    for position, (mine, theirs) in enumerate(zip(peer, ours, strict=False)):
        yield from differences(mine, theirs, f"{at}.{position}")


def _arrays(peer: np.ndarray[Any, Any], ours: np.ndarray[Any, Any], at: str) -> Iterator[Difference]:
    if peer.shape == ours.shape and peer.dtype == ours.dtype and np.array_equal(peer, ours, equal_nan=True):
        return
    distance = None
    if peer.ndim == ours.ndim and peer.ndim in (2, 3) and peer.shape[2:] == ours.shape[2:]:
        same_size = cv2.resize(ours.astype(np.float64), (peer.shape[1], peer.shape[0]))
        distance = float(np.abs(same_size.reshape(peer.shape) - peer.astype(np.float64)).mean())
    yield Difference(at, _shown(peer), _shown(ours), distance)


def _is_number(value: Tree) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Tree) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}, mean {value.mean():.3f}"
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}..."
