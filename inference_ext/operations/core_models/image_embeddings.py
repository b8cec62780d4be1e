"""What a classification model makes of images before it decides: feature vectors or logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from ...configuration.state import checked_model_id
from ..arguments import checked_choice
from ..exchange import Steps
from .core_model import CoreModelCall, run_on_images
from .embeddings import split_embeddings

__all__ = ["EMBEDDING_OUTPUTS", "ImageEmbeddingRequest", "embed_with_classifier"]

EMBEDDING_OUTPUTS = ("feature_vector", "logits")


@frozen
class ImageEmbeddingRequest:
    """Which model embeds and what is taken out of it; checked when it is made."""

    model_id: str
    output_type: str

    @classmethod
    def make(cls, *, model_id: str, output_type: str) -> ImageEmbeddingRequest:
        """Check the arguments.

        Raises:
            InvalidParameterError: One of them is not acceptable.

        """
        return cls(checked_model_id(model_id), checked_choice("output_type", output_type, EMBEDDING_OUTPUTS))


def embed_with_classifier(
    wanted: ImageEmbeddingRequest, images: Sequence[object], model_call: CoreModelCall
) -> Steps[list[Any]]:
    """Describe `POST /infer/embeddings`; gives one answer with one vector per image, in order."""
    configuration = model_call.settings.configuration
    fields = {
        "model_id": wanted.model_id,
        "output_type": wanted.output_type,
        # The model's own preprocessing runs, so the settings that switch parts of it off travel along.
        "disable_preproc_auto_orient": configuration.disable_preproc_auto_orientation,
        "disable_preproc_contrast": configuration.disable_preproc_contrast,
        "disable_preproc_grayscale": configuration.disable_preproc_grayscale,
        "disable_preproc_static_crop": configuration.disable_preproc_static_crop,
    }
    return run_on_images(model_call, "/infer/embeddings", images, fields, split_embeddings, batched=True)
