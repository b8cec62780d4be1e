"""One input in, the bytes to send out: load, shrink where asked, encode where needed.

| input | default | with downsizing, larger than the limit |
|---|---|---|
| path, bytes, base64, file, URL | the very bytes, when the server shows them as meant | decoded, shrunk, encoded |
| URL that the server is to fetch | the URL | the URL |
| the same in another format (GIF, HEIC, float TIFF, ...) | decoded and encoded | decoded, shrunk, encoded |
| array, PIL image | encoded (JPEG 95, or PNG) | shrunk, encoded |

Every input that says how many pixels it has is held to the limit on them first, also where nothing is decoded here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

from ..errors import HTTPClientError, InvalidInputFormatError, InvalidParameterError
from .decoding import check_encoded, decode_pixels
from .downsizing import Size, fit_within, reduction_for, shrink
from .encoding import encode_pixels
from .formats import sniff_format
from .header import encoded_size
from .inputs import EncodedSource, PixelSource, URLSource, classify
from .kept_memory import keep_memory
from .pixel_limit import MOST_PIXELS
from .pixels import BGRPixels, array_to_bgr, pillow_to_bgr
from .server_decoder import is_shown_as_meant

__all__ = [
    "EncodedImage",
    "Fetch",
    "ImageOptions",
    "PreparedImage",
    "RemoteImage",
    "Resizing",
    "load_pixels",
    "prepare_image",
    "prepare_images",
]


Resizing: TypeAlias = tuple[Size, Size]
"""Size of the caller's image, and of the smaller one that was sent."""


@frozen
class ImageOptions:
    """How images are prepared in one call."""

    upright: bool = True
    """Turn images by their EXIF orientation. The server does it itself for bytes that are sent untouched."""

    limit: Size | None = None
    """Shrink images that are larger than this; `None` sends every pixel."""

    most_pixels: int = MOST_PIXELS
    """Refuse images of more pixels (width times height), of whatever kind the input is."""

    image_format: Literal["jpeg", "png"] = "jpeg"
    jpeg_quality: int = 95

    uses_idle_cores: bool = False
    """Encode a large image on several cores; for calls that prepare one image after another, not many at a time."""


@frozen
class EncodedImage:
    """An image ready to be sent."""

    data: bytes
    """The encoded file, JPEG or PNG or whatever the caller's file was."""

    original: Size | None
    """Size of the caller's image when it was shrunk, else `None`: results need no scaling back."""

    sent: Size | None
    """Size that was sent, known when `original` is."""

    @property
    def resizing(self) -> Resizing | None:
        """The caller's size and the one that was sent, when they differ."""
        return None if self.original is None or self.sent is None else (self.original, self.sent)


@frozen
class RemoteImage:
    """An image that the server fetches itself."""

    url: str = field(repr=False)
    """Signed URLs carry their secret in the query."""

    @property
    def resizing(self) -> Resizing | None:
        """`None`: the server sees the whole image."""
        return None


PreparedImage: TypeAlias = EncodedImage | RemoteImage

Fetch: TypeAlias = Callable[[str], bytes | RemoteImage]
"""Gives the bytes behind an http(s) URL, or says that the server is to fetch them; the only way this room reaches a
network."""


def prepare_image(value: object, options: ImageOptions, fetch: Fetch) -> PreparedImage:
    """Turn one input into what is sent.

    Raises:
        InvalidInputFormatError: The input is not an image this client can read.
        EncodingError: Its pixels could not be encoded.
        InvalidURLImageInput: Its URL was refused or did not give an image.

    """
    keep_memory()
    source = classify(value)
    if isinstance(source, URLSource):
        fetched = fetch(source.url)
        if isinstance(fetched, RemoteImage):
            return fetched
        source = EncodedSource(fetched, f"URL {_without_query(source.url)!r}")
    if isinstance(source, PixelSource):
        return _from_pixels(_checked_pixels(source, options), options)
    return _from_encoded(source, options)


def prepare_images(values: Sequence[object], options: ImageOptions, fetch: Fetch) -> list[PreparedImage]:
    """Prepare the images of one request; an error's `input_index` is the position in it, if there are several."""
    images: list[PreparedImage] = []
    for position, value in enumerate(values):
        try:
            images.append(prepare_image(value, options, fetch))
        except HTTPClientError as error:
            error.input_index = position if len(values) > 1 else None
            raise
    return images


