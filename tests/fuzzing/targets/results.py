"""What is made of an answer's parts: pictures, maps, masks, coordinates, typed results, drawings."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from inference_ext.configuration import VisualisationResponseFormat
from inference_ext.images import Size
from inference_ext.json_types import is_array, is_object
from inference_ext.operations.exchange import Answer
from inference_ext.operations.workflow_block_errors import read_block_errors
from inference_ext.results.anomaly_map import decode_anomaly_map
from inference_ext.results.class_filter import keep_classes
from inference_ext.results.depth_map import decode_depth_map
from inference_ext.results.drawing import draw_result
from inference_ext.results.encoded_masks import decode_mask_png
from inference_ext.results.rle import decode_rle, encode_rle
from inference_ext.results.scaling import scale_back
from inference_ext.results.typed import (
    read_classification,
    read_instances,
    read_keypoints,
    read_objects,
    read_semantic,
)
from inference_ext.results.visualisation import present_encoded_picture, present_picture
from inference_ext.results.workflow_descriptions import read_blocks, read_interface, read_validation
from inference_ext.results.workflow_outputs import present_outputs

from ..calls import BLOCKS, IMAGE, INFERENCE, INTERFACE, WORKFLOW
from ..choices import Choices
from ..json_text import json_text
from ..mutation import any_json, mutated_json
from ..oracle import only_our_errors
from ..pictures import PICTURE_TEXTS, PICTURES
from .error_answers import BODIES

__all__ = ["PICTURE_SEEDS", "RESULT_SEEDS", "picture_results", "results"]

Reader = Callable[[Any, Choices], Any]


def _format(choices: Choices) -> VisualisationResponseFormat:
    return choices.pick((*VisualisationResponseFormat,))


def _scaled(value: Any, choices: Choices) -> Any:
    sizes = (Size(8, 6), Size(4, 3), Size(1, 1), Size(400, 300))
    return scale_back(value, choices.pick(sizes), choices.pick(sizes)) if is_object(value) else None


def _outputs(value: Any, choices: Choices) -> Any:
    if is_array(value) and all(is_object(output) for output in value):
        return present_outputs(value, _format(choices))
    return None


def _rle(value: Any, _: Choices) -> None:
    if is_object(value):
        mask = decode_rle(value)
        assert mask.ndim == 2
        assert (decode_rle(encode_rle(mask)) == mask).all()


def _of_object(read: Callable[[Any], Any]) -> Reader:
    return lambda value, _: read(value) if is_object(value) else None


def _typed(read: Callable[[Any], Any]) -> Reader:
    def use(value: Any, _: Choices) -> None:
        if is_object(value):
            result = read(value)
            result.dict(exclude_none=True)
            result.annotate(IMAGE)

    return use


_MASK: Any = {"size": [6, 8], "counts": "1`03N2O1"}
_MAP: Any = {"shape": [1, 2], "dtype": "float32", "data": "AAAAAAAAgD8="}

#: Each with values it takes.
_READERS: tuple[tuple[Reader, tuple[Any, ...]], ...] = (
    (lambda value, choices: present_picture(value, _format(choices)), PICTURE_TEXTS),
    (lambda value, _: decode_depth_map(value), PICTURE_TEXTS),
    (lambda value, _: decode_mask_png(value), PICTURE_TEXTS),
    (lambda value, _: decode_anomaly_map(value), (_MAP,)),
    (_rle, (_MASK, {"size": [6, 8], "counts": [10, 5, 33]})),
    (_scaled, INFERENCE),
    (_of_object(lambda value: keep_classes(value, ("a",))), INFERENCE),
    (_of_object(lambda value: draw_result(value, IMAGE)), INFERENCE),
    (_outputs, (WORKFLOW["outputs"],)),
    (_typed(read_objects), INFERENCE),
    (_typed(read_instances), INFERENCE),
    (_typed(read_keypoints), INFERENCE),
    (_typed(read_semantic), INFERENCE),
    (_typed(read_classification), INFERENCE),
    (_of_object(lambda value: read_blocks(value).to_dict()), (BLOCKS,)),
    (_of_object(lambda value: read_interface(value).to_dict()), (INTERFACE,)),
    (_of_object(lambda value: read_validation(value).to_dict()), ({"status": "ok"},)),
    (lambda value, _: read_block_errors(value, str), BODIES),
)

#: Each reader, with the first of its values.
RESULT_SEEDS = [bytes([number, 0, kind]) for number in range(len(_READERS)) for kind in range(8)]

PICTURE_SEEDS = [bytes([kind]) + picture for picture in PICTURES for kind in range(5)]


def results(data: bytes) -> None:
    """Read a value that is valid, spoiled, or something else altogether, as decoded from an answer's JSON."""
    choices = Choices(data)
    read, values = choices.pick(_READERS)
    value = any_json(choices) if choices.below(4) == 3 else mutated_json(choices.pick(values), choices)
    with only_our_errors():
        # Through the decoder of answers, so that only what it lets pass gets further.
        decoded = Answer("POST /fuzzed", 200, {}, json_text(value)).json()
        read(decoded, choices)


def picture_results(data: bytes) -> None:
    """Decode bytes that the server says are a picture."""
    choices = Choices(data)
    kind = choices.below(5)
    picture = choices.rest()
    with only_our_errors():
        if kind == 0:
            present_encoded_picture(picture, VisualisationResponseFormat.NUMPY)
        elif kind == 1:
            present_encoded_picture(picture, VisualisationResponseFormat.PILLOW)
        elif kind == 2:
            decode_depth_map(base64.b64encode(picture).decode())
        elif kind == 3:
            decode_mask_png(base64.b64encode(picture).decode())
        else:
            text = base64.b64encode(picture).decode()
            answer = {"predictions": {"segmentation_mask": text, "confidence_mask": text, "class_map": {"1": "a"}}}
            draw_result(scale_back(answer, Size(8, 6), Size(4, 3)), IMAGE)
