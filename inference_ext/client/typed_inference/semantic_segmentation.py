"""Give every pixel a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast, overload

from ...execution.progress import ProgressOption
from ...images import ImageInput
from ..planning import Confidence, InferencePlanning, Plan

if TYPE_CHECKING:
    from ...results.typed import SemanticSegmentationResult

__all__ = ["SemanticSegmentation"]


class SemanticSegmentation(InferencePlanning):
    """Give every pixel a class."""

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
        progress: ProgressOption | None = None,
    ) -> list[SemanticSegmentationResult]: ...
    def segment_semantic(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        progress: ProgressOption | None = None,
    ) -> SemanticSegmentationResult | list[SemanticSegmentationResult]:
        """Give every pixel a class.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.
            progress: Show how far a sequence has come: `True` for a bar on stderr (extra `progress`), or a function
                that takes a `Progress`. Default: the setting `show_progress`.

        Returns:
            `SemanticSegmentationResult`: `class_ids()` gives the mask, uint8 of the input's (height, width).

        """
        plan = self._segment_semantic_plan(image, model_id, confidence_threshold=confidence)
        return cast("SemanticSegmentationResult | list[SemanticSegmentationResult]", self._run(*plan, progress))

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
        progress: ProgressOption | None = None,
    ) -> list[SemanticSegmentationResult]: ...
    async def segment_semantic_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        progress: ProgressOption | None = None,
    ) -> SemanticSegmentationResult | list[SemanticSegmentationResult]:
        """Give every pixel a class, under asyncio; see `segment_semantic`."""
        plan = self._segment_semantic_plan(image, model_id, confidence_threshold=confidence)
        return cast(
            "SemanticSegmentationResult | list[SemanticSegmentationResult]", await self._run_async(*plan, progress)
        )

    # -- the plan, shared by both shells

    def _segment_semantic_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ...results.typed import read_semantic

        return self._plan_typed_inference(image, model_id, "semantic-segmentation", read_semantic, changes)
