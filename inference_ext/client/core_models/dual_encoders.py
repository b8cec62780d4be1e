"""From the arguments of the CLIP and Perception Encoder methods to the steps of their calls, for both shells."""

from __future__ import annotations

from collections.abc import Sequence

from ...operations.arguments import optional_text
from ...operations.core_models.comparison import Comparison, compare
from ...operations.core_models.dual_encoder import DualEncoder, checked_texts, embed_images, embed_texts
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["DualEncoderPlanning"]


class DualEncoderPlanning(ClientCore):
    """Builds calls of models that embed both images and texts; nothing here sends anything."""

    def _plan_image_embeddings(self, encoder: DualEncoder, images: object, version: str | None) -> Plan:
        settings = self._settings()
        checked = optional_text(encoder.version_argument, version)
        model_call = self._core_model_call(settings)
        return one_or_many(images, lambda inputs: embed_images(encoder, checked, inputs, model_call)), settings

    def _plan_text_embeddings(self, encoder: DualEncoder, text: str | Sequence[str], version: str | None) -> Plan:
        settings = self._settings()
        checked = optional_text(encoder.version_argument, version)
        return embed_texts(encoder, checked, checked_texts("text", text), self._core_model_call(settings)), settings

    def _plan_comparison(
        self,
        encoder: DualEncoder,
        subject: object,
        prompt: object,
        subject_type: str,
        prompt_type: str,
        version: str | None,
    ) -> Plan:
        settings = self._settings()
        comparison = Comparison.make(
            subject=subject,
            prompt=prompt,
            subject_type=subject_type,
            prompt_type=prompt_type,
            version=optional_text(encoder.version_argument, version),
        )
        return compare(encoder, comparison, self._core_model_call(settings)), settings
