"""Name what an image shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast, overload

from ...execution.progress import ProgressOption
from ...images import ImageInput
from ..planning import Confidence, InferencePlanning, Plan

if TYPE_CHECKING:
    from ...results.typed import AnyClassificationResult

__all__ = ["Classification"]


class Classification(InferencePlanning):
    """Name what an image shows."""

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
        progress: ProgressOption | None = None,
    ) -> list[AnyClassificationResult]: ...
    def classify(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        progress: ProgressOption | None = None,
    ) -> AnyClassificationResult | list[AnyClassificationResult]:
        """Name what an image shows: one class, several, or how unusual it is, depending on the model.

        Args:
            image: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `project/version`. Default: the selected model.
            confidence: Lowest score that is returned, 0..1, or `"best"` / `"default"`.
            progress: Show how far a sequence has come: `True` for a bar on stderr (extra `progress`), or a function
                that takes a `Progress`. Default: the setting `show_progress`.

        Returns:
            `ClassificationResult`, `MultiLabelClassificationResult` or `AnomalyDetectionResult`, by what the model is.

        """
        plan = self._classify_plan(image, model_id, confidence_threshold=confidence)
        return cast("AnyClassificationResult | list[AnyClassificationResult]", self._run(*plan, progress))

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
        progress: ProgressOption | None = None,
    ) -> list[AnyClassificationResult]: ...
    async def classify_async(
        self,
        image: Any,
        model_id: str | None = None,
        *,
        confidence: Confidence | None = None,
        progress: ProgressOption | None = None,
    ) -> AnyClassificationResult | list[AnyClassificationResult]:
        """Name what an image shows, under asyncio; see `classify`."""
        plan = self._classify_plan(image, model_id, confidence_threshold=confidence)
        return cast("AnyClassificationResult | list[AnyClassificationResult]", await self._run_async(*plan, progress))

    # -- the plan, shared by both shells

    def _classify_plan(self, image: Any, model_id: str | None, **changes: Any) -> Plan:
        from ...results.typed import read_classification

        return self._plan_typed_inference(image, model_id, "classification", read_classification, changes)
