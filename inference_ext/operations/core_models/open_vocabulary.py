"""Detectors of classes that are named or shown in the call: YOLO-World, Grounding DINO, OWLv2.

All of them take one image per request.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NotRequired, TypedDict, cast

from ...configuration import InferenceConfiguration
from ...errors import HTTPClientError, InvalidParameterError
from ...images import ImageInput, PreparedImage, prepare_image
from ...results.visualisation import present_picture
from ..arguments import (
    checked_flag,
    checked_fraction,
    checked_names,
    checked_objects,
    checked_positive,
    optional_text,
)
from ..exchange import Answer, Batch, Exchange, Steps, call_batch
from ..json_body import ImageSlots
from .answers import objects
from .core_model import CoreModelCall
from .preprocessing import preprocessing_fields

__all__ = [
    "ExampleBox",
    "ExampleImage",
    "Examples",
    "detect_by_example",
    "grounding_dino_fields",
    "owlv2_fields",
    "yolo_world_fields",
]


class ExampleBox(TypedDict):
    """A box that shows OWLv2 a class, in whole pixels of its image."""

    x: int
    """Horizontal centre."""

    y: int
    """Vertical centre."""

    w: int
    """Full width."""

    h: int
    """Full height."""

    cls: str
    """Name of the class."""

    negative: NotRequired[bool]
    """Whether the box shows what must not be found. Default: `False`."""


class ExampleImage(TypedDict):
    """An image with boxes that teach OWLv2 the classes of a call."""

    image: ImageInput
    """One image in any accepted form."""

    boxes: Sequence[ExampleBox]
    """The examples on it."""


def yolo_world_fields(
    configuration: InferenceConfiguration,
    *,
    class_names: object,
    model_version: str | None,
    confidence: float | None,
) -> dict[str, Any]:
    """Check the fields of `POST /yolo_world/infer`, but for the image."""
    return {
        "text": checked_names("class_names", class_names),
        "yolo_world_version_id": optional_text("model_version", model_version),
        "confidence": checked_fraction("confidence", confidence),
        **preprocessing_fields(configuration),
    }


def grounding_dino_fields(
    configuration: InferenceConfiguration,
    *,
    text: object,
    box_threshold: float | None,
    text_threshold: float | None,
    class_agnostic_nms: bool | None,
    grounding_dino_version_id: str | None,
) -> dict[str, Any]:
    """Check the fields of `POST /grounding_dino/infer`, but for the image."""
    return {
        "text": checked_names("text", text),
        "box_threshold": checked_fraction("box_threshold", box_threshold),
        "text_threshold": checked_fraction("text_threshold", text_threshold),
        "class_agnostic_nms": _optional_flag("class_agnostic_nms", class_agnostic_nms),
        "grounding_dino_version_id": optional_text("grounding_dino_version_id", grounding_dino_version_id),
        **preprocessing_fields(configuration),
    }


def owlv2_fields(
    *,
    confidence: float | None,
    owlv2_version_id: str | None,
    visualize_predictions: bool | None,
    visualization_labels: bool | None,
    visualization_stroke_width: int | None,
) -> dict[str, Any]:
    """Check the fields of `POST /owlv2/infer`, but for the images."""
    return {
        "owlv2_version_id": optional_text("owlv2_version_id", owlv2_version_id),
        "confidence": checked_fraction("confidence", confidence),
        "visualize_predictions": _optional_flag("visualize_predictions", visualize_predictions),
        "visualization_labels": _optional_flag("visualization_labels", visualization_labels),
        "visualization_stroke_width": checked_positive("visualization_stroke_width", visualization_stroke_width),
    }


def _optional_flag(name: str, value: object) -> bool | None:
    return None if value is None else checked_flag(name, value)


# -- OWLv2: the only call with further images in the body


class Examples:
    """The checked example images of a call, prepared once however many images are searched.

    Raises:
        InvalidParameterError: They are not a sequence of mappings with `image` and `boxes`.

    """

    def __init__(self, training_data: object) -> None:
        self._images, self._boxes = _checked_examples(training_data)
        self._prepared: list[PreparedImage] = []
        self._lock = threading.Lock()

    def place(self, owl: CoreModelCall, slots: ImageSlots) -> list[dict[str, Any]]:
        """Give the field `training_data`. The images are read here, in the call's worker threads."""
        with self._lock:
            while len(self._prepared) < len(self._images):
                self._prepared.append(self._prepare(len(self._prepared), owl))
        return [
            {"boxes": boxes, "image": slots.place(image)}
            for image, boxes in zip(self._prepared, self._boxes, strict=True)
        ]

    def _prepare(self, position: int, owl: CoreModelCall) -> PreparedImage:
        try:
            return prepare_image(self._images[position], owl.image_options(), owl.fetch)
        except HTTPClientError as error:
            error.add_note(f"It is the image of training_data[{position}].")
            raise


def _checked_examples(training_data: object) -> tuple[list[object], list[list[dict[str, Any]]]]:
    if isinstance(training_data, str | bytes) or not isinstance(training_data, Sequence) or not training_data:
        raise InvalidParameterError("training_data: expected a sequence of example images, at least one")
    images: list[object] = []
    boxes: list[list[dict[str, Any]]] = []
    for position, example in enumerate(cast("Sequence[object]", training_data)):
        name = f"training_data[{position}]"
        if not isinstance(example, Mapping) or not {"image", "boxes"} <= set(cast("Mapping[str, Any]", example)):
            raise InvalidParameterError(f"{name}: expected a dictionary with 'image' and 'boxes'")
        entry = cast("Mapping[str, Any]", example)
        images.append(entry["image"])
        boxes.append(checked_objects(f"{name}['boxes']", entry["boxes"]))
        for number, box in enumerate(boxes[-1]):
            if missing := {"x", "y", "w", "h", "cls"} - set(box):
                raise InvalidParameterError(f"{name}['boxes'][{number}]: lacks {', '.join(sorted(missing))}")
    return images, boxes


def detect_by_example(
    owl: CoreModelCall, images: Sequence[object], examples: Examples, fields: Mapping[str, Any]
) -> Steps[list[Any]]:
    """Send images to `POST /owlv2/infer`, each with the examples; gives one result per input, in order."""
    yield from owl.check("/owlv2/infer", fields)
    jobs = [partial(_exchange, owl, image, examples, fields) for image in images]
    return (yield from call_batch(Batch(jobs, [1] * len(jobs))))


def _exchange(
    owl: CoreModelCall, image: object, examples: Examples, fields: Mapping[str, Any]
) -> Exchange[Sequence[Any]]:
    slots = ImageSlots()
    training_data = examples.place(owl, slots)
    searched = slots.place(prepare_image(image, owl.image_options(), owl.fetch))
    request = owl.request("/owlv2/infer", {**fields, "training_data": training_data, "image": searched}, slots)
    return Exchange(request, partial(_read, configuration=owl.settings.configuration))


def _read(answer: Answer, configuration: InferenceConfiguration) -> Sequence[dict[str, Any]]:
    (result,) = objects(answer, 1)
    if result.get("visualization") is not None:
        picture = present_picture(result["visualization"], configuration.output_visualisation_format)
        result = {**result, "visualization": picture}
    return [result]