def load_pixels(value: object, *, upright: bool = True, most_pixels: int = MOST_PIXELS) -> BGRPixels:
    """Load one input's pixels, as the server would see them; uint8, (height, width, 3), BGR.

    Args:
        value: The image.
        upright: Turn it by its EXIF orientation.
        most_pixels: Refuse larger images.

    Raises:
        InvalidInputFormatError: The input is not an image this client can read, or is too large.
        InvalidParameterError: It is a URL: this function does not use the network.

    """
    keep_memory()
    source = classify(value)
    if isinstance(source, URLSource):
        raise InvalidParameterError("an image URL cannot be used here: pass the downloaded image")
    options = ImageOptions(upright=upright, most_pixels=most_pixels)
    if isinstance(source, PixelSource):
        return _checked_pixels(source, options)
    media_type = _checked_format(source, options)
    return _decoded(source, media_type, options)


def _checked_pixels(source: PixelSource, options: ImageOptions) -> BGRPixels:
    if source.is_array:
        return array_to_bgr(source.pixels, most_pixels=options.most_pixels)
    return pillow_to_bgr(source.pixels, upright=options.upright, most_pixels=options.most_pixels)


def _from_pixels(pixels: BGRPixels, options: ImageOptions) -> EncodedImage:
    original = Size(pixels.shape[1], pixels.shape[0])
    target = fit_within(original, options.limit) if options.limit else original
    data = _encode(shrink(pixels, target), options)
    return EncodedImage(data, original, target) if target != original else EncodedImage(data, None, None)


def _from_encoded(source: EncodedSource, options: ImageOptions) -> EncodedImage:
    media_type = _checked_format(source, options)
    if not is_shown_as_meant(source.data, media_type, upright=options.upright):
        return _from_pixels(_decoded(source, media_type, options), options)
    if options.limit is None:
        return EncodedImage(source.data, None, None)
    return _shrunk(source, media_type, options, options.limit)


def _checked_format(source: EncodedSource, options: ImageOptions) -> str:
    media_type = sniff_format(source.data)
    if media_type is None:
        what = "is empty" if not source.data else f"is not an image (it begins with {source.data[:8]!r})"
        raise InvalidInputFormatError(f"image {source.origin} {what}: expected JPEG, PNG, WebP, BMP or TIFF")
    check_encoded(source.data, media_type, source.origin, most_pixels=options.most_pixels)
    return media_type


def _decoded(
    source: EncodedSource, media_type: str, options: ImageOptions, reduction: Literal[1, 2, 4, 8] = 1
) -> BGRPixels:
    return decode_pixels(
        source.data,
        media_type,
        source.origin,
        upright=options.upright,
        most_pixels=options.most_pixels,
        reduction=reduction,
    )


def _shrunk(source: EncodedSource, media_type: str, options: ImageOptions, limit: Size) -> EncodedImage:
    size = encoded_size(source.data, media_type, upright=options.upright)
    if size is None:
        return _from_pixels(_decoded(source, media_type, options), options)
    target = fit_within(size, limit)
    if target == size:
        return EncodedImage(source.data, None, None)
    # Only JPEG can be decoded at a fraction of its size; for other formats OpenCV would resize without averaging.
    reduction = reduction_for(size, target) if media_type == "image/jpeg" else 1
    pixels = _decoded(source, media_type, options, reduction)
    if reduction == 1 or (size.width < size.height) != (pixels.shape[1] < pixels.shape[0]):
        # The decoded size has the last word; what is decoded at a fraction and turned otherwise is decoded whole.
        return _from_pixels(pixels if reduction == 1 else _decoded(source, media_type, options), options)
    data = _encode(shrink(pixels, target), options)
    return EncodedImage(data, size, target)


def _encode(pixels: BGRPixels, options: ImageOptions) -> bytes:
    return encode_pixels(pixels, options.image_format, options.jpeg_quality, uses_idle_cores=options.uses_idle_cores)


def _without_query(url: str) -> str:
    # Signed URLs carry their secret in the query.
    return url.partition("?")[0]
