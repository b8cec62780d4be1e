"""A scripted model answers what the test says, through every call and in every form of writing it down."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_scenes import ANSWERS, CAR, PERSON, PICTURE, Place, choose, everywhere, modes

from inference_ext import (
    AnomalyDetectionResult,
    InferenceConfiguration,
    InstanceSegmentationResult,
    ObjectDetectionResult,
)
from inference_ext.local import (
    ClassScores,
    DetectedInstance,
    DetectedKeypoints,
    Detection,
    Keypoint,
    SemanticMap,
    TagScores,
    TaskType,
)
from inference_ext.testing import InferenceScript, embedded_client

tasks = pytest.mark.parametrize("task", get_args(TaskType))


def without_ids(predictions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name != "detection_id"} for one in predictions]


def holds(whole: Any, part: Any) -> bool:
    """Whether everything in a scripted answer is in what came, with what was left out filled in."""
    if isinstance(part, dict):
        return all(name in whole and holds(whole[name], value) for name, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


@both_shells
@everywhere
@modes
@tasks
def test_a_dictionary_comes_back_as_it_is(invoke: Invoke, place: Place, mode: str, task: TaskType) -> None:
    method, answer = ANSWERS[task]
    script = InferenceScript()
    script.model("mine/1", task).answers_with(answer)
    with place(script) as client:
        choose(client, mode)
        plain = invoke(client, "infer", PICTURE, model_id="mine/1")
        assert holds(plain, answer)
        assert plain["image"] == {"width": 64, "height": 48}
        assert plain["inference_id"]
        typed = invoke(client, method, PICTURE, model_id="mine/1").dict()
        assert holds(typed, answer)
        assert {*typed} == {*plain}


@tasks
def test_a_typed_result_comes_back_as_it_is(task: TaskType) -> None:
    method, answer = ANSWERS[task]
    first, second = InferenceScript(), InferenceScript()
    first.model("mine/1", task).answers_with(answer)
    with embedded_client(first) as client:
        recorded = getattr(client, method)(PICTURE, model_id="mine/1")
    second.model("mine/1", task).answers_with(recorded)
    with embedded_client(second) as client:
        assert getattr(client, method)(PICTURE, model_id="mine/1") == recorded
        assert client.infer(PICTURE, model_id="mine/1") == recorded.dict()


@modes
def test_recorded_answers_of_a_builtin_model_are_replayed(mode: str) -> None:
    from inference_ext.local.photographs import photograph

    coins = photograph("coins")
    with embedded_client() as client:
        choose(client, mode)
        recorded = client.infer([coins.path, PICTURE], model_id="objects/1")
    assert len(recorded[0]["predictions"]) == 24
    script = InferenceScript()
    script.model("objects/1", "instance-segmentation").answers_in_order(*recorded)
    with embedded_client(script) as client:
        choose(client, mode)
        assert client.infer([PICTURE, coins.path], model_id="objects/1") == recorded
    script.assert_all_used()


def test_an_anomaly_is_a_classification_with_a_score() -> None:
    answer = {
        "predictions": [],
        "anomaly_score": 3.5,
        "anomaly_threshold": 2.0,
        "anomaly_scale": 1.0,
        "is_anomalous": True,
    }
    script = InferenceScript()
    script.model("odd/1", "classification").answers_with(answer)
    with embedded_client(script) as client:
        result = client.classify(PICTURE, model_id="odd/1")
    assert isinstance(result, AnomalyDetectionResult)
    assert result.anomaly_score == 3.5


def test_run_length_masks_keep_their_form() -> None:
    box = {**PERSON, "rle": {"size": [48, 64], "counts": "`1"}}
    script = InferenceScript()
    script.model("masks/1", "instance-segmentation").answers_with([box])
    with embedded_client(script) as client:
        (found,) = client.infer(PICTURE, model_id="masks/1")["predictions"]
    assert found["mask_format"] == "rle"
    assert holds(found, box)


def test_class_ids_are_positions_in_what_was_told_or_in_the_order_of_appearance() -> None:
    script = InferenceScript()
    script.model("told/1", "object-detection", class_names=["bus", "car", "person"]).answers_with([PERSON, CAR])
    script.model("gathered/1", "object-detection").answers_with([PERSON, CAR])
    script.model("recorded/1", "object-detection").answers_with([{**CAR, "class_id": 7}, PERSON])
    with embedded_client(script) as client:
        found = {
            model: [box["class_id"] for box in client.infer(PICTURE, model_id=model)["predictions"]]
            for model in ("told/1", "gathered/1", "recorded/1")
        }
    assert found == {"told/1": [2, 1], "gathered/1": [0, 1], "recorded/1": [7, 0]}


def test_ids_that_were_recorded_hold_for_what_a_model_found_too() -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order(
        [{**CAR, "class_id": 7}], [Detection(1, 2, 11, 22, "car", 0.75), Detection(30, 2, 40, 22, "person", 0.75)]
    )
    with embedded_client(script) as client:
        recorded, found = client.infer([PICTURE, PICTURE], model_id="mine/1")
    assert [box["class_id"] for box in recorded["predictions"]] == [7]
    assert [(box["class"], box["class_id"]) for box in found["predictions"]] == [("car", 7), ("person", 0)]


def test_one_id_for_two_classes_is_kept_and_not_passed_on() -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order(
        [{**CAR, "class_id": 0}, {**PERSON, "class_id": 0}],
        [Detection(1, 2, 11, 22, "car", 0.75), Detection(30, 2, 40, 22, "person", 0.75)],
    )
    with embedded_client(script) as client:
        results = client.infer([PICTURE, PICTURE], model_id="mine/1")
    assert [[box["class_id"] for box in one["predictions"]] for one in results] == [[0, 0], [0, 1]]


def test_ids_of_detections_are_new_for_every_answer_unless_they_were_recorded() -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_with([PERSON, {**CAR, "detection_id": "d-1"}])
    with embedded_client(script) as client:
        results = client.infer([PICTURE, PICTURE], model_id="mine/1")
    (first, recorded), (second, again) = [[box["detection_id"] for box in one["predictions"]] for one in results]
    assert first != second
    assert recorded == again == "d-1"


# -- what a model function returns


OUTPUTS: dict[TaskType, Any] = {
    "object-detection": [Detection(1, 2, 11, 22, "person", 0.75), Detection(30, 2, 40, 22, "car", 0.25)],
    "instance-segmentation": [
        DetectedInstance(1, 2, 11, 22, "person", 0.75, polygon=[(1, 2), (11, 2), (11, 22)]),
        DetectedInstance(30, 2, 40, 22, "car", 0.25, mask=np.tri(48, 64, dtype=np.bool_)),
    ],
    "keypoint-detection": [
        DetectedKeypoints(1, 2, 11, 22, "person", 0.75, keypoints=[Keypoint("nose", 5, 6)]),
        DetectedKeypoints(30, 2, 40, 22, "car", 0.25, keypoints=[Keypoint("wheel", 33, 6)]),
    ],
}


@both_shells
@modes
@pytest.mark.parametrize("task", OUTPUTS)
def test_thresholds_of_the_request_hold_for_what_a_model_found(invoke: Invoke, mode: str, task: TaskType) -> None:
    script = InferenceScript()
    script.model("mine/1", task).answers_with(OUTPUTS[task])
    with embedded_client(script) as client:
        choose(client, mode)
        found = {}
        for threshold in (0.1, 0.5):
            client.configure(InferenceConfiguration(confidence_threshold=threshold))
            predictions = invoke(client, "infer", PICTURE, model_id="mine/1")["predictions"]
            found[threshold] = [box["class"] for box in predictions]
    assert found == {0.1: ["person", "car"], 0.5: ["person"]}


def test_thresholds_of_the_request_do_not_change_an_answer() -> None:
    script = InferenceScript()
    model = script.model("mine/1", "object-detection").answers_with([PERSON, CAR])
    with embedded_client(script) as client:
        found = client.detect_objects(PICTURE, model_id="mine/1", confidence=0.95)
    assert [box.confidence for box in found.predictions] == [0.3, 0.9]
    assert model.requests[0].parameters["confidence"] == 0.95


def test_class_scores_tags_and_semantic_maps() -> None:
    script = InferenceScript()
    script.model("weather/1", "classification").answers_with(ClassScores({"rain": 0.75, "sun": 0.25}))
    script.model("tags/1", "multi-label-classification").answers_with(TagScores({"wet": 0.75, "dark": 0.125}))
    labels = np.eye(48, 64, dtype=np.uint8)
    roads = script.model("roads/1", "semantic-segmentation", class_names=["background", "road"])
    roads.answers_with(SemanticMap(labels))
    with embedded_client(script) as client:
        assert client.classify(PICTURE, model_id="weather/1", confidence=0.5).dict()["top"] == "rain"
        assert client.classify(PICTURE, model_id="tags/1").dict()["predicted_classes"] == ["wet"]
        mask = client.segment_semantic(PICTURE, model_id="roads/1").class_ids()
    np.testing.assert_array_equal(mask, labels)


# -- functions


def brightness(image: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    return [{**CAR, "class": "bright" if image.mean() > 128 else "dark", "confidence": round(image.mean() / 255, 2)}]


@both_shells
@modes
def test_a_function_answers_by_the_image(invoke: Invoke, mode: str) -> None:
    script = InferenceScript()
    script.model("light/1", "object-detection").answers_with(brightness)
    pictures = [np.full((8, 8, 3), level, np.uint8) for level in (0, 255, 51)]
    with embedded_client(script) as client:
        client.configure(InferenceConfiguration(max_concurrent_requests=3))
        choose(client, mode)
        results = invoke(client, "infer", pictures, model_id="light/1")
    assert [(one["predictions"][0]["class"], one["predictions"][0]["confidence"]) for one in results] == [
        ("dark", 0.0),
        ("bright", 1.0),
        ("dark", 0.2),
    ]


def test_a_function_may_return_what_a_model_found() -> None:
    script = InferenceScript()
    halves = script.model("halves/1", "object-detection", class_names=["left"])
    halves.answers_with(lambda image: [Detection(0, 0, image.shape[1] / 2, image.shape[0], "left", 0.9)])
    with embedded_client(script) as client:
        (box,) = client.detect_objects(PICTURE, model_id="halves/1").predictions
    assert (box.width, box.height) == (32, 48)


def test_a_function_may_name_the_classes_of_other_answers() -> None:
    script = InferenceScript()
    model = script.model("mine/1", "object-detection")
    model.answers_in_order(lambda _: [Detection(1, 2, 11, 22, "car", 0.9)], [PERSON, CAR])
    with embedded_client(script) as client:
        (box,) = client.detect_objects(PICTURE, model_id="mine/1").predictions
    assert (box.class_, box.class_id) == ("car", 1)


def test_a_function_may_be_one_of_several_answers() -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order([], brightness, [PERSON])
    with embedded_client(script) as client:
        results = client.infer([PICTURE] * 3, model_id="mine/1")
    assert [[box["class"] for box in one["predictions"]] for one in results] == [[], ["dark"], ["person"]]


# -- lists, batches, streams


@both_shells
@everywhere
@modes
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_answers_come_in_the_order_of_the_inputs(invoke: Invoke, place: Place, mode: str, batch: int) -> None:
    script = InferenceScript()
    model = script.model("mine/1", "object-detection")
    model.answers_in_order(*([{**PERSON, "x": number}] for number in range(7)))
    with place(script) as client:
        choose(client, mode)
        client.configure(InferenceConfiguration(max_concurrent_requests=1, max_batch_size=batch))
        results = invoke(client, "infer", [PICTURE] * 7, model_id="mine/1")
    assert [one["predictions"][0]["x"] for one in results] == [*range(7)]
    assert sum(request.number_of_images for request in model.requests) == 7
    assert len(model.requests) == (7 if mode == "v0" else -(-7 // batch))
    script.assert_all_used()


@both_shells
def test_answers_in_order_are_followed_by_the_one_for_the_rest(invoke: Invoke) -> None:
    script = InferenceScript()
    script.model("mine/1", "classification").answers_with([{"class": "rest", "confidence": 1}]).answers_in_order(
        [{"class": "first", "confidence": 1}]
    )
    with embedded_client(script) as client:
        results = invoke(client, "classify", [PICTURE] * 3, model_id="mine/1")
    assert [one.top for one in results] == ["first", "rest", "rest"]


@modes
def test_a_directory_is_streamed(tmp_path: Path, mode: str) -> None:
    for level in (10, 120, 250):
        cv2.imwrite(str(tmp_path / f"{level:03}.png"), np.full((8, 8, 3), level, np.uint8))
    script = InferenceScript()
    script.model("light/1", "object-detection").answers_with(brightness)
    with embedded_client(script) as client:
        choose(client, mode)
        found = [
            (Path(str(name)).stem, result["predictions"][0]["class"])
            for name, _, result in client.infer_on_stream(str(tmp_path), model_id="light/1")
        ]
    assert found == [("010", "dark"), ("120", "dark"), ("250", "bright")]


async def test_frames_of_a_stream_under_asyncio_get_answers_in_order(tmp_path: Path) -> None:
    for number in range(12):
        cv2.imwrite(str(tmp_path / f"{number:03}.png"), PICTURE)
    script = InferenceScript()
    model = script.model("mine/1", "object-detection")
    model.answers_in_order(*([{**PERSON, "x": number}] for number in range(12)))
    with embedded_client(script) as client:
        stream = client.infer_on_stream_async(str(tmp_path), model_id="mine/1")
        found = [result["predictions"][0]["x"] async for _, _, result in stream]
    assert found == [*range(12)]
    script.assert_all_used()


# -- the model and its place in the server


@both_shells
@everywhere
@tasks
def test_the_registry_knows_the_model(invoke: Invoke, place: Place, task: TaskType) -> None:
    script = InferenceScript()
    script.model("mine/1", task, input_size=(320, 240)).answers_with(ANSWERS[task][1])
    with place(script) as client:
        assert invoke(client, "list_loaded_models").models == []
        described = invoke(client, "get_model_description", "mine/1")
        known = "classification" if task == "multi-label-classification" else task
        assert (described.task_type, described.input_width, described.input_height) == (known, 320, 240)
        invoke(client, "unload_model", "mine/1")
        assert invoke(client, "list_loaded_models").models == []


def test_a_short_name_of_a_model_is_the_clients_own() -> None:
    script = InferenceScript()
    model = script.model("yolov8n-640", "object-detection").answers_with([PERSON])
    assert model.model_id == "coco/3"
    with embedded_client(script) as client:
        assert len(client.detect_objects(PICTURE, model_id="yolov8n-640").predictions) == 1
        assert len(client.detect_objects(PICTURE, model_id="coco/3").predictions) == 1


def test_builtin_models_stay_and_one_of_them_can_be_replaced() -> None:
    script = InferenceScript()
    script.model("sharpness/1", "classification").answers_with([{"class": "scripted", "confidence": 1}])
    with embedded_client(script) as client:
        assert client.classify(PICTURE, model_id="sharpness/1").dict()["top"] == "scripted"
        assert "dark" in client.classify(PICTURE // 8, model_id="exposure/1").dict()["predicted_classes"]


def test_functions_of_the_backend_are_models_beside_the_scripted_ones() -> None:
    script = InferenceScript()
    script.backend.register(
        "whole/1",
        task="object-detection",
        class_names=["all"],
        predict=lambda image: [Detection(0, 0, image.shape[1], image.shape[0], "all", 0.9)],
    )
    script.model("mine/1", "object-detection").answers_with([])
    with embedded_client(script) as client:
        assert len(client.detect_objects(PICTURE, model_id="whole/1").predictions) == 1
        assert len(client.detect_objects(PICTURE, model_id="mine/1").predictions) == 0


@modes
def test_a_drawn_picture_shows_what_was_scripted(mode: str) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order([CAR], [])
    with embedded_client(script) as client:
        choose(client, mode)
        client.configure(
            InferenceConfiguration(
                visualize_predictions=True, output_visualisation_format="numpy", max_concurrent_requests=1
            )
        )
        with_box, without = client.infer([PICTURE, PICTURE], model_id="mine/1")
    changed = np.argwhere(np.abs(with_box["visualization"].astype(int) - without["visualization"]).max(axis=2) > 60)
    assert changed.min(axis=0) == pytest.approx([17, 36], abs=2)
    assert changed.max(axis=0) == pytest.approx([23, 44], abs=2)


def test_coordinates_are_pixels_of_the_image_that_was_sent() -> None:
    script = InferenceScript()
    model = script.model("mine/1", "object-detection", input_size=(32, 24)).answers_with([CAR])
    with embedded_client(script, configuration=InferenceConfiguration(client_downsizing_disabled=False)) as client:
        (box,) = client.detect_objects(PICTURE, model_id="mine/1").predictions
    assert model.requests[0].images[0].shape == (24, 32, 3)
    assert (box.x, box.width) == (80, 16)


def test_typed_results_read_what_was_scripted() -> None:
    script = InferenceScript()
    script.model("boxes/1", "object-detection").answers_with([PERSON])
    script.model("masks/1", "instance-segmentation").answers_with(ANSWERS["instance-segmentation"][1])
    with embedded_client(script) as client:
        boxes = client.detect_objects(PICTURE, model_id="boxes/1")
        masks = client.segment_instances(PICTURE, model_id="masks/1")
    assert isinstance(boxes, ObjectDetectionResult)
    assert boxes.predictions[0].class_ == "person"
    assert isinstance(masks, InstanceSegmentationResult)
    assert masks.annotate(PICTURE).shape == PICTURE.shape


# -- rules

lengths = st.floats(0, 5000, width=32)
boxes = st.fixed_dictionaries(
    {
        "x": st.floats(-100, 5000, width=32) | st.integers(-100, 5000),
        "y": lengths,
        "width": lengths,
        "height": lengths,
        "confidence": st.floats(0, 1, width=32) | st.sampled_from([0, 1]),
        "class": st.text(max_size=8),
    },
    optional={
        "class_id": st.integers(0, 90),
        "detection_id": st.text(max_size=4),
        "tracker": st.none() | st.booleans(),
    },
)


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(st.lists(boxes, max_size=4), min_size=1, max_size=4), mode=st.sampled_from(["v0", "v1"]))
def test_any_answers_come_back_in_order_and_unchanged(answers: list[list[dict[str, Any]]], mode: str) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order(*answers)
    with embedded_client(script) as client:
        choose(client, mode)
        results = client.infer([PICTURE] * len(answers), model_id="mine/1")
    assert all(map(holds, (one["predictions"] for one in results), answers))
    script.assert_all_used()


@settings(max_examples=40, deadline=None)
@given(
    found=st.lists(
        st.builds(
            lambda left, top, width, height, name, score: Detection(left, top, left + width, top + height, name, score),
            st.integers(0, 30),
            st.integers(0, 20),
            st.integers(1, 30),
            st.integers(1, 20),
            st.sampled_from(["person", "car", "bus"]),
            st.floats(0, 1, width=32),
        ),
        max_size=6,
    ),
    threshold=st.floats(0.01, 1),
)
def test_no_box_below_the_threshold_comes_back(found: list[Detection], threshold: float) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_with(found)
    with embedded_client(script) as client:
        result = client.detect_objects(PICTURE, model_id="mine/1", confidence=threshold)
    assert all(box.confidence >= threshold for box in result.predictions)
    kept = {(box.class_, box.confidence) for box in result.predictions}
    assert kept <= {(one.class_name, one.confidence) for one in found}
