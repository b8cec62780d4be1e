"""Routes that carry the model's id in their path."""

from __future__ import annotations

from urllib.parse import quote

from ...errors import InvalidModelIdentifier

__all__ = ["path_with_model"]


def path_with_model(route: str, model_id: str) -> str:
    """Append a model id to a route; slashes divide it, everything else that is special in a URL is escaped.

    Raises:
        InvalidModelIdentifier: A part of it is empty, `.` or `..`, which would lead to another route.

    """
    if any(part in ("", ".", "..") for part in model_id.split("/")):
        raise InvalidModelIdentifier(f"model_id {model_id!r}: expected names divided by single slashes")
    return f"{route}/{quote(model_id, safe='/')}"
