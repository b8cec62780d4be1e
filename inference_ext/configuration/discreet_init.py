"""A constructor whose arguments do not appear in the crash report of its own failure."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from ..errors import InvalidParameterError

__all__ = ["discreet_init"]

P = ParamSpec("P")


def discreet_init(init: Callable[P, None]) -> Callable[P, None]:
    """Wrap `__init__`: what it raises comes without the frames that hold its arguments, of which one is a secret."""

    @wraps(init)
    def without_frames(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            init(*args, **kwargs)
        except (InvalidParameterError, TypeError) as error:
            failure = error.with_traceback(None)
        else:
            return
        del args, kwargs
        raise failure

    return without_frames
