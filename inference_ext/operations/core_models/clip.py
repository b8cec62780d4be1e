"""CLIP: images and texts as vectors of one space."""

from __future__ import annotations

from .dual_encoder import DualEncoder

__all__ = ["CLIP"]

CLIP = DualEncoder(route="/clip", version_field="clip_version_id", version_argument="clip_version")
