"""The kinds of input that an encoded picture can be handed over as."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from tests.images.matrix_files import EncodedPicture

__all__ = ["KINDS", "Kind", "Place"]


@dataclass(frozen=True)
class Place:
    """Where a picture lies for the kinds of input that name a place."""

    path: Path
    url: str


@dataclass(frozen=True)
class Kind:
    """One column of the matrix."""

    hand_over: Callable[[EncodedPicture, Place], Any]
    named: Callable[[Place], str]
    """How an error calls the input."""

    is_encoded: bool = True

    def takes(self, picture: EncodedPicture) -> bool:
        """Whether there is such an input: Pillow does not open everything."""
        return self.is_encoded or picture.pillow_opens


def _base64(picture: EncodedPicture, _place: Place) -> str:
    return base64.b64encode(picture.data).decode("ascii")


KINDS: dict[str, Kind] = {
    "path": Kind(lambda _picture, place: str(place.path), lambda place: str(place.path)),
    "pathlib": Kind(lambda _picture, place: place.path, lambda place: str(place.path)),
    "bytes": Kind(lambda picture, _place: picture.data, lambda _place: "image bytes"),
    "base64": Kind(_base64, lambda _place: "base64 text"),
    "data URI": Kind(
        lambda picture, place: f"data:image/png;base64,{_base64(picture, place)}", lambda _place: "base64 text"
    ),
    "file object": Kind(lambda picture, _place: BytesIO(picture.data), lambda _place: "file object"),
    "URL": Kind(lambda _picture, place: place.url, lambda place: place.url),
    "PIL.Image.open": Kind(
        lambda picture, _place: Image.open(BytesIO(picture.data)), lambda _place: "PIL image", is_encoded=False
    ),
}
