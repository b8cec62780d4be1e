"""Segmenting with SAM 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast, overload

from ...images import ImageInput
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.segment_anything import (
    SegmentAnythingRequest,
    checked_image_id,
    sam2_embedding,
    sam2_segmentation,
)
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["MaskFormat", "SegmentAnything2"]

MaskFormat: TypeAlias = Literal["json", "rle"]
"""Masks in JSON answers: polygons, or COCO run lengths."""


class SegmentAnything2(ClientCore):
    """Segment Anything 2: objects by boxes and points."""

    @overload
    def sam2_segment_image(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any]: ...
    @overload
    def sam2_segment_image(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[dict[str, Any]]: ...
    @overload
    def sam2_segment_image(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> bytes: ...
    @overload
    def sam2_segment_image(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[bytes]: ...
    def sam2_segment_image(
        self,
        inference_input: Any,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        mask_input_format: MaskFormat | Literal["binary"] = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment objects with SAM 2, by boxes and points; one request per image.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            prompts: What to segment, one dictionary per object, the same for every image: `box` (`x` and `y` of its
                centre, `width`, `height`), `points` (each `x`, `y`, `positive`), or both, in pixels. Numpy numbers and
                arrays are fine. Default: the model segments without guidance.
            sam2_version_id: `hiera_tiny` (fastest), `hiera_small`, `hiera_b_plus` or `hiera_large` (most accurate).
            multimask_output: Let the model propose three masks per prompt and return the best. Good for a single click.
            mask_input_format: Form of the masks in the answer: `"json"` (polygons), `"rle"` (COCO run lengths, exact)
                or `"binary"` (the bytes of an .npz file with `masks` and `low_res_masks`).
            image_id: Name under which `sam2_embed_image` kept the encoded image, or under which this call keeps it;
                only for one image. Default: a hash of the pixels.
            save_logits_to_cache: Keep the masks on the server, for a later call to start from.
            load_logits_from_cache: Start from the masks that were kept for the same image and some of these points and
                boxes, as after one click more.

        Returns:
            A dictionary with `predictions` (each `masks`, `confidence`, `format`) and `time`, or the bytes with
            `"binary"`; a list of these in input order for a sequence.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._sam2_plan(
            inference_input,
            sam2_segmentation(
                prompts=prompts,
                sam2_version_id=sam2_version_id,
                multimask_output=multimask_output,
                mask_input_format=mask_input_format,
                image_id=checked_image_id(image_id, inference_input),
                save_logits_to_cache=save_logits_to_cache,
                load_logits_from_cache=load_logits_from_cache,
            ),
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", self._run(*plan))

    @overload
    async def sam2_segment_image_async(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any]: ...
    @overload
    async def sam2_segment_image_async(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[dict[str, Any]]: ...
    @overload
    async def sam2_segment_image_async(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> bytes: ...
    @overload
    async def sam2_segment_image_async(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[bytes]: ...
    async def sam2_segment_image_async(
        self,
        inference_input: Any,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        sam2_version_id: str = "hiera_tiny",
        multimask_output: bool = True,
        mask_input_format: MaskFormat | Literal["binary"] = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment objects with SAM 2, under asyncio; see `sam2_segment_image`."""
        plan = self._sam2_plan(
            inference_input,
            sam2_segmentation(
                prompts=prompts,
                sam2_version_id=sam2_version_id,
                multimask_output=multimask_output,
                mask_input_format=mask_input_format,
                image_id=checked_image_id(image_id, inference_input),
                save_logits_to_cache=save_logits_to_cache,
                load_logits_from_cache=load_logits_from_cache,
            ),
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", await self._run_async(*plan))

    @overload
    def sam2_embed_image(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
        sam2_version_id: str = "hiera_tiny",
    ) -> dict[str, Any]: ...
    @overload
    def sam2_embed_image(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
        sam2_version_id: str = "hiera_tiny",
    ) -> list[dict[str, Any]]: ...
    def sam2_embed_image(
        self,
        inference_input: Any,
        image_id: str | None = None,
        sam2_version_id: str = "hiera_tiny",
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Let the server encode an image with SAM 2 and keep the result, so that segmenting it is fast.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            image_id: Name to keep the result under; only for one image. Default: a hash of the pixels.
            sam2_version_id: As in `sam2_segment_image`, which finds the result only under the same version.

        Returns:
            A dictionary with `image_id` and `time`, or a list of them in input order.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._sam2_plan(
            inference_input,
            sam2_embedding(image_id=checked_image_id(image_id, inference_input), sam2_version_id=sam2_version_id),
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def sam2_embed_image_async(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
        sam2_version_id: str = "hiera_tiny",
    ) -> dict[str, Any]: ...
    @overload
    async def sam2_embed_image_async(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
        sam2_version_id: str = "hiera_tiny",
    ) -> list[dict[str, Any]]: ...
    async def sam2_embed_image_async(
        self,
        inference_input: Any,
        image_id: str | None = None,
        sam2_version_id: str = "hiera_tiny",
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Let the server encode an image with SAM 2, under asyncio; see `sam2_embed_image`."""
        plan = self._sam2_plan(
            inference_input,
            sam2_embedding(image_id=checked_image_id(image_id, inference_input), sam2_version_id=sam2_version_id),
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _sam2_plan(self, inference_input: object, request: SegmentAnythingRequest) -> Plan:
        settings = self._settings()
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, request.path, images, request.fields, request.read)
        )
        return steps, settings
