"""Python functions as models: what they get, what they may return, and what happens when they fail."""

from __future__ import annotations

import base64
import logging
import re
import threading
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from local_calls import post_json
from wire_cases import PICTURES, base64_text

from inference_ext.errors import HTTPClientError, InvalidModelIdentifier, InvalidParameterError
from inference_ext.local import (
    ClassScores,
    DetectedInstance,
    DetectedKeypoints,
    Detection,
    Keypoint,
    LocalBackend,
    SemanticMap,
    TagScores,
)

Image = npt.NDArray[np.uint8]
BOX = (10.0, 20.0, 30.0, 50.0)


def entry(name: str = "two") -> dict[str, str]:
    return {"type": "base64", "value": base64_text(name)}


def backend_returning(task: Any, returned: Any, **arguments: Any) -> LocalBackend:
    """A backend whose only model `mine/1` returns one value."""
    backend = LocalBackend(builtin_models=False)
    arguments.setdefault("class_names", ["a", "b"])
    backend.register("mine/1", task=task, predict=lambda _image: returned, **arguments)
    return backend


def infer(backend: LocalBackend, route: str = "object_detection", **options: Any) -> tuple[int, Any]:
    answer = post_json(backend, f"/infer/{route}", {"model_id": "mine/1", "image": entry(), **options})
    return answer.status, answer.json


def test_the_function_gets_the_pixels_as_bgr() -> None:
    seen: list[Image] = []

    def predict(image: Image) -> list[Detection]:
        seen.append(image)
        return []

    backend = LocalBackend(builtin_models=False)
    assert backend.register("mine/1", task="object-detection", class_names=["a"], predict=predict) is predict
    assert infer(backend)[0] == 200
    assert seen[0].dtype == np.uint8
    assert np.array_equal(seen[0], PICTURES["two"])


def test_registering_as_a_decorator_keeps_the_function() -> None:
    backend = LocalBackend(builtin_models=False)

    @backend.register("mine/1", task="object-detection", class_names=["a"], input_size=(320, 240))
    def predict(_image: Image) -> list[Detection]:
        return [Detection(*BOX, "a", 0.9)]

    assert len(predict(PICTURES["two"])) == 1
    status, body = infer(backend)
    assert status == 200
    assert [(item["x"], item["y"], item["width"], item["height"]) for item in body["predictions"]] == [(20, 35, 20, 30)]
    (model,) = post_json(backend, "/model/add", {"model_id": "mine/1"}).json["models"]
    assert (model["input_width"], model["input_height"]) == (320, 240)


def test_registering_again_replaces_and_unloads_the_model() -> None:
    backend = backend_returning("object-detection", [])
    assert infer(backend)[1]["predictions"] == []
    backend.register("mine/1", task="classification", class_names=["a"], predict=lambda _image: ClassScores({"a": 1}))
    answer = post_json(backend, "/infer/object_detection", {"model_id": "mine/1", "image": entry()})
    assert answer.json["top"] == "a"
    assert answer.headers["x-model-cold-start"] == "true"
    assert backend.model_ids == ("mine/1",)


@pytest.mark.parametrize("model_id", ["mine", "", "a/b/c", "/1", "mine/"])
def test_a_model_id_is_project_and_version(model_id: str) -> None:
    backend = LocalBackend(builtin_models=False)
    with pytest.raises(InvalidModelIdentifier, match="project/version"):
        backend.register(model_id, task="object-detection", class_names=["a"], predict=lambda _image: [])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"task": "detection"}, "task"),
        ({"class_names": []}, "class_names"),
        ({"class_names": ["a", "a"]}, "class_names"),
        ({"class_names": "abc"}, "class_names"),
        ({"class_names": ["a", 1]}, "class_names"),
        ({"predict": "no function"}, "predict"),
        ({"input_size": (0, 10)}, "input_size"),
        ({"input_size": (1, 2, 3)}, "input_size"),
        ({"task": "keypoint-detection"}, "keypoint_names"),
        ({"keypoint_names": ["x", "x"]}, "keypoint_names"),
    ],
)
def test_unfit_arguments_are_named(arguments: dict[str, Any], named: str) -> None:
    fit: dict[str, Any] = {"task": "object-detection", "class_names": ["a"], "predict": lambda _image: []}
    with pytest.raises(InvalidParameterError, match=named) as raised:
        LocalBackend(builtin_models=False).register("mine/1", **{**fit, **arguments})
    assert isinstance(raised.value, HTTPClientError)


