"""Calls that know their task: typed results, and no question to the model registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, overload

from ..images import ImageInput
from .planning import InferencePlanning, Plan

if TYPE_CHECKING:
    from ..results.typed import (
        AnyClassificationResult,
        InstanceSegmentationResult,
        KeypointDetectionResult,
        ObjectDetectionResult,
        SemanticSegmentationResult,
    )

__all__ = ["TypedInference"]

Confidence: TypeAlias = float | Literal["best", "default"]


class TypedInference(InferencePlanning):
    """Run a model of a known task; results are objects with every field typed.

    One image gives one result, a sequence a list of the same length and order. The keyword arguments replace the
    configuration's value for this call; `None` keeps it. Over v0 and v1 alike; in v1 no registry request is made
    unless downsizing needs the model's input size.

    All of them raise what `infer` raises, and `InvalidResponseError` when the model is of another task.
    """

    @overload
    def detect_objects(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> ObjectDetectionResult: ...
    @overload
    def detect_objects(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> list[ObjectDetectionResult]: ...
    def detect_objects(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> ObjectDetectionResult | list[ObjectDetectionResult]:
        """Find objects as boxes.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.
            iou_threshold: Overlap above which the weaker of two boxes is dropped, 0..1.
            class_filter: Return only these classes.
            max_detections: Most predictions per image.

        Returns:
            `ObjectDetectionResult`: `predictions` with centre `x`, `y`, `width`, `height` in pixels of the input.

        """
        plan = self._detect_objects_plan(
            image,
            model_id,
            confidence_threshold=confidence,
            iou_threshold=iou_threshold,
            class_filter=class_filter,
            max_detections=max_detections,
        )
        return cast("ObjectDetectionResult | list[ObjectDetectionResult]", self._run(*plan))

    @overload
    async def detect_objects_async(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> ObjectDetectionResult: ...
    @overload
    async def detect_objects_async(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> list[ObjectDetectionResult]: ...
    async def detect_objects_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> ObjectDetectionResult | list[ObjectDetectionResult]:
        """Find objects as boxes, under asyncio; see `detect_objects`."""
        plan = self._detect_objects_plan(
            image,
            model_id,
            confidence_threshold=confidence,
            iou_threshold=iou_threshold,
            class_filter=class_filter,
            max_detections=max_detections,
        )
        return cast("ObjectDetectionResult | list[ObjectDetectionResult]", await self._run_async(*plan))

    @overload
    def segment_instances(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> InstanceSegmentationResult: ...
    @overload
    def segment_instances(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> list[InstanceSegmentationResult]: ...
    def segment_instances(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> InstanceSegmentationResult | list[InstanceSegmentationResult]:
        """Find objects as masks.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.
            iou_threshold: Overlap above which the weaker of two boxes is dropped, 0..1.
            class_filter: Return only these classes.
            max_detections: Most predictions per image.

        Returns:
            `InstanceSegmentationResult`: boxes with `points` (polygon, pixels of the input) or `rle` masks.

        """
        plan = self._segment_instances_plan(
            image,
            model_id,
            confidence_threshold=confidence,
            iou_threshold=iou_threshold,
            class_filter=class_filter,
            max_detections=max_detections,
        )
        return cast("InstanceSegmentationResult | list[InstanceSegmentationResult]", self._run(*plan))

    @overload
    async def segment_instances_async(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> InstanceSegmentationResult: ...
    @overload
    async def segment_instances_async(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> list[InstanceSegmentationResult]: ...
    async def segment_instances_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> InstanceSegmentationResult | list[InstanceSegmentationResult]:
        """Find objects as masks, under asyncio; see `segment_instances`."""
        plan = self._segment_instances_plan(
            image,
            model_id,
            confidence_threshold=confidence,
            iou_threshold=iou_threshold,
            class_filter=class_filter,
            max_detections=max_detections,
        )
        return cast("InstanceSegmentationResult | list[InstanceSegmentationResult]", await self._run_async(*plan))

    @overload
    def segment_semantic(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> SemanticSegmentationResult: ...
    @overload
    def segment_semantic(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> list[SemanticSegmentationResult]: ...
    def segment_semantic(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> SemanticSegmentationResult | list[SemanticSegmentationResult]:
        """Give every pixel a class.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.

        Returns:
            `SemanticSegmentationResult`: `class_ids()` gives the mask, uint8 of the input's (height, width).

        """
        plan = self._segment_semantic_plan(image, model_id, confidence_threshold=confidence)
        return cast("SemanticSegmentationResult | list[SemanticSegmentationResult]", self._run(*plan))

    @overload
    async def segment_semantic_async(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> SemanticSegmentationResult: ...
    @overload
    async def segment_semantic_async(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> list[SemanticSegmentationResult]: ...
    async def segment_semantic_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> SemanticSegmentationResult | list[SemanticSegmentationResult]:
        """Give every pixel a class, under asyncio; see `segment_semantic`."""
        plan = self._segment_semantic_plan(image, model_id, confidence_threshold=confidence)
        return cast("SemanticSegmentationResult | list[SemanticSegmentationResult]", await self._run_async(*plan))

    @overload
    def classify(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> AnyClassificationResult: ...
    @overload
    def classify(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> list[AnyClassificationResult]: ...
    def classify(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> AnyClassificationResult | list[AnyClassificationResult]:
        """Name what an image shows: one class, several, or how unusual it is, depending on the model.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.

        Returns:
            `ClassificationResult`, `MultiLabelClassificationResult` or `AnomalyDetectionResult`, by what the model is.

        """
        plan = self._classify_plan(image, model_id, confidence_threshold=confidence)
        return cast("AnyClassificationResult | list[AnyClassificationResult]", self._run(*plan))

    @overload
    async def classify_async(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> AnyClassificationResult: ...
    @overload
    async def classify_async(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> list[AnyClassificationResult]: ...
    async def classify_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
    ) -> AnyClassificationResult | list[AnyClassificationResult]:
        """Name what an image shows, under asyncio; see `classify`."""
        plan = self._classify_plan(image, model_id, confidence_threshold=confidence)
        return cast("AnyClassificationResult | list[AnyClassificationResult]", await self._run_async(*plan))

    @overload
    def detect_keypoints(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        keypoint_confidence: float | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> KeypointDetectionResult: ...
    @overload
    def detect_keypoints(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        keypoint_confidence: float | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> list[KeypointDetectionResult]: ...
    def detect_keypoints(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        keypoint_confidence: float | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> KeypointDetectionResult | list[KeypointDetectionResult]:
        """Find objects with named points.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.
            keypoint_confidence: Lowest score of a key point that is returned, 0..1.
            iou_threshold: Overlap above which the weaker of two boxes is dropped, 0..1.
            class_filter: Return only these classes.
            max_detections: Most predictions per image.

        Returns:
            `KeypointDetectionResult`: boxes with `keypoints`, `x` and `y` in pixels of the input.

        """
        plan = self._detect_keypoints_plan(
            image,
            model_id,
            confidence_threshold=confidence,
            keypoint_confidence_threshold=keypoint_confidence,
            iou_threshold=iou_threshold,
            class_filter=class_filter,
            max_detections=max_detections,
        )
        return cast("KeypointDetectionResult | list[KeypointDetectionResult]", self._run(*plan))

    @overload
    async def detect_keypoints_async(
        self,
        image: ImageInput,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        keypoint_confidence: float | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> KeypointDetectionResult: ...
    @overload
    async def detect_keypoints_async(
        self,
        image: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        keypoint_confidence: float | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> list[KeypointDetectionResult]: ...
    async def detect_keypoints_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        keypoint_confidence: float | None = None,
        iou_threshold: float | None = None,
        class_filter: Sequence[str] | None = None,
        max_detections: int | None = None,
    ) -> KeypointDetectionResult | list[KeypointDetectionResult]:
        """Find objects with named points, under asyncio; see `detect_keypoints`."""
        plan = self._detect_keypoints_plan(
            image,
            model_id,
            confidence_threshold=confidence,
            keypoint_confidence_threshold=keypoint_confidence,
            iou_threshold=iou_threshold,
            class_filter=class_filter,
            max_detections=max_detections,
        )
        return cast("KeypointDetectionResult | list[KeypointDetectionResult]", await self._run_async(*plan))

    # -- the plans, shared by both shells

    def _detect_objects_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ..results.typed import read_objects

        return self._plan_typed_inference(image, model_id, "object-detection", read_objects, changes)

    def _segment_instances_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ..results.typed import read_instances

        return self._plan_typed_inference(image, model_id, "instance-segmentation", read_instances, changes)

    def _segment_semantic_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ..results.typed import read_semantic

        return self._plan_typed_inference(image, model_id, "semantic-segmentation", read_semantic, changes)

    def _classify_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ..results.typed import read_classification

        return self._plan_typed_inference(image, model_id, "classification", read_classification, changes)

    def _detect_keypoints_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ..results.typed import read_keypoints

        return self._plan_typed_inference(image, model_id, "keypoint-detection", read_keypoints, changes)
