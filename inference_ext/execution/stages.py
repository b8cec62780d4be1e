"""How many inputs of a call may be at which stage: being prepared, being sent."""

from __future__ import annotations

from ..cores import available_cores

__all__ = ["admitted", "preparing"]


def preparing(window: int) -> int:
    """Give the number of inputs that are loaded and encoded at the same time: more than cores only gets in the way.

    Args:
        window: Requests in flight at the same time.

    """
    return min(available_cores(), window)


def admitted(window: int) -> int:
    """Give the number of inputs that are anywhere between loaded and answered, which bounds the memory of a call.

    Beside those in flight, as many as are being prepared wait ready, so that none in flight is missed.
    """
    return window + 2 * preparing(window)