TRIANGLE = [(0, 0), (1, 0), (1, 1)]
MASK = np.zeros((480, 640), np.bool_)
LABELS = np.zeros((480, 640), np.uint8)

UNFIT: list[tuple[str, Any, str]] = [
    ("object-detection", None, "list of Detection"),
    ("object-detection", "boxes", "list of Detection"),
    ("object-detection", {"a": 1}, "list of Detection"),
    ("object-detection", [BOX], "entry 0"),
    ("object-detection", [Detection(*BOX, "c")], "one of"),
    ("object-detection", [Detection(*BOX, "a", 1.5)], "from 0 to 1"),
    ("object-detection", [Detection(*BOX, "a", -0.1)], "from 0 to 1"),
    ("object-detection", [Detection(*BOX, "a", float("nan"))], "finite"),
    ("object-detection", [Detection(float("inf"), 0, 1, 1, "a")], "finite"),
    ("object-detection", [Detection("left", 0, 1, 1, "a")], "number"),  # type: ignore[arg-type]
    ("object-detection", [Detection(5, 0, 1, 1, "a")], "greater"),
    ("instance-segmentation", [Detection(*BOX, "a")], "DetectedInstance"),
    ("instance-segmentation", [DetectedInstance(*BOX, "a")], "exactly one"),
    (
        "instance-segmentation",
        [DetectedInstance(*BOX, "a", mask=MASK, polygon=TRIANGLE)],
        "exactly one",
    ),
    ("instance-segmentation", [DetectedInstance(*BOX, "a", mask=MASK[:10])], r"\(480, 640\)"),
    ("instance-segmentation", [DetectedInstance(*BOX, "a", mask=LABELS)], "boolean"),
    ("instance-segmentation", [DetectedInstance(*BOX, "a", polygon=[(0, 0), (1, 1)])], "three corners"),
    ("instance-segmentation", [DetectedInstance(*BOX, "a", polygon=[1, 2, 3])], r"\(x, y\)"),  # type: ignore[list-item]
    ("keypoint-detection", [Detection(*BOX, "a")], "DetectedKeypoints"),
    ("keypoint-detection", [DetectedKeypoints(*BOX, "a", keypoints=[Keypoint("nose", 1, 2)])], "one of"),
    ("keypoint-detection", [DetectedKeypoints(*BOX, "a", keypoints=[Keypoint("tip", 1, 2)] * 2)], "twice"),
    ("keypoint-detection", [DetectedKeypoints(*BOX, "a", keypoints=[(1, 2)])], "Keypoint"),  # type: ignore[list-item]
    ("classification", {"a": 0.5}, "ClassScores"),
    ("classification", TagScores({"a": 0.5}), "ClassScores"),
    ("classification", ClassScores({"c": 0.5}), "one of"),
    ("classification", ClassScores([0.5]), "map class names"),  # type: ignore[arg-type]
    ("multi-label-classification", TagScores({"a": 2}), "from 0 to 1"),
    ("semantic-segmentation", LABELS, "SemanticMap"),
    ("semantic-segmentation", SemanticMap(LABELS[:5]), r"\(480, 640\)"),
    ("semantic-segmentation", SemanticMap(LABELS.astype(float)), "integer"),
    ("semantic-segmentation", SemanticMap(LABELS + 2), "class ids"),
    ("semantic-segmentation", SemanticMap(LABELS, np.full((480, 640), 1.5)), "0..1"),
]


