"""The Perception Encoder: images and texts as vectors of one space, of another model family than CLIP."""

from __future__ import annotations

from .dual_encoder import DualEncoder

__all__ = ["PERCEPTION_ENCODER"]

PERCEPTION_ENCODER = DualEncoder(
    route="/perception_encoder",
    version_field="perception_encoder_version_id",
    version_argument="perception_encoder_version",
)
