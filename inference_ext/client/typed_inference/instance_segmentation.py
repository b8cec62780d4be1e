"""Find objects as masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast, overload

from ...execution.progress import ProgressOption
from ...images import ImageInput
from ..planning import Confidence, InferencePlanning, Plan

if TYPE_CHECKING:
    from ...results.typed import InstanceSegmentationResult

__all__ = ["InstanceSegmentation"]


class InstanceSegmentation(InferencePlanning):
    """Find objects as masks."""

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
        progress: ProgressOption | None = None,
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
        progress: ProgressOption | None = None,
    ) -> InstanceSegmentationResult | list[InstanceSegmentationResult]:
        """Find objects as masks.

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
        return cast("InstanceSegmentationResult | list[InstanceSegmentationResult]", self._run(*plan, progress))

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
        progress: ProgressOption | None = None,
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
        progress: ProgressOption | None = None,
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
        return cast(
            "InstanceSegmentationResult | list[InstanceSegmentationResult]", await self._run_async(*plan, progress)
        )

    # -- the plan, shared by both shells

    def _segment_instances_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ...results.typed import read_instances

        return self._plan_typed_inference(image, model_id, "instance-segmentation", read_instances, changes)
