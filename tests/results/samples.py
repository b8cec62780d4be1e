"""Results of every task: real ones of the embedded backend, and any that hypothesis makes up."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.local.photographs import photograph
from inference_ext.results.encoded_masks import encode_mask_png
from inference_ext.results.rle import encode_rle
from inference_ext.results.typed import (
    read_classification,
    read_instances,
    read_keypoints,
    read_objects,
    read_semantic,
)

Pixels = NDArray[np.uint8]

WIDTH, HEIGHT = 64, 48
SIZE = {"width": WIDTH, "height": HEIGHT}
CLASSES = ("cat", "dog", 'a "b", c', "=1+1", "two\r\nlines", "犬", "crème", "NA", " ", "-")


def markers() -> Pixels:
    """A drawn scene with two markers, for the model of key points."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    scene = np.full((400, 600, 3), 255, np.uint8)
    scene[120:280, 220:380] = cv2.aruco.generateImageMarker(dictionary, 7, 160)[:, :, None]
    scene[40:120, 440:520] = cv2.aruco.generateImageMarker(dictionary, 3, 80)[:, :, None]
    return scene


@cache
def images() -> dict[str, Pixels]:
    """The image of each real answer, BGR."""
    portrait, coins = photograph("astronaut").load(), photograph("coins").load()
    return {
        "boxes": portrait,
        "no boxes": np.zeros((120, 160, 3), np.uint8),
        "polygons": coins,
        "run lengths": coins,
        "key points": markers(),
        "no key points": np.zeros((120, 160, 3), np.uint8),
        "semantic": portrait,
        "classes": portrait,
        "labels": portrait,
    }


_MODELS = {
    "boxes": "faces/1",
    "no boxes": "faces/1",
    "polygons": "objects/1",
    "run lengths": "objects/1",
    "key points": "markers/1",
    "no key points": "markers/1",
    "semantic": "foreground/1",
    "classes": "sharpness/1",
    "labels": "exposure/1",
}
KINDS = tuple(_MODELS)
MODES = ("v0", "v1")

READERS: dict[str, Any] = {
    "boxes": read_objects,
    "no boxes": read_objects,
    "polygons": read_instances,
    "run lengths": read_instances,
    "key points": read_keypoints,
    "no key points": read_keypoints,
    "semantic": read_semantic,
    "classes": read_classification,
    "labels": read_classification,
}


@cache
def real_answers() -> dict[tuple[str, str], dict[str, Any]]:
    """What `infer` gives for each kind and API mode on the embedded backend; not to be changed."""
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    with InferenceHTTPClient.embedded() as client:
        for kind, model_id in _MODELS.items():
            mask_format = "rle" if kind == "run lengths" else "polygon"
            client.configure(InferenceConfiguration(response_mask_format=mask_format))
            for mode in MODES:
                infer = client.infer_from_api_v0 if mode == "v0" else client.infer_from_api_v1
                answers[kind, mode] = infer(images()[kind], model_id=model_id)
    return answers


# -- made-up answers

coordinates = st.floats(-200, 200, width=32)
sizes = st.floats(0, 200, width=32)
scores = st.floats(0, 1)
names = st.sampled_from(CLASSES)


@st.composite
def boxes(draw: st.DrawFn) -> dict[str, Any]:
    """One prediction of object detection."""
    box: dict[str, Any] = {
        "x": draw(coordinates),
        "y": draw(coordinates),
        "width": draw(sizes),
        "height": draw(sizes),
        "confidence": draw(scores),
        "class": draw(names),
        "class_id": draw(st.integers(0, 20)),
        "detection_id": draw(st.uuids().map(str)),
    }
    if draw(st.booleans()):
        box["tracker_id"] = draw(st.integers(0, 2**40))
    if draw(st.integers(0, 9)) == 0:
        box["of a newer server"] = [1, {"a": None}]
    return box


@st.composite
def instances(draw: st.DrawFn) -> dict[str, Any]:
    """One prediction of instance segmentation."""
    box = draw(boxes())
    box.pop("tracker_id", None)
    if draw(st.booleans()):
        points = st.fixed_dictionaries({"x": coordinates, "y": coordinates})
        return {**box, "points": draw(st.lists(points, min_size=3, max_size=8))}
    mask = np.zeros((HEIGHT, WIDTH), bool)
    top, left = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
    mask[top : top + draw(st.integers(0, HEIGHT)), left : left + draw(st.integers(0, WIDTH))] = True
    return {**box, "rle": encode_rle(mask), "mask_format": "rle"}


