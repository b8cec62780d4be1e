"""Every accepted input becomes pixels or untouched bytes: loading, colour, depth, EXIF, shrinking, encoding."""

from .downsizing import Size
from .inputs import EncodedSource, ImageInput, is_image_list, read_image_file
from .pixels import BGRPixels
from .preparation import (
    EncodedImage,
    Fetch,
    ImageOptions,
    PreparedImage,
    RemoteImage,
    Resizing,
    load_pixels,
    prepare_image,
    prepare_images,
)
from .url_policy import URLPolicy

__all__ = [
    "BGRPixels",
    "EncodedImage",
    "EncodedSource",
    "Fetch",
    "ImageInput",
    "ImageOptions",
    "PreparedImage",
    "RemoteImage",
    "Resizing",
    "Size",
    "URLPolicy",
    "is_image_list",
    "load_pixels",
    "prepare_image",
    "prepare_images",
    "read_image_file",
]
