"""Segmenting with the first Segment Anything model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, overload

from ...images import ImageInput
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.segment_anything import SegmentAnythingRequest, checked_image_id, sam_embedding
from ...operations.core_models.segment_anything_1 import Guidance, sam_segmentation, segment_without_image
from ..core import ClientCore
from ..planning import Plan, one_or_many

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["SegmentAnything"]

Coordinates: TypeAlias = "npt.NDArray[Any] | Sequence[Sequence[float]]"
Labels: TypeAlias = "npt.NDArray[Any] | Sequence[float]"


class SegmentAnything(ClientCore):
    """Segment Anything: one object by points, with the image or its embedding."""

    @overload
    def sam_embed_image(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        format: Literal["json"] = "json",
    ) -> dict[str, Any]: ...
    @overload
    def sam_embed_image(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        format: Literal["json"] = "json",
    ) -> list[dict[str, Any]]: ...
    @overload
    def sam_embed_image(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        *,
        format: Literal["binary"],
    ) -> bytes: ...
    @overload
    def sam_embed_image(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        *,
        format: Literal["binary"],
    ) -> list[bytes]: ...
    def sam_embed_image(
        self,
        inference_input: Any,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        format: Literal["json", "binary"] = "json",  # noqa: A002 - the name inference-sdk gave it
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Encode an image with SAM; the server also keeps the result, so that segmenting it is fast.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            image_id: Name to keep the result under; only for one image. Default: none.
            sam_version_id: `vit_b` (fastest), `vit_l` or `vit_h` (most accurate).
            format: `"json"` (nested lists) or `"binary"` (the bytes of a .npy file, which is smaller).

        Returns:
            A dictionary with `embeddings` (1, 256, 64, 64) and `time`, or the bytes with `"binary"`; a list of these in
            input order for a sequence.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._sam_embedding_plan(
            inference_input, image_id=image_id, sam_version_id=sam_version_id, answer_format=format
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", self._run(*plan))

    @overload
    async def sam_embed_image_async(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        format: Literal["json"] = "json",
    ) -> dict[str, Any]: ...
    @overload
    async def sam_embed_image_async(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        format: Literal["json"] = "json",
    ) -> list[dict[str, Any]]: ...
    @overload
    async def sam_embed_image_async(
        self,
        inference_input: ImageInput,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        *,
        format: Literal["binary"],
    ) -> bytes: ...
    @overload
    async def sam_embed_image_async(
        self,
        inference_input: Sequence[ImageInput],
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        *,
        format: Literal["binary"],
    ) -> list[bytes]: ...
    async def sam_embed_image_async(
        self,
        inference_input: Any,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        format: Literal["json", "binary"] = "json",  # noqa: A002 - the name inference-sdk gave it
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Encode an image with SAM, under asyncio; see `sam_embed_image`."""
        plan = self._sam_embedding_plan(
            inference_input, image_id=image_id, sam_version_id=sam_version_id, answer_format=format
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", await self._run_async(*plan))

    @overload
    def sam_segment_image(
        self,
        inference_input: ImageInput | None = None,
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["json"] = "json",
    ) -> dict[str, Any]: ...
    @overload
    def sam_segment_image(
        self,
        inference_input: Sequence[ImageInput],
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["json"] = "json",
    ) -> list[dict[str, Any]]: ...
    @overload
    def sam_segment_image(
        self,
        inference_input: ImageInput | None = None,
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["binary"],
    ) -> bytes: ...
    @overload
    def sam_segment_image(
        self,
        inference_input: Sequence[ImageInput],
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["binary"],
    ) -> list[bytes]: ...
    def sam_segment_image(
        self,
        inference_input: Any = None,
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["json", "binary"] = "json",  # noqa: A002 - the name inference-sdk gave it
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment one object with SAM, by points; one request per image.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images. Left out when
                `embeddings` are passed or `image_id` names an image that was embedded before.
            image_id: Name under which the server keeps, or kept, the encoded image; only for one image.
            sam_version_id: `vit_b` (fastest), `vit_l` or `vit_h` (most accurate).
            point_coords: Clicks as (x, y) in pixels of the image. Default: no guidance.
            point_labels: One per click: 1 on the object, 0 beside it, -1 is skipped.
            mask_input: Mask to start from, on the model's grid of 256 x 256: an array (such as `low_res_masks` of a
                binary answer), or polygons.
            has_mask_input: Start from `mask_input` or from the mask kept under `image_id`. Default: when `mask_input`
                is passed.
            use_mask_input_cache: Prefer the mask kept under `image_id` to `mask_input`.
            embeddings: What `sam_embed_image` gave, as its nested lists, an array, or the bytes of the .npy file.
            orig_im_size: (height, width) in pixels of the image the embeddings are of.
            format: `"json"` (polygons) or `"binary"` (the bytes of an .npz file with `masks` and `low_res_masks`).

        Returns:
            A dictionary with `masks`, `low_res_masks` and `time`, or the bytes with `"binary"`; a list of these in
            input order for a sequence.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._sam_segmentation_plan(
            inference_input,
            Guidance(
                point_coords=point_coords,
                point_labels=point_labels,
                mask_input=mask_input,
                has_mask_input=has_mask_input,
                use_mask_input_cache=use_mask_input_cache,
            ),
            embeddings=embeddings,
            orig_im_size=orig_im_size,
            image_id=image_id,
            sam_version_id=sam_version_id,
            answer_format=format,
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", self._run(*plan))

    @overload
    async def sam_segment_image_async(
        self,
        inference_input: ImageInput | None = None,
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["json"] = "json",
    ) -> dict[str, Any]: ...
    @overload
    async def sam_segment_image_async(
        self,
        inference_input: Sequence[ImageInput],
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["json"] = "json",
    ) -> list[dict[str, Any]]: ...
    @overload
    async def sam_segment_image_async(
        self,
        inference_input: ImageInput | None = None,
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["binary"],
    ) -> bytes: ...
    @overload
    async def sam_segment_image_async(
        self,
        inference_input: Sequence[ImageInput],
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["binary"],
    ) -> list[bytes]: ...
    async def sam_segment_image_async(
        self,
        inference_input: Any = None,
        *,
        image_id: str | None = None,
        sam_version_id: str = "vit_h",
        point_coords: Coordinates | None = None,
        point_labels: Labels | None = None,
        mask_input: npt.NDArray[Any] | Sequence[Any] | None = None,
        has_mask_input: bool | None = None,
        use_mask_input_cache: bool = True,
        embeddings: npt.NDArray[Any] | Sequence[Any] | bytes | None = None,
        orig_im_size: Sequence[int] | None = None,
        format: Literal["json", "binary"] = "json",  # noqa: A002 - the name inference-sdk gave it
    ) -> dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]:
        """Segment one object with SAM, under asyncio; see `sam_segment_image`."""
        plan = self._sam_segmentation_plan(
            inference_input,
            Guidance(
                point_coords=point_coords,
                point_labels=point_labels,
                mask_input=mask_input,
                has_mask_input=has_mask_input,
                use_mask_input_cache=use_mask_input_cache,
            ),
            embeddings=embeddings,
            orig_im_size=orig_im_size,
            image_id=image_id,
            sam_version_id=sam_version_id,
            answer_format=format,
        )
        return cast("dict[str, Any] | list[dict[str, Any]] | bytes | list[bytes]", await self._run_async(*plan))

    def _sam_embedding_plan(
        self, inference_input: object, *, image_id: str | None, sam_version_id: str, answer_format: str
    ) -> Plan:
        request = sam_embedding(
            image_id=checked_image_id(image_id, inference_input),
            sam_version_id=sam_version_id,
            answer_format=answer_format,
        )
        return self._sam_plan(inference_input, request)

    def _sam_segmentation_plan(
        self, inference_input: object, guidance: Guidance, *, image_id: str | None, **arguments: Any
    ) -> Plan:
        request = sam_segmentation(
            guidance,
            has_image=inference_input is not None,
            image_id=checked_image_id(image_id, inference_input),
            **arguments,
        )
        return self._sam_plan(inference_input, request)

    def _sam_plan(self, inference_input: object, request: SegmentAnythingRequest) -> Plan:
        settings = self._settings()
        call = self._core_model_call(settings)
        if inference_input is None:
            return one_or_many(None, lambda _: segment_without_image(call, request)), settings
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, request.path, images, request.fields, request.read)
        )
        return steps, settings
