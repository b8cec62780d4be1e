"""The embedded backend: models written by the user, serving it, its photographs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import InferenceHTTPClient
from inference_ext.local import (
    ClassScores,
    DetectedInstance,
    DetectedKeypoints,
    Detection,
    Keypoint,
    LocalBackend,
    PredictFunction,
    SemanticMap,
    TagScores,
    TaskType,
    serve,
    serve_in_thread,
)
from inference_ext.local.photographs import PHOTOGRAPHS, Photograph, photograph

Pixels = npt.NDArray[np.uint8]


def decorated(backend: LocalBackend) -> None:
    @backend.register(
        model_id="spots/1", task="object-detection", class_names=["spot"], predict=None, input_size=(640, 480)
    )
    def spots(image: Pixels) -> list[Detection]:
        return [Detection(x_min=0, y_min=0, x_max=float(image.shape[1]), y_max=9, class_name="spot", confidence=0.5)]

    assert_type(spots(np.zeros((4, 4, 3), np.uint8)), list[Detection])

    @backend.register("people/1", task="keypoint-detection", class_names=("person",), keypoint_names=("nose",))
    def people(image: Pixels) -> Sequence[DetectedKeypoints]:
        return [DetectedKeypoints(0, 0, float(image.shape[1]), 9, "person")]

    assert_type(people(np.zeros((4, 4, 3), np.uint8)), Sequence[DetectedKeypoints])


def registered(backend: LocalBackend, predict: PredictFunction, task: TaskType) -> None:
    def tags(image: Pixels) -> TagScores:
        return TagScores(scores={"dark": float(image.mean())})

    assert_type(LocalBackend(), LocalBackend)
    assert_type(LocalBackend(builtin_models=False), LocalBackend)
    assert_type(
        backend.register(
            model_id="p/1",
            task="semantic-segmentation",
            class_names=["ground", "sky"],
            predict=predict,
            keypoint_names=(),
            input_size=None,
        ),
        PredictFunction,
    )
    kept: Callable[[Pixels], TagScores] = backend.register("t/1", task=task, class_names=["dark"], predict=tags)
    image = np.zeros((4, 4, 3), np.uint8)
    assert_type(kept(image), TagScores)
    assert_type(backend.register("t/1", task=task, class_names=["dark"])(tags)(image), TagScores)
    assert_type(backend.model_ids, tuple[str, ...])


def served(backend: LocalBackend) -> None:
    with serve_in_thread(backend=backend, host="127.0.0.1", port=0) as url:
        assert_type(url, str)
        assert_type(InferenceHTTPClient(url), InferenceHTTPClient)
    with serve_in_thread(backend) as address:
        assert_type(address, str)
    assert_type(InferenceHTTPClient.embedded(backend), InferenceHTTPClient)
    serve(backend=backend, host="127.0.0.1", port=9001, output=sys.stderr)


def predictions(mask: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64]) -> None:
    assert_type(
        DetectedInstance(x_min=0, y_min=0, x_max=2, y_max=2, class_name="a", confidence=1, mask=mask, polygon=None),
        DetectedInstance,
    )
    assert_type(DetectedInstance(0, 0, 2, 2, "a", polygon=[(0, 0), (2, 0), (2, 2)]), DetectedInstance)
    assert_type(
        DetectedKeypoints(
            x_min=0,
            y_min=0,
            x_max=2,
            y_max=2,
            class_name="a",
            confidence=1,
            keypoints=[Keypoint(name="nose", x=1, y=1, confidence=0.5)],
        ),
        DetectedKeypoints,
    )
    assert_type(ClassScores(scores={"a": 1}), ClassScores)
    assert_type(SemanticMap(labels=labels, confidence=None), SemanticMap)


def read(
    detection: Detection,
    instance: DetectedInstance,
    body: DetectedKeypoints,
    point: Keypoint,
    scores: ClassScores,
    tags: TagScores,
    semantic: SemanticMap,
) -> None:
    assert_type(detection.x_min, float)
    assert_type(detection.y_min, float)
    assert_type(detection.x_max, float)
    assert_type(detection.y_max, float)
    assert_type(detection.class_name, str)
    assert_type(detection.confidence, float)
    assert_type(instance.mask, npt.NDArray[Any] | None)
    assert_type(instance.polygon, Sequence[tuple[float, float]] | None)
    assert_type(body.keypoints, Sequence[Keypoint])
    assert_type(point.name, str)
    assert_type(point.x, float)
    assert_type(point.y, float)
    assert_type(point.confidence, float)
    assert_type(scores.scores, Mapping[str, float])
    assert_type(tags.scores, Mapping[str, float])
    assert_type(semantic.labels, npt.NDArray[Any])
    assert_type(semantic.confidence, npt.NDArray[Any] | None)


def photographs(picture: Photograph) -> None:
    assert_type(photograph(name="astronaut"), Photograph)
    assert_type(PHOTOGRAPHS["astronaut"], Photograph)
    assert_type(picture.name, str)
    assert_type(picture.shows, str)
    assert_type(picture.source, str)
    assert_type(picture.licence, str)
    assert_type(picture.file_name, str)
    assert_type(picture.path, Path)
    assert_type(picture.load(), Pixels)
