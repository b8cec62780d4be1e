"""Detecting classes that are named or shown in the call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, overload

from ...images import ImageInput, is_image_list
from ...operations.core_models.answers import objects
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.open_vocabulary import (
    ExampleImage,
    Examples,
    detect_by_example,
    grounding_dino_fields,
    owlv2_fields,
    yolo_world_fields,
)
from ...operations.exchange import Steps
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["OpenVocabulary"]


class OpenVocabulary(ClientCore):
    """YOLO-World and Grounding DINO find what words describe, OWLv2 what examples show."""

    def infer_from_yolo_world(
        self,
        inference_input: ImageInput | Sequence[ImageInput],
        class_names: Sequence[str],
        model_version: str | None = None,
        confidence: float | None = None,
    ) -> list[dict[str, Any]]:
        """Detect classes by their names with YOLO-World; one request per image.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            class_names: What to look for, in plain words; the numbers of the classes follow this order.
            model_version: `s` (fastest), `m`, `l`, `x` (most accurate), `v2-s`, ... Default: the server's, `l`.
            confidence: Lowest score that is returned, 0..1. Default: the server's, 0.4.

        Returns:
            A list with one dictionary per image in input order, **also for one image**, as inference-sdk gives it.
            `predictions` are boxes as centre `x`, `y` and `width`, `height` in pixels of the image.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._yolo_world_plan(
            inference_input, class_names=class_names, model_version=model_version, confidence=confidence
        )
        return cast("list[dict[str, Any]]", self._run(*plan))

    async def infer_from_yolo_world_async(
        self,
        inference_input: ImageInput | Sequence[ImageInput],
        class_names: Sequence[str],
        model_version: str | None = None,
        confidence: float | None = None,
    ) -> list[dict[str, Any]]:
        """Detect classes by their names with YOLO-World, under asyncio; see `infer_from_yolo_world`."""
        plan = self._yolo_world_plan(
            inference_input, class_names=class_names, model_version=model_version, confidence=confidence
        )
        return cast("list[dict[str, Any]]", await self._run_async(*plan))

    @overload
    def infer_from_grounding_dino(
        self,
        inference_input: ImageInput,
        text: Sequence[str],
        box_threshold: float | None = None,
        text_threshold: float | None = None,
        class_agnostic_nms: bool | None = None,
        grounding_dino_version_id: str | None = None,
    ) -> dict[str, Any]: ...
    @overload
    def infer_from_grounding_dino(
        self,
        inference_input: Sequence[ImageInput],
        text: Sequence[str],
        box_threshold: float | None = None,
        text_threshold: float | None = None,
        class_agnostic_nms: bool | None = None,
        grounding_dino_version_id: str | None = None,
    ) -> list[dict[str, Any]]: ...
    def infer_from_grounding_dino(
        self,
        inference_input: Any,
        text: Sequence[str],
        box_threshold: float | None = None,
        text_threshold: float | None = None,
        class_agnostic_nms: bool | None = None,
        grounding_dino_version_id: str | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Detect what phrases describe with Grounding DINO; one request per image.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            text: What to look for, in plain words; the numbers of the classes follow this order.
            box_threshold: Score a box needs, 0..1. Default: the server's, 0.5.
            text_threshold: Score a phrase needs to become a box's class, 0..1. Default: the server's, 0.5.
            class_agnostic_nms: Let boxes of different classes suppress each other. Default: the server's, no.
            grounding_dino_version_id: Weights. Default: the server's; there is one public set.

        Returns:
            The server's answer as a dictionary, or a list of them in input order. `predictions` are boxes as centre
            `x`, `y` and `width`, `height` in pixels of the image.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._grounding_dino_plan(
            inference_input,
            text=text,
            box_threshold=box_threshold,
            text_threshold=text_threshold,
            class_agnostic_nms=class_agnostic_nms,
            grounding_dino_version_id=grounding_dino_version_id,
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def infer_from_grounding_dino_async(
        self,
        inference_input: ImageInput,
        text: Sequence[str],
        box_threshold: float | None = None,
        text_threshold: float | None = None,
        class_agnostic_nms: bool | None = None,
        grounding_dino_version_id: str | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def infer_from_grounding_dino_async(
        self,
        inference_input: Sequence[ImageInput],
        text: Sequence[str],
        box_threshold: float | None = None,
        text_threshold: float | None = None,
        class_agnostic_nms: bool | None = None,
        grounding_dino_version_id: str | None = None,
    ) -> list[dict[str, Any]]: ...
    async def infer_from_grounding_dino_async(
        self,
        inference_input: Any,
        text: Sequence[str],
        box_threshold: float | None = None,
        text_threshold: float | None = None,
        class_agnostic_nms: bool | None = None,
        grounding_dino_version_id: str | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Detect what phrases describe with Grounding DINO, under asyncio; see `infer_from_grounding_dino`."""
        plan = self._grounding_dino_plan(
            inference_input,
            text=text,
            box_threshold=box_threshold,
            text_threshold=text_threshold,
            class_agnostic_nms=class_agnostic_nms,
            grounding_dino_version_id=grounding_dino_version_id,
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    @overload
    def infer_from_owlv2(
        self,
        inference_input: ImageInput,
        training_data: Sequence[ExampleImage],
        confidence: float | None = None,
        owlv2_version_id: str | None = None,
        visualize_predictions: bool | None = None,
        visualization_labels: bool | None = None,
        visualization_stroke_width: int | None = None,
    ) -> dict[str, Any]: ...
    @overload
    def infer_from_owlv2(
        self,
        inference_input: Sequence[ImageInput],
        training_data: Sequence[ExampleImage],
        confidence: float | None = None,
        owlv2_version_id: str | None = None,
        visualize_predictions: bool | None = None,
        visualization_labels: bool | None = None,
        visualization_stroke_width: int | None = None,
    ) -> list[dict[str, Any]]: ...
    def infer_from_owlv2(
        self,
        inference_input: Any,
        training_data: Sequence[ExampleImage],
        confidence: float | None = None,
        owlv2_version_id: str | None = None,
        visualize_predictions: bool | None = None,
        visualization_labels: bool | None = None,
        visualization_stroke_width: int | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Detect what examples show with OWLv2; one request per image, each with the examples.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            training_data: The examples, at least one: dictionaries with `image` (any accepted form) and `boxes`, each
                with its centre `x`, `y` and size `w`, `h` in whole pixels of that image, its class `cls`, and
                `negative` (default `False`) for what must not be found. The images are read and encoded once per call.
            confidence: Lowest score that is returned, 0..1; useful values are 0.99 to 0.9999. Default: the server's,
                0.99.
            owlv2_version_id: Weights. Default: the server's, `owlv2-large-patch14-ensemble`.
            visualize_predictions: Return a picture with the result drawn on it. Default: no.
            visualization_labels: Write the class names on it. Default: no.
            visualization_stroke_width: Line width in pixels. Default: the server's, 1.

        Returns:
            The server's answer as a dictionary, or a list of them in input order. `predictions` are boxes as centre
            `x`, `y` and `width`, `height` in pixels of the image; `visualization` has the form the configuration's
            `output_visualisation_format` names.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._owlv2_plan(
            inference_input,
            training_data,
            confidence=confidence,
            owlv2_version_id=owlv2_version_id,
            visualize_predictions=visualize_predictions,
            visualization_labels=visualization_labels,
            visualization_stroke_width=visualization_stroke_width,
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def infer_from_owlv2_async(
        self,
        inference_input: ImageInput,
        training_data: Sequence[ExampleImage],
        confidence: float | None = None,
        owlv2_version_id: str | None = None,
        visualize_predictions: bool | None = None,
        visualization_labels: bool | None = None,
        visualization_stroke_width: int | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def infer_from_owlv2_async(
        self,
        inference_input: Sequence[ImageInput],
        training_data: Sequence[ExampleImage],
        confidence: float | None = None,
        owlv2_version_id: str | None = None,
        visualize_predictions: bool | None = None,
        visualization_labels: bool | None = None,
        visualization_stroke_width: int | None = None,
    ) -> list[dict[str, Any]]: ...
    async def infer_from_owlv2_async(
        self,
        inference_input: Any,
        training_data: Sequence[ExampleImage],
        confidence: float | None = None,
        owlv2_version_id: str | None = None,
        visualize_predictions: bool | None = None,
        visualization_labels: bool | None = None,
        visualization_stroke_width: int | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Detect what examples show with OWLv2, under asyncio; see `infer_from_owlv2`."""
        plan = self._owlv2_plan(
            inference_input,
            training_data,
            confidence=confidence,
            owlv2_version_id=owlv2_version_id,
            visualize_predictions=visualize_predictions,
            visualization_labels=visualization_labels,
            visualization_stroke_width=visualization_stroke_width,
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _yolo_world_plan(self, inference_input: object, **arguments: Any) -> Plan:
        settings = self._settings()
        fields = yolo_world_fields(settings.configuration, **arguments)
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, "/yolo_world/infer", images, fields, objects)
        )
        return _always_a_list(inference_input, steps), settings

    def _grounding_dino_plan(self, inference_input: object, **arguments: Any) -> Plan:
        settings = self._settings()
        fields = grounding_dino_fields(settings.configuration, **arguments)
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, "/grounding_dino/infer", images, fields, objects)
        )
        return steps, settings

    def _owlv2_plan(self, inference_input: object, training_data: object, **arguments: Any) -> Plan:
        fields = owlv2_fields(**arguments)
        examples = Examples(training_data)
        settings = self._settings()
        call = self._core_model_call(settings)
        return one_or_many(inference_input, lambda images: detect_by_example(call, images, examples, fields)), settings


def _always_a_list(inference_input: object, steps: Steps[Any]) -> Steps[list[Any]]:
    result = yield from steps
    return result if is_image_list(inference_input) else [result]
