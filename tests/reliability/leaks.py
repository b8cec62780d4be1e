"""Search everything that comes out of a call for texts that must not."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import FrameType

__all__ = ["KEY", "SECRET", "places_with_secrets", "texts_of", "variables"]

KEY = "MARKED-KEY-0123456789"
SECRET = "MARKED-SECRET-9876543210"

_OURS = ("/inference_ext/", "/inference_api/")
_LIBRARIES = ("/site-packages/", "/asyncio/", "/ssl.py", "/socket.py")


def texts_of(error: BaseException) -> Iterator[tuple[str, str]]:
    """Give every text of an error and of those it is chained to, with the place where it stands."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
        name = type(current).__name__
        yield f"str of {name}", str(current)
        yield f"repr of {name}", repr(current)
        yield f"attributes of {name}", repr(vars(current))
        for frame, _ in traceback.walk_tb(current.__traceback__):
            yield from variables(frame)
    yield "traceback", "".join(traceback.format_exception(error))


def variables(frame: FrameType) -> Iterator[tuple[str, str]]:
    """What a crash report with local variables would show of a frame of the package or of what it stands on."""
    path = frame.f_code.co_filename
    if not any(part in path for part in (*_OURS, *_LIBRARIES)):
        return
    for name, value in frame.f_locals.items():
        yield f"{path.rpartition('/')[2]}:{frame.f_code.co_name}: {name}", repr(value)


def places_with_secrets(texts: Iterator[tuple[str, str]]) -> tuple[int, list[str]]:
    """Give how many texts there were, and the places of those with a secret in them."""
    searched = 0
    found: list[str] = []
    for place, text in texts:
        searched += 1
        if KEY in text or SECRET in text:
            found.append(place)
    return searched, found
