"""The v0 route of a model."""

from __future__ import annotations

from ..errors import InvalidModelIdentifier

__all__ = ["V0_MEDIA_TYPE", "v0_path"]

V0_MEDIA_TYPE = "application/x-www-form-urlencoded"
"""The route takes base64 text as the body, whatever the media type; this one is never parsed on the way."""


def v0_path(model_id: str) -> str:
    """Give `/{project}/{version}`.

    Raises:
        InvalidModelIdentifier: The id does not have these two parts, or holds what would change the address.

    """
    parts = model_id.split("/")
    if len(parts) != 2 or any(part in ("", ".", "..") for part in parts) or any(mark in model_id for mark in "?#%\\ "):
        raise InvalidModelIdentifier(f"model_id {model_id!r}: v0 takes 'project/version', such as 'soccer-players/1'")
    return f"/{model_id}"
