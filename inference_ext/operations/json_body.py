"""JSON request bodies with images in them.

A 1080p image is a megabyte of base64. Passing it through a JSON encoder costs more than everything else in the
request, so the payload is encoded with short marks where images belong and the base64 bytes are spliced in.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pybase64

from ..errors import InvalidParameterError
from ..images import EncodedImage, PreparedImage, RemoteImage

__all__ = ["JSON_MEDIA_TYPE", "ImageSlots", "json_content"]

JSON_MEDIA_TYPE = "application/json"


def json_content(payload: Mapping[str, Any]) -> Sequence[bytes]:
    """Encode a payload without images; gives the body of a request.

    Raises:
        InvalidParameterError: Something in it has no JSON form.

    """
    return (_encoded(payload),)


class ImageSlots:
    """Hands out places for images in a payload and fills them when the payload is encoded."""

    def __init__(self) -> None:
        # Random, so that no text of the caller can be mistaken for a mark.
        self._token = secrets.token_hex(12)
        self._images: list[EncodedImage] = []

    def place(self, image: PreparedImage) -> dict[str, str]:
        """Give the wire form of one image: `{"type": "base64", "value": ...}`, or with its URL."""
        if isinstance(image, RemoteImage):
            return {"type": "url", "value": image.url}
        self._images.append(image)
        return {"type": "base64", "value": self._mark(len(self._images) - 1)}

    def place_all(self, images: Sequence[PreparedImage]) -> dict[str, str] | list[dict[str, str]]:
        """Give the wire form of a request's images: the object itself for one, a list for several."""
        placed = [self.place(image) for image in images]
        return placed[0] if len(placed) == 1 else placed

    def fill(self, payload: Mapping[str, Any]) -> Sequence[bytes]:
        """Encode the payload and splice the images' base64 text in; gives the body in pieces."""
        rest = _encoded(payload)
        parts: list[bytes] = []
        for index, image in enumerate(self._images):
            before, mark, rest = rest.partition(self._mark(index).encode())
            if not mark:
                raise AssertionError("images must appear in the payload in the order they were placed")
            parts += (before, pybase64.b64encode(image.data))
        return (*parts, rest)

    def _mark(self, index: int) -> str:
        return f"{self._token}-{index}"


def _encoded(payload: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(payload, option=orjson.OPT_SERIALIZE_NUMPY)
    except (TypeError, orjson.JSONEncodeError) as error:
        raise InvalidParameterError(f"the request holds a value that has no JSON form: {error}") from error
