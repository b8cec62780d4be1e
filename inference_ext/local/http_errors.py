"""Errors that become an HTTP answer, in the shapes the real server uses.

Three shapes exist: `{"message": ...}` from the routes, `{"detail": [...]}` for a request that does not fit the
schema, `{"detail": "..."}` for an unknown path or method.
"""

from __future__ import annotations

import math
from typing import Any, cast


class HTTPAnswerError(Exception):
    """A request that is answered with an error status.

    Args:
        status: HTTP status.
        body: JSON body of the answer.

    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def with_message(status: int, message: str) -> HTTPAnswerError:
    """Error with the body `{"message": message}`."""
    return HTTPAnswerError(status, {"message": message})


def image_problem(cause: str) -> HTTPAnswerError:
    """400 because an image could not be read; `cause` is a full sentence."""
    return with_message(400, f"Could not load input image. Cause: {cause}")


def schema_violation(problems: list[dict[str, Any]]) -> HTTPAnswerError:
    """422 with one entry per field that does not fit."""
    return HTTPAnswerError(422, {"detail": _expressible(problems)})


def _expressible(value: Any) -> Any:
    """The value with NaN and infinities as text: Python reads them in a request, but JSON has no way to echo them."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list):
        return [_expressible(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: _expressible(item) for key, item in cast("dict[str, Any]", value).items()}
    return value


def unmatched_route(method: str) -> HTTPAnswerError:
    """The answer for a path and method that no route takes.

    The real server mounts static files under every path, so a GET or HEAD that matches nothing is "not found" and
    any other method is "not allowed", whether or not the path exists.
    """
    if method in ("GET", "HEAD"):
        return HTTPAnswerError(404, {"detail": "Not Found"})
    return HTTPAnswerError(405, {"detail": "Method Not Allowed"})
