"""Segmenting with SAM 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast, overload

from ...images import ImageInput
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.segment_anything import (
    SegmentAnythingRequest,
    checked_image_id,
    sam3_concept_segmentation,
    sam3_embedding,
    sam3_visual_segmentation,
)
from ..core import ClientCore
from ..planning import Plan, one_or_many
from .segment_anything_2 import MaskFormat

__all__ = ["ConceptMaskFormat", "SegmentAnything3"]

ConceptMaskFormat: TypeAlias = Literal["polygon", "json", "rle"]
"""Masks in JSON answers to concepts: polygons (two names for it), or COCO run lengths."""


class SegmentAnything3(ClientCore):
    """Segment Anything 3: objects by concepts, or by boxes and points."""

    @overload
    def sam3_concept_segment(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        format: ConceptMaskFormat = "polygon",
    ) -> dict[str, Any]: ...
    @overload
    def sam3_concept_segment(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        format: ConceptMaskFormat = "polygon",
    ) -> list[dict[str, Any]]: ...
    @overload
    def sam3_concept_segment(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        *,
        format: Literal["binary"],
    ) -> bytes: ...
    @overload
    def sam3_concept_segment(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        *,
        format: Literal["binary"],
    ) -> list[bytes]: ...
    def sam3_concept_segment(
        self,
        inference_input: Any,
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        format: ConceptMaskFormat | Literal["binary"] = "polygon",  # noqa: A002 - the name inference-sdk gave it
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment everything that fits a concept with SAM 3: a noun phrase, example boxes, or both.

        Since server 0.63.5 at the latest (missing in 0.61.0).

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            prompts: The concepts, at least one, the same for every image: dictionaries with `type` (`"text"` or
                `"visual"`), `text`, `output_prob_thresh`, `boxes` (`x`, `y` of the upper left corner, `width`,
                `height`, in pixels) and `box_labels` (1 to include, 0 to exclude, one per box).
            model_id: SAM 3 weights.
            output_prob_thresh: Lowest score of a mask, 0..1, for concepts that set none of their own.
            nms_iou_threshold: Overlap, 0..1, above which the weaker of two masks is dropped, also across concepts.
                Default: all are kept.
            format: Form of the masks in the answer: `"polygon"` (`"json"` means the same), `"rle"` (COCO run lengths,
                exact) or `"binary"` (the bytes of an .npz file, from servers that offer it).

        Returns:
            A dictionary with `prompt_results`, one per concept, each with its `predictions`, or the bytes with
            `"binary"`; a list of these in input order for a sequence.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._sam3_plan(
            inference_input,
            sam3_concept_segmentation(
                prompts=prompts,
                model_id=model_id,
                output_prob_thresh=output_prob_thresh,
                nms_iou_threshold=nms_iou_threshold,
                mask_format=format,
            ),
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", self._run(*plan))

    @overload
    async def sam3_concept_segment_async(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        format: ConceptMaskFormat = "polygon",
    ) -> dict[str, Any]: ...
    @overload
    async def sam3_concept_segment_async(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        format: ConceptMaskFormat = "polygon",
    ) -> list[dict[str, Any]]: ...
    @overload
    async def sam3_concept_segment_async(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        *,
        format: Literal["binary"],
    ) -> bytes: ...
    @overload
    async def sam3_concept_segment_async(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        *,
        format: Literal["binary"],
    ) -> list[bytes]: ...
    async def sam3_concept_segment_async(
        self,
        inference_input: Any,
        prompts: Sequence[Mapping[str, Any]],
        model_id: str = "sam3/sam3_final",
        output_prob_thresh: float = 0.5,
        nms_iou_threshold: float | None = None,
        format: ConceptMaskFormat | Literal["binary"] = "polygon",  # noqa: A002 - the name inference-sdk gave it
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment by concepts with SAM 3, under asyncio; see `sam3_concept_segment`."""
        plan = self._sam3_plan(
            inference_input,
            sam3_concept_segmentation(
                prompts=prompts,
                model_id=model_id,
                output_prob_thresh=output_prob_thresh,
                nms_iou_threshold=nms_iou_threshold,
                mask_format=format,
            ),
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", await self._run_async(*plan))

    @overload
    def sam3_visual_segment(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any]: ...
    @overload
    def sam3_visual_segment(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[dict[str, Any]]: ...
    @overload
    def sam3_visual_segment(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> bytes: ...
    @overload
    def sam3_visual_segment(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[bytes]: ...
    def sam3_visual_segment(
        self,
        inference_input: Any,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        mask_input_format: MaskFormat | Literal["binary"] = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment objects with SAM 3, by boxes and points; one request per image.

        Since server 0.63.5 at the latest (missing in 0.61.0).

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            prompts: What to segment, one dictionary per object, the same for every image: `box` (`x` and `y` of its
                centre, `width`, `height`), `points` (each `x`, `y`, `positive`), or both, in pixels. Numpy numbers and
                arrays are fine. Default: the model segments without guidance.
            multimask_output: Let the model propose three masks per prompt and return the best. Good for a single click.
            mask_input_format: Form of the masks in the answer: `"json"` (polygons), `"rle"` (COCO run lengths, exact)
                or `"binary"` (the bytes of an .npz file with `masks` and `low_res_masks`, from servers that offer it).
            image_id: Name under which `sam3_embed_image` kept the encoded image, or under which this call keeps it;
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
        plan = self._sam3_plan(
            inference_input,
            sam3_visual_segmentation(
                prompts=prompts,
                multimask_output=multimask_output,
                mask_input_format=mask_input_format,
                image_id=checked_image_id(image_id, inference_input),
                save_logits_to_cache=save_logits_to_cache,
                load_logits_from_cache=load_logits_from_cache,
            ),
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", self._run(*plan))

    @overload
    async def sam3_visual_segment_async(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any]: ...
    @overload
    async def sam3_visual_segment_async(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        mask_input_format: MaskFormat = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[dict[str, Any]]: ...
    @overload
    async def sam3_visual_segment_async(
        self,
        inference_input: ImageInput,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> bytes: ...
    @overload
    async def sam3_visual_segment_async(
        self,
        inference_input: Sequence[ImageInput],
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        *,
        mask_input_format: Literal["binary"],
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> list[bytes]: ...
    async def sam3_visual_segment_async(
        self,
        inference_input: Any,
        prompts: Sequence[Mapping[str, Any]] | None = None,
        multimask_output: bool = True,
        mask_input_format: MaskFormat | Literal["binary"] = "json",
        *,
        image_id: str | None = None,
        save_logits_to_cache: bool = False,
        load_logits_from_cache: bool = False,
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment objects with SAM 3, under asyncio; see `sam3_visual_segment`."""
        plan = self._sam3_plan(
            inference_input,
            sam3_visual_segmentation(
                prompts=prompts,
                multimask_output=multimask_output,
                mask_input_format=mask_input_format,
                image_id=checked_image_id(image_id, inference_input),
                save_logits_to_cache=save_logits_to_cache,
                load_logits_from_cache=load_logits_from_cache,
            ),
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", await self._run_async(*plan))

    @overload
    def sam3_embed_image(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
    ) -> dict[str, Any]: ...
    @overload
    def sam3_embed_image(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
    ) -> list[dict[str, Any]]: ...
    def sam3_embed_image(
        self,
        inference_input: Any,
        image_id: str | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Let the server encode an image with SAM 3 and keep the result, so that segmenting it is fast.

        Since server 0.63.5 at the latest (missing in 0.61.0).

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            image_id: Name to keep the result under; only for one image. Default: a hash of the pixels.

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
        plan = self._sam3_plan(inference_input, sam3_embedding(image_id=checked_image_id(image_id, inference_input)))
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def sam3_embed_image_async(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def sam3_embed_image_async(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
    ) -> list[dict[str, Any]]: ...
    async def sam3_embed_image_async(
        self,
        inference_input: Any,
        image_id: str | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Let the server encode an image with SAM 3, under asyncio; see `sam3_embed_image`."""
        plan = self._sam3_plan(inference_input, sam3_embedding(image_id=checked_image_id(image_id, inference_input)))
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _sam3_plan(self, inference_input: object, request: SegmentAnythingRequest) -> Plan:
        settings = self._settings()
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, request.path, images, request.fields, request.read)
        )
        return steps, settings
