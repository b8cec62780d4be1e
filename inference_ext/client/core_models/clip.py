"""CLIP: embeddings of images and texts, and how alike they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast, overload

from ...images import ImageInput
from ...operations.core_models.clip import CLIP
from .dual_encoders import DualEncoderPlanning

__all__ = ["Clip"]

Kind = Literal["image", "text"]


class Clip(DualEncoderPlanning):
    """CLIP, in v0 and v1.

    All of them raise `InvalidParameterError` for an argument that is not acceptable, `HTTPCallErrorError` for an error
    status, `HTTPServerConnectionError` when there is no complete answer and `InvalidResponseError` when the answer
    does not fit the inputs.
    """

    @overload
    def get_clip_image_embeddings(
        self, inference_input: ImageInput, clip_version: str | None = None
    ) -> dict[str, Any]: ...
    @overload
    def get_clip_image_embeddings(
        self, inference_input: Sequence[ImageInput], clip_version: str | None = None
    ) -> list[dict[str, Any]]: ...
    def get_clip_image_embeddings(
        self, inference_input: Any, clip_version: str | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Turn images into CLIP vectors.

        Up to `max_batch_size` images travel in one request; the server takes 8 unless it is set up otherwise.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            clip_version: Variant such as `ViT-B-16`, `ViT-L-14` or `RN50`. Default: the server's, `ViT-B-16`.

        Returns:
            For each image the server's answer (`frame_id`, `time` in seconds, ...) with its vector alone in
            `embeddings`, a list of one list of floats. `time` is that of the whole request.

        Raises:
            InvalidInputFormatError: An input is not an image this client can read.

        """
        return cast(
            "dict[str, Any] | list[dict[str, Any]]",
            self._run(*self._plan_image_embeddings(CLIP, inference_input, clip_version)),
        )

    @overload
    async def get_clip_image_embeddings_async(
        self, inference_input: ImageInput, clip_version: str | None = None
    ) -> dict[str, Any]: ...
    @overload
    async def get_clip_image_embeddings_async(
        self, inference_input: Sequence[ImageInput], clip_version: str | None = None
    ) -> list[dict[str, Any]]: ...
    async def get_clip_image_embeddings_async(
        self, inference_input: Any, clip_version: str | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Turn images into CLIP vectors under asyncio; see `get_clip_image_embeddings`."""
        plan = self._plan_image_embeddings(CLIP, inference_input, clip_version)
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def get_clip_text_embeddings(self, text: str | Sequence[str], clip_version: str | None = None) -> dict[str, Any]:
        """Turn texts into CLIP vectors.

        Args:
            text: One text or a sequence of texts, at least one; they travel in one request.
            clip_version: See `get_clip_image_embeddings`. Vectors of different variants cannot be compared.

        Returns:
            The server's answer: `embeddings` is a list with one list of floats per text, in order, also for one text.

        """
        return cast("dict[str, Any]", self._run(*self._plan_text_embeddings(CLIP, text, clip_version)))

    async def get_clip_text_embeddings_async(
        self, text: str | Sequence[str], clip_version: str | None = None
    ) -> dict[str, Any]:
        """Turn texts into CLIP vectors under asyncio; see `get_clip_text_embeddings`."""
        return cast("dict[str, Any]", await self._run_async(*self._plan_text_embeddings(CLIP, text, clip_version)))

    def clip_compare(
        self,
        subject: ImageInput,
        prompt: ImageInput | Sequence[ImageInput] | Mapping[str, ImageInput],
        subject_type: Kind = "image",
        prompt_type: Kind = "text",
        clip_version: str | None = None,
    ) -> dict[str, Any]:
        """Tell how alike a subject and prompts are, by the cosine of their CLIP vectors.

        Args:
            subject: One image in any accepted form (see `infer`), or one text.
            prompt: One prompt, a sequence of prompts, or a dictionary of prompts by name; all images or all texts.
                The server takes 8 unless it is set up otherwise.
            subject_type: `"image"` or `"text"`.
            prompt_type: `"image"` or `"text"`.
            clip_version: See `get_clip_image_embeddings`.

        Returns:
            The server's answer: `similarity` is a list of numbers (-1..1) in the order of the prompts, or a
            dictionary with their names.

        Raises:
            InvalidInputFormatError: The subject or a prompt is not an image this client can read.

        """
        plan = self._plan_comparison(CLIP, subject, prompt, subject_type, prompt_type, clip_version)
        return cast("dict[str, Any]", self._run(*plan))

    async def clip_compare_async(
        self,
        subject: ImageInput,
        prompt: ImageInput | Sequence[ImageInput] | Mapping[str, ImageInput],
        subject_type: Kind = "image",
        prompt_type: Kind = "text",
        clip_version: str | None = None,
    ) -> dict[str, Any]:
        """Tell how alike a subject and prompts are under asyncio; see `clip_compare`."""
        plan = self._plan_comparison(CLIP, subject, prompt, subject_type, prompt_type, clip_version)
        return cast("dict[str, Any]", await self._run_async(*plan))
