"""Embeddings of images by classification models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast, overload

from ...images import ImageInput
from ...operations.core_models.image_embeddings import ImageEmbeddingRequest, embed_with_classifier
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["ImageEmbeddings"]

OutputType = Literal["feature_vector", "logits"]


class ImageEmbeddings(ClientCore):
    """What classification models make of images before they decide."""

    @overload
    def get_image_embeddings(
        self, inference_input: ImageInput, model_id: str, output_type: OutputType = "feature_vector"
    ) -> dict[str, Any]: ...
    @overload
    def get_image_embeddings(
        self, inference_input: Sequence[ImageInput], model_id: str, output_type: OutputType = "feature_vector"
    ) -> list[dict[str, Any]]: ...
    def get_image_embeddings(
        self, inference_input: Any, model_id: str, output_type: OutputType = "feature_vector"
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Turn images into vectors with a classification model.

        Up to `max_batch_size` images travel in one request. The settings `disable_preproc_*` apply.

        Since server 1.7.4 at the latest (missing in 1.6.2).

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version` of a classification model, or a public one's name such as `resnet101`.
            output_type: `"feature_vector"`, what goes into the last linear layer, or `"logits"`, what comes out of it.

        Returns:
            For each image the server's answer with its vector alone in `embeddings`, a list of one list of floats,
            and `embedding_info`. Compare vectors only when their `embedding_info["space_id"]` is the same.

        Raises:
            InvalidParameterError: `model_id` or `output_type` is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status, also when the model has no embeddings.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer does not have one vector per image.

        """
        return cast(
            "dict[str, Any] | list[dict[str, Any]]", self._run(*self._embedding(inference_input, model_id, output_type))
        )

    @overload
    async def get_image_embeddings_async(
        self, inference_input: ImageInput, model_id: str, output_type: OutputType = "feature_vector"
    ) -> dict[str, Any]: ...
    @overload
    async def get_image_embeddings_async(
        self, inference_input: Sequence[ImageInput], model_id: str, output_type: OutputType = "feature_vector"
    ) -> list[dict[str, Any]]: ...
    async def get_image_embeddings_async(
        self, inference_input: Any, model_id: str, output_type: OutputType = "feature_vector"
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Turn images into vectors under asyncio; see `get_image_embeddings`."""
        plan = self._embedding(inference_input, model_id, output_type)
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _embedding(self, images: object, model_id: str, output_type: str) -> Plan:
        settings = self._settings()
        wanted = ImageEmbeddingRequest.make(model_id=model_id, output_type=output_type)
        model_call = self._core_model_call(settings)
        return one_or_many(images, lambda inputs: embed_with_classifier(wanted, inputs, model_call)), settings
