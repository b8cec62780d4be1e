"""Find objects with named points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast, overload

from ...execution.progress import ProgressOption
from ...images import ImageInput
from ..planning import Confidence, InferencePlanning, Plan

if TYPE_CHECKING:
    from ...results.typed import KeypointDetectionResult

__all__ = ["KeypointDetection"]


class KeypointDetection(InferencePlanning):
    """Find objects with named points."""

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
        progress: ProgressOption | None = None,
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
        progress: ProgressOption | None = None,
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
            progress: Show how far a sequence has come: `True` for a bar on stderr (extra `progress`), or a function
                that takes a `Progress`. Default: the setting `show_progress`.

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
        return cast("KeypointDetectionResult | list[KeypointDetectionResult]", self._run(*plan, progress))

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
        progress: ProgressOption | None = None,
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
        progress: ProgressOption | None = None,
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
        return cast("KeypointDetectionResult | list[KeypointDetectionResult]", await self._run_async(*plan, progress))

    # -- the plan, shared by both shells

    def _detect_keypoints_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ...results.typed import read_keypoints

        return self._plan_typed_inference(image, model_id, "keypoint-detection", read_keypoints, changes)
