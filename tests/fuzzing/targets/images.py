"""Images of the caller, as bytes and as base64 text: prepared for sending and decoded."""

from __future__ import annotations

import base64

from inference_ext.images import EncodedImage, ImageOptions, RemoteImage, Size, load_pixels, prepare_image

from ..choices import Choices
from ..oracle import only_our_errors
from ..pictures import PICTURES

__all__ = ["IMAGE_SEEDS", "TEXT_SEEDS", "image_bytes", "image_texts"]

IMAGE_SEEDS = [bytes([options]) + picture for picture in PICTURES for options in (0, 3)]
TEXT_SEEDS = [b"\0" + base64.b64encode(picture) for picture in PICTURES] + [
    b"\0data:image/png;base64," + base64.b64encode(PICTURES[1]),
    b"\0data:,",
    b"\0/no/such/file.png",
    b"\0" + "é\0".encode(),
]

_LIMITS = (None, Size(4, 4), Size(1, 1), Size(100_000, 100_000))


def _never_fetched(url: str) -> RemoteImage:
    return RemoteImage(url)


def image_bytes(data: bytes) -> None:
    """Prepare and decode the bytes of an image file."""
    choices = Choices(data)
    _prepare_and_load(choices.below(64), choices.rest())


def image_texts(data: bytes) -> None:
    """Prepare and decode an image that is handed over as text."""
    choices = Choices(data)
    options = choices.below(64)
    _prepare_and_load(options, choices.rest().decode("utf-8", "replace"))


def _prepare_and_load(options: int, image: bytes | str) -> None:
    upright = not options & 4
    chosen = ImageOptions(
        upright=upright,
        limit=_LIMITS[options & 3],
        image_format="png" if options & 8 else "jpeg",
        uses_idle_cores=bool(options & 16),
    )
    with only_our_errors():
        prepared = prepare_image(image, chosen, _never_fetched)
        assert isinstance(prepared, RemoteImage) or (isinstance(prepared, EncodedImage) and prepared.data)
    with only_our_errors():
        pixels = load_pixels(image, upright=upright)
        assert pixels.ndim == 3
        assert pixels.shape[2] == 3
        assert pixels.dtype == "uint8"
