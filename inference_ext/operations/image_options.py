"""How a call's configuration says that images are prepared."""

from __future__ import annotations

from ..configuration import InferenceConfiguration
from ..images import ImageOptions, Size

__all__ = ["image_options"]


def image_options(
    configuration: InferenceConfiguration, limit: Size | None = None, *, is_only_request: bool
) -> ImageOptions:
    """Give the options; upright unless the configuration says otherwise, at full size unless a limit is given.

    Args:
        configuration: The settings of the call.
        limit: Size to shrink to.
        is_only_request: Whether the call has no other images to prepare at the same time.

    """
    return ImageOptions(
        upright=not configuration.disable_preproc_auto_orientation,
        limit=limit,
        most_pixels=configuration.max_image_pixels,
        image_format=configuration.image_format,
        jpeg_quality=configuration.jpeg_quality,
        uses_idle_cores=is_only_request,
    )