@st.composite
def objects_with_key_points(draw: st.DrawFn) -> dict[str, Any]:
    """One prediction of key point detection; any of five points may be missing."""
    places = draw(st.lists(st.integers(0, 4), unique=True, max_size=5))
    points = [
        {"x": draw(coordinates), "y": draw(coordinates), "confidence": draw(scores), "class_id": at, "class": f"p{at}"}
        for at in places
    ]
    return {**draw(boxes()), "keypoints": points}


def _answer(predictions: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    pictures = st.sampled_from(["aGk=", None])
    return st.fixed_dictionaries(
        {"image": st.just(dict(SIZE)), "predictions": predictions},
        optional={
            "visualization": pictures,
            "inference_id": st.text(max_size=5),
            "time": st.floats(0, 9),
            "of a newer server": st.dictionaries(st.text(max_size=3), st.integers(-(2**63), 2**63 - 1), max_size=2),
        },
    )


object_answers = _answer(st.lists(boxes(), max_size=8))
instance_answers = _answer(st.lists(instances(), max_size=5))
key_point_answers = _answer(st.lists(objects_with_key_points(), max_size=5))
_class_scores = st.lists(
    st.fixed_dictionaries({"class": names, "class_id": st.integers(0, 20), "confidence": scores}), max_size=8
)


@st.composite
def class_answers(draw: st.DrawFn) -> dict[str, Any]:
    """An answer of single-label classification, best class first."""
    answer = draw(_answer(_class_scores))
    answer["predictions"].sort(key=lambda one: -one["confidence"])
    best = answer["predictions"][0] if answer["predictions"] else {"class": "", "confidence": 0.0}
    return {**answer, "top": best["class"], "confidence": best["confidence"]}


@st.composite
def label_answers(draw: st.DrawFn) -> dict[str, Any]:
    """An answer of multi-label classification."""
    score = st.fixed_dictionaries({"class_id": st.integers(0, 20), "confidence": scores})
    answer = draw(_answer(st.dictionaries(names, score, max_size=8)))
    predicted = [name for name in answer["predictions"] if draw(st.booleans())]
    return {**answer, "predicted_classes": predicted}


@st.composite
def anomaly_answers(draw: st.DrawFn) -> dict[str, Any]:
    """An answer of anomaly detection."""
    share = draw(scores)
    predictions = [
        {"class": "anomalous", "class_id": 1, "confidence": share},
        {"class": "normal", "class_id": 0, "confidence": 1 - share},
    ]
    numbers = {"anomaly_score": 3.5, "anomaly_threshold": draw(scores), "anomaly_scale": 1.0}
    answer = draw(_answer(st.just(predictions)))
    return {**answer, **numbers, "is_anomalous": draw(st.booleans()), "top": "anomalous", "confidence": share}


@st.composite
def semantic_answers(draw: st.DrawFn) -> dict[str, Any]:
    """An answer of semantic segmentation; a class may be missing from the class map."""
    ids = np.zeros((HEIGHT, WIDTH), np.uint8)
    for _ in range(draw(st.integers(0, 4))):
        top, left = draw(st.integers(0, HEIGHT - 1)), draw(st.integers(0, WIDTH - 1))
        ids[top : top + 20, left : left + 30] = draw(st.integers(0, 4))
    levels = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 256, ids.shape, np.uint8)
    predictions: dict[str, Any] = {
        "segmentation_mask": encode_mask_png(ids),
        "confidence_mask": encode_mask_png(levels),
        "class_map": {"0": "background", "1": "cat", "2": "dog", "3": "cat"},
    }
    if draw(st.booleans()):
        predictions["present_class_ids"] = np.unique(ids).tolist()
    return {**draw(_answer(st.none())), "predictions": predictions}


#: Each kind of answer with the function that makes it a typed result.
ANSWERS: dict[str, tuple[st.SearchStrategy[dict[str, Any]], Any]] = {
    "boxes": (object_answers, read_objects),
    "instances": (instance_answers, read_instances),
    "key points": (key_point_answers, read_keypoints),
    "classes": (class_answers(), read_classification),
    "labels": (label_answers(), read_classification),
    "anomalies": (anomaly_answers(), read_classification),
    "semantic": (semantic_answers(), read_semantic),
}