@pytest.mark.parametrize(("task", "returned", "said"), UNFIT)
def test_unfit_return_values_name_the_model_and_what_was_expected(
    task: str, returned: Any, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    keypoint_names = ["tip"] if task == "keypoint-detection" else []
    status, body = infer(backend_returning(task, returned, keypoint_names=keypoint_names))
    assert status == 500
    assert set(body) == {"message"}
    assert "mine/1" in body["message"]
    assert re.search(said, body["message"]), body["message"]
    assert any(record.exc_info for record in caplog.records)


def test_an_exception_of_the_function_is_answered_and_logged_with_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def predict(_image: Image) -> list[Detection]:
        raise ZeroDivisionError("the lens cap is on")

    backend = LocalBackend(builtin_models=False)
    backend.register("mine/1", task="object-detection", class_names=["a"], predict=predict)
    with caplog.at_level(logging.ERROR, "inference_ext.local"):
        status, body = infer(backend, api_key="secret-key")
    assert status == 500
    assert set(body) == {"message"}
    assert "mine/1" in body["message"]
    assert "the lens cap is on" in body["message"]
    assert "in predict" in caplog.text
    assert "secret-key" not in caplog.text


def test_calls_of_one_model_never_overlap_and_different_models_do() -> None:
    inside, most = [0], [0]
    meeting = threading.Barrier(2, timeout=30)

    def counted(_image: Image) -> list[Detection]:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        inside[0] -= 1
        return []

    def met(_image: Image) -> list[Detection]:
        meeting.wait()
        return []

    backend = LocalBackend(builtin_models=False)
    backend.register("mine/1", task="object-detection", class_names=["a"], predict=counted)
    for model_id in ("one/1", "two/1"):
        backend.register(model_id, task="object-detection", class_names=["a"], predict=met)
    statuses: list[int] = []

    def call(model_id: str) -> None:
        content = {"model_id": model_id, "image": entry("small")}
        statuses.append(post_json(backend, "/infer/object_detection", content).status)

    threads = [threading.Thread(target=call, args=(name,)) for name in ["one/1", "two/1", *["mine/1"] * 8]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert statuses == [200] * 10
    assert most[0] == 1


def test_a_polygon_arrives_as_it_was_returned_and_its_rle_covers_it() -> None:
    corners = [(10.5, 20.25), (30.0, 20.25), (30.0, 50.0)]
    backend = backend_returning("instance-segmentation", [DetectedInstance(*BOX, "a", 0.9, polygon=corners)])
    (prediction,) = infer(backend, "instance_segmentation")[1]["predictions"]
    assert [(point["x"], point["y"]) for point in prediction["points"]] == corners
    assert prediction["mask_format"] == "polygon"
    (prediction,) = infer(backend, "instance_segmentation", response_mask_format="rle")[1]["predictions"]
    assert prediction["rle"]["size"] == [480, 640]
    assert "points" not in prediction


def test_key_points_come_in_the_models_order_without_the_unseen() -> None:
    points = [Keypoint("c", 1.4, 2.6, 0.5), Keypoint("b", 3, 4, 0.0), Keypoint("a", 5, 6)]
    returned = [DetectedKeypoints(*BOX, "a", 0.9, keypoints=points)]
    backend = backend_returning("keypoint-detection", returned, keypoint_names=["a", "b", "c"])
    (prediction,) = infer(backend, "keypoints_detection")[1]["predictions"]
    assert [(point["class"], point["class_id"], point["x"], point["y"]) for point in prediction["keypoints"]] == [
        ("a", 0, 5.0, 6.0),
        ("c", 2, 1.0, 3.0),
    ]


def test_left_out_classes_score_zero() -> None:
    status, body = infer(backend_returning("multi-label-classification", TagScores({"b": 0.75})), "classification")
    assert status == 200
    assert body["predictions"] == {"a": {"confidence": 0.0, "class_id": 0}, "b": {"confidence": 0.75, "class_id": 1}}
    assert body["predicted_classes"] == ["b"]


def test_labels_without_confidence_are_certain() -> None:
    labels = (PICTURES["two"][:, :, 2] > 128).astype(np.int64)
    status, body = infer(backend_returning("semantic-segmentation", SemanticMap(labels)), "semantic_segmentation")
    assert status == 200
    assert body["predictions"]["present_class_ids"] == [0, 1]
    assert base64.b64decode(body["predictions"]["confidence_mask"]).startswith(b"\x89PNG")
