"""Find objects as boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast, overload

from ...execution.progress import ProgressOption
from ...images import ImageInput
from ..planning import Confidence, InferencePlanning, Plan

if TYPE_CHECKING:
    from ...results.typed import ObjectDetectionResult

__all__ = ["ObjectDetection"]


class ObjectDetection(InferencePlanning):
    """Find objects as boxes."""

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
        progress: ProgressOption | None = None,
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
        progress: ProgressOption | None = None,
    ) -> ObjectDetectionResult | list[ObjectDetectionResult]:
        """Find objects as boxes.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.
            iou_threshold: Overlap above which the weaker of two boxes is dropped, 0..1.
            class_filter: Return only these classes.
            max_detections: Most predictions per image.
            progress: Show how far a sequence has come: `True` for a bar on stderr (extra `progress`), or a function
                that takes a `Progress`. Default: the setting `show_progress`.

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
        return cast("ObjectDetectionResult | list[ObjectDetectionResult]", self._run(*plan, progress))

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
        progress: ProgressOption | None = None,
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
        progress: ProgressOption | None = None,
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
        return cast("ObjectDetectionResult | list[ObjectDetectionResult]", await self._run_async(*plan, progress))

    # -- the plan, shared by both shells

    def _detect_objects_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ...results.typed import read_objects

        return self._plan_typed_inference(image, model_id, "object-detection", read_objects, changes)
