"""What a caller may hand over as an image, and which kind a given value is."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from io import IOBase, TextIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypeGuard, cast

from attrs import frozen

from ..errors import InvalidInputFormatError
from .base64_text import decode_image_base64
from .formats import sniff_format

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image as PillowImage
else:
    from ..deferred_numpy import np

__all__ = [
    "EncodedSource",
    "ImageInput",
    "PixelSource",
    "Source",
    "URLSource",
    "classify",
    "is_image_list",
    "read_image_file",
]

ImageInput: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | npt.NDArray[Any] | PillowImage"
)
"""One image: a path, an http(s) URL or base64 text (`str`), a path object, encoded bytes, an open binary file, a
numpy array (BGR as OpenCV gives it) or a PIL image."""

_ACCEPTED = "a path, an http(s) URL, base64 text, encoded bytes, a binary file, a numpy array (BGR) or a PIL image"

#: Longer text is not looked up as a file name: no file system allows it, and base64 images are always longer.
_LONGEST_PATH = 4096


@frozen
class EncodedSource:
    """Bytes of an image file, and words that tell the user which."""

    data: bytes
    origin: str


@frozen
class PixelSource:
    """Decoded pixels: a numpy array or a PIL image, not yet checked."""

    pixels: Any
    is_array: bool


@frozen
class URLSource:
    """An image somewhere else."""

    url: str


Source: TypeAlias = EncodedSource | PixelSource | URLSource


def is_image_list(value: object) -> TypeGuard[Sequence[ImageInput]]:
    """Tell a sequence of images from one image; text and bytes are sequences to Python, but one image each."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)


def classify(value: object) -> Source:
    """Find out what an input is; files are read here, URLs are not fetched.

    Raises:
        InvalidInputFormatError: It is nothing this client takes, or a file that cannot be read.

    """
    if isinstance(value, str):
        return _classify_text(value)
    if isinstance(value, EncodedSource):
        return value  # read before
    if isinstance(value, os.PathLike):
        return read_image_file(os.fsdecode(cast("os.PathLike[str]", value)))
    if isinstance(value, bytes | bytearray | memoryview):
        return EncodedSource(bytes(cast("bytes", value)), "bytes")
    if isinstance(value, np.ndarray):
        return PixelSource(value, is_array=True)
    if _is_pillow_image(value):
        return PixelSource(value, is_array=False)
    if isinstance(value, IOBase) or hasattr(value, "read"):
        return EncodedSource(_read_stream(value), f"file object {getattr(value, 'name', '')}".rstrip())
    hint = "; only the images of workflows may be lists of lists" if is_image_list(value) else ""
    raise InvalidInputFormatError(f"image of type {type(value).__name__}: expected {_ACCEPTED}{hint}")


def read_image_file(path: str) -> EncodedSource:
    """Read an image file; whether it is one is not looked at.

    Raises:
        InvalidInputFormatError: It cannot be read.

    """
    file = Path(path)
    try:
        mode = file.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InvalidInputFormatError(
                f"image {path!r} is a directory: pass its files as a list, or use infer_on_stream for a directory"
            )
        return EncodedSource(file.read_bytes(), f"file {path!r}")
    except FileNotFoundError:
        raise InvalidInputFormatError(f"image {path!r}: no such file; check the path") from None
    except InvalidInputFormatError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise InvalidInputFormatError(f"image {path!r} cannot be read: {reason or error}") from error


def _classify_text(text: str) -> Source:
    stripped = text.strip()
    if not stripped:
        raise InvalidInputFormatError(f"image {text!r} is empty text: expected {_ACCEPTED}")
    if stripped[:8].lower().startswith(("http://", "https://")):
        return URLSource(stripped)
    if not stripped.startswith("data:") and len(text) <= _LONGEST_PATH and "\0" not in text and _exists(text):
        return read_image_file(text)
    data = decode_image_base64(stripped)
    if data is None or sniff_format(data) is None:
        shown = text if len(text) <= 100 else f"{text[:60]}... ({len(text)} characters)"
        raise InvalidInputFormatError(
            f"image {shown!r}: no such file, and it is neither an http(s) URL nor the base64 text of an image; check "
            "the path, or pass an image's bytes"
        )
    return EncodedSource(data, "base64 text")


def _exists(path: str) -> bool:
    try:
        Path(path).stat()
    except PermissionError:
        return True  # reading it will say so; it must not be taken for base64
    except (OSError, ValueError):
        return False
    return True


def _read_stream(stream: Any) -> bytes:
    name = getattr(stream, "name", type(stream).__name__)
    if isinstance(stream, TextIOBase):
        raise InvalidInputFormatError(f"image file object {name!r} gives text: open it in binary mode ('rb')")
    try:
        data = stream.read()
    except (OSError, ValueError) as error:
        raise InvalidInputFormatError(f"image file object {name!r} cannot be read: {error}") from error
    if not isinstance(data, bytes | bytearray):
        raise InvalidInputFormatError(f"image file object {name!r} gives {type(data).__name__}: expected bytes")
    return bytes(data)


def _is_pillow_image(value: object) -> bool:
    # Pillow is only asked when the value says it comes from there: importing it costs more than the question.
    if not any(base.__module__.partition(".")[0] == "PIL" for base in type(value).__mro__):
        return False
    from PIL.Image import Image

    return isinstance(value, Image)
