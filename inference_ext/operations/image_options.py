"""How a call's configuration says that images are prepared."""

from __future__ import annotations

from ..configuration import InferenceConfiguration
from ..images import ImageOptions, Size

__all__ = ["image_options"]


def image_options(configuration: InferenceConfiguration, limit: Size | None = None) -> ImageOptions:
    """Give the options; upright unless the configuration says otherwise, at full size unless a limit is given."""
    return ImageOptions(
        upright=not configuration.disable_preproc_auto_orientation,
        limit=limit,
        image_format=configuration.image_format,
        jpeg_quality=configuration.jpeg_quality,
    )
