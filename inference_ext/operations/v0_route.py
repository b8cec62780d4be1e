"""The v0 route of a model."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Literal

import pybase64

from ..errors import InvalidModelIdentifier

__all__ = ["V0_MEDIA_TYPE", "V0_ROUTE", "v0_body", "v0_path"]

V0_ROUTE = "POST /{dataset_id}/{version_id}"
"""Where models of every task are run in mode v0."""

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


def v0_body(image: bytes, upload: Literal["base64", "multipart"]) -> tuple[Sequence[bytes], str]:
    """Give the body that carries an encoded image, in pieces, and its media type."""
    if upload == "base64":
        return (pybase64.b64encode(image),), V0_MEDIA_TYPE
    # Random, so that no image can hold it.
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="image"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = (head.encode(), image, f"\r\n--{boundary}--\r\n".encode())
    return body, f"multipart/form-data; boundary={boundary}"
