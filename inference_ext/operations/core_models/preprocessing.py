"""Which of the model's own preprocessing steps the server skips, for core models whose routes can be told."""

from __future__ import annotations

from ...configuration import InferenceConfiguration

__all__ = ["preprocessing_fields"]


def preprocessing_fields(configuration: InferenceConfiguration) -> dict[str, bool | None]:
    """Give the fields of the body; settings that were left at `None` are `None` and are not sent."""
    return {
        "disable_preproc_auto_orient": configuration.disable_preproc_auto_orientation,
        "disable_preproc_contrast": configuration.disable_preproc_contrast,
        "disable_preproc_grayscale": configuration.disable_preproc_grayscale,
        "disable_preproc_static_crop": configuration.disable_preproc_static_crop,
    }
