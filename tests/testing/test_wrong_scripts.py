"""A script that could not be played is refused where it is written, by an error that names what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_scenes import ANSWERS, CAR, PERSON, PICTURE

from inference_ext import InferenceConfiguration, InvalidModelIdentifier, InvalidParameterError
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
from inference_ext.testing import (
    DroppedConnection,
    ErrorStatus,
    InferenceScript,
    NotJSON,
    SlowAnswer,
    TimedOut,
    embedded_client,
    embedded_server,
)


def without(entry: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != name}


POINTS = [{"x": 1, "y": 2}, {"x": 9, "y": 2}, {"x": 9, "y": 8}]
NOSE = {"x": 1, "y": 2, "confidence": 1, "class": "nose"}
SEMANTIC = ANSWERS["semantic-segmentation"][1]["predictions"]

WRONG_ANSWERS: list[tuple[TaskType, Any, str]] = [
    *(
        ("object-detection", [CAR, without(PERSON, name)], rf"\['predictions'\]\[1\] has no '{name}': a box needs")
        for name in ("x", "y", "width", "height", "confidence", "class")
    ),
    ("object-detection", {"boxes": []}, "has no 'predictions'; it has boxes"),
    ("object-detection", {}, "has no 'predictions'; it has nothing"),
    ("object-detection", {"predictions": {}}, r"\['predictions'\] has to be a list, got dict"),
    ("object-detection", {"predictions": None}, "has to be a list, got None"),
    ("object-detection", ["person"], r"\[0\] has to be a dictionary, got str"),
    ("object-detection", [{"predictions": []}], r"answers_in_order\(first, second"),
    ("object-detection", "person", "has to be a dictionary .* got str"),
    ("object-detection", 3, "got int"),
    ("object-detection", None, "got NoneType"),
    ("object-detection", [{**CAR, "confidence": 90}], r"\['confidence'\] has to be from 0 to 1, got 90"),
    ("object-detection", [{**CAR, "confidence": True}], "needs 'confidence', a number, got True"),
    ("object-detection", [{**CAR, "x": "left"}], "needs 'x', a number, got 'left'"),
    ("object-detection", [{**CAR, "x": float("nan")}], r"\[0\]\['x'\] is nan, which JSON has no form for"),
    ("object-detection", [{**CAR, "width": -1}], r"\['width'\] is -1"),
    ("object-detection", [{**CAR, "class": 3}], "needs 'class', a text, got 3"),
    ("object-detection", [{**CAR, "class_id": "3"}], "'class_id'.* whole number, got '3'"),
    ("object-detection", [{**CAR, "mask": np.zeros((2, 2))}], r"\['mask'\] is of type ndarray, which has no JSON form"),
    ("object-detection", [{**CAR, 3: 4}], "has the key 3"),
    ("object-detection", [CAR, Detection(1, 2, 3, 4, "car")], "entry 0 of the list has to be Detection, got dict"),
    ("object-detection", [Detection(5, 2, 3, 4, "car")], "greater than its x_max"),
    ("object-detection", [Detection(1, 2, 3, 4, "car", 90)], "confidence from 0 to 1, got 90"),
    ("object-detection", ClassScores({"a": 1}), "has to return a list of Detection, got ClassScores"),
    ("instance-segmentation", [PERSON], "needs 'points', at least three"),
    ("instance-segmentation", [{**PERSON, "points": POINTS[:2]}], "needs 'points', at least three"),
    ("instance-segmentation", [{**PERSON, "points": [*POINTS, {"x": 1}]}], r"\['points'\]\[3\] needs 'y'"),
    ("instance-segmentation", [{**PERSON, "points": [*POINTS, 5]}], r"\['points'\]\[3\] has to be a dictionary"),
    ("instance-segmentation", [{**PERSON, "rle": "abc"}], r"\['rle'\] has to be"),
    ("instance-segmentation", [DetectedInstance(1, 2, 3, 4, "car")], "exactly one of mask and polygon"),
    ("instance-segmentation", [Detection(1, 2, 3, 4, "car")], "has to be DetectedInstance, got Detection"),
    (
        "instance-segmentation",
        [DetectedInstance(1, 2, 3, 4, "car", mask=np.zeros((4, 4), np.uint8))],
        "boolean array",
    ),
    ("instance-segmentation", [DetectedInstance(1, 2, 3, 4, "car", mask=np.zeros(4, np.bool_))], "boolean array"),
    ("keypoint-detection", [PERSON], "needs 'keypoints', a list"),
    ("keypoint-detection", [{**PERSON, "keypoints": [without(NOSE, "class")]}], "needs 'class', a text, got None"),
    ("keypoint-detection", [{**PERSON, "keypoints": [without(NOSE, "confidence")]}], "needs 'confidence'"),
    ("keypoint-detection", [{**PERSON, "keypoints": [NOSE, "chin"]}], r"\['keypoints'\]\[1\] has to be a dictionary"),
    (
        "keypoint-detection",
        [DetectedKeypoints(1, 2, 3, 4, "person", keypoints=[Keypoint("nose", 1, 2), Keypoint("nose", 2, 2)])],
        "given twice",
    ),
    ("classification", [{"class": "rain"}], "needs 'confidence'"),
    ("classification", [{"confidence": 0.5}], "needs 'class'"),
    ("classification", {"predictions": {"rain": {"confidence": 1}}}, "has to be a list, got dict"),
    ("classification", {"predictions": [], "anomaly_score": 1}, "needs 'anomaly_threshold'"),
    (
        "classification",
        {"predictions": [], "anomaly_score": 1, "anomaly_threshold": 1, "anomaly_scale": 1},
        "needs 'is_anomalous'",
    ),
    ("classification", ClassScores({"rain": 2.0}), "confidence from 0 to 1, got 2.0"),
    ("classification", TagScores({"rain": 1.0}), "has to be ClassScores, got TagScores"),
    ("multi-label-classification", [{"class": "rain", "confidence": 1}], "dictionary from class names"),
    ("multi-label-classification", {"predictions": {"rain": {"confidence": 1}}}, "needs 'predicted_classes'"),
    (
        "multi-label-classification",
        {"predictions": {"rain": {"confidence": 1}}, "predicted_classes": ["sun"]},
        "names from 'predictions'",
    ),
    ("multi-label-classification", {"predictions": {"rain": 1}}, r"\['rain'\] has to be a dictionary"),
    ("semantic-segmentation", {"predictions": []}, "dictionary with segmentation_mask, class_map, confidence_mask"),
    ("semantic-segmentation", {"predictions": without(SEMANTIC, "class_map")}, "dictionary with segmentation_mask"),
    ("semantic-segmentation", {"predictions": {**SEMANTIC, "segmentation_mask": 3}}, "base64 text of a PNG"),
    ("semantic-segmentation", {"predictions": {**SEMANTIC, "class_map": []}}, "has to be a dictionary"),
    ("semantic-segmentation", SemanticMap(np.zeros((4, 4), np.uint8)), r"class_names=\['background', ...\]"),
]


@pytest.mark.parametrize("way", ["answers_with", "answers_in_order"])
@pytest.mark.parametrize(("task", "answer", "words"), WRONG_ANSWERS, ids=[row[2][:50] for row in WRONG_ANSWERS])
def test_a_wrong_answer_is_refused(task: TaskType, answer: Any, words: str, way: str) -> None:
    model = InferenceScript().model("mine/1", task)
    with pytest.raises(InvalidParameterError, match=words) as caught:
        getattr(model, way)(answer)
    assert str(caught.value).startswith("the answer of mine/1")


def test_a_result_of_another_task_is_refused() -> None:
    with embedded_client() as client:
        tags = client.classify(PICTURE, model_id="exposure/1")
    with pytest.raises(InvalidParameterError, match=r"is a MultiLabelClassificationResult, but its task is 'classif"):
        InferenceScript().model("mine/1", "classification").answers_with(tags)


def test_classes_that_were_not_told_are_refused() -> None:
    model = InferenceScript().model("mine/1", "object-detection", class_names=["person"])
    with pytest.raises(InvalidParameterError, match=r"names 'car', which is not among class_names=\['person'\]"):
        model.answers_with([PERSON, CAR])
    with pytest.raises(InvalidParameterError, match="names 'car'"):
        model.answers_with([Detection(1, 2, 3, 4, "car")])
    points = InferenceScript().model("mine/1", "keypoint-detection", keypoint_names=["chin"])
    with pytest.raises(InvalidParameterError, match=r"names 'nose', which is not among keypoint_names=\['chin'\]"):
        points.answers_with([{**PERSON, "keypoints": [NOSE]}])


def test_labels_beyond_the_classes_are_refused() -> None:
    roads = InferenceScript().model("roads/1", "semantic-segmentation", class_names=["background", "road"])
    with pytest.raises(InvalidParameterError, match=r"class ids 0\.\.1, got 0\.\.5"):
        roads.answers_with(SemanticMap(np.full((4, 4), 5, np.uint8) * np.eye(4, dtype=np.uint8)))


@given(
    answer=st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["predictions", "x", "y", "width", "height", "confidence", "class", "points"]), inner
            )
        ),
        max_leaves=12,
    ),
    task=st.sampled_from([*ANSWERS]),
)
def test_whatever_is_written_is_refused_or_played(answer: Any, task: TaskType) -> None:
    script = InferenceScript()
    try:
        script.model("mine/1", task).answers_with(answer)
    except InvalidParameterError:
        return
    with embedded_client(script) as client:
        assert "predictions" in client.infer_from_api_v0(PICTURE, model_id="mine/1")


WRONG_CALLS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda _: ErrorStatus(200), "error status from 400 to 599, got 200"),
    (lambda _: ErrorStatus(600), "got 600"),
    (lambda _: ErrorStatus("503"), "got '503'"),  # type: ignore[arg-type]  # what is tested
    (lambda _: ErrorStatus(503, 5), "message has to be text, got int"),  # type: ignore[arg-type]  # what is tested
    (lambda _: ErrorStatus(503, retry_after=-1), "retry_after has to be seconds"),
    (lambda _: ErrorStatus(503, retry_after=float("inf")), "retry_after has to be seconds"),
    (lambda _: ErrorStatus(503, "a", body={}), "either message or body"),
    (lambda _: ErrorStatus(503, body=[]), "body has to be a dictionary, got list"),  # type: ignore[arg-type]  # tested
    (lambda _: ErrorStatus(503, body={"a": object()}), "body has no JSON form"),
    (lambda _: NotJSON('{"predictions": []}'), "is JSON; script it as an answer"),
    (lambda _: NotJSON(b"<"), "content has to be text, got bytes"),  # type: ignore[arg-type]  # what is tested
    (lambda _: SlowAnswer(0), "more than 0 and at most 10, got 0"),
    (lambda _: SlowAnswer(11), "more than 0 and at most 10, got 11"),
    (lambda _: SlowAnswer(float("nan")), "more than 0"),
    (lambda s: s.inject(TimedOut), "expected ErrorStatus.* got the class TimedOut"),
    (lambda s: s.inject(503), "got int"),
    (lambda s: s.inject(TimedOut(), times=0), "times has to be a whole number of at least 1, or None, got 0"),
    (lambda s: s.inject(TimedOut(), times=True), "times has to be"),
    (lambda s: s.inject(TimedOut(), at=0), "at has to be a number from 1 on, got 0"),
    (lambda s: (s.inject(TimedOut(), times=None), s.inject(NotJSON())), r"all further requests .* clear_faults\(\)"),
    (lambda s: (s.inject(TimedOut(), at=3, times=2), s.inject(NotJSON(), at=4)), "request 4 of the script meets"),
    (
        lambda s: (s.inject(TimedOut(), at=3, times=None), s.inject(NotJSON(), at=4, times=None)),
        "from request 3 of the script on",
    ),
    (lambda s: s.model("mine", "classification"), "has to look like 'project/version'"),
    (lambda s: s.model(3, "classification"), "model_id: expected text, got int"),
    (lambda s: s.model("mine/1", "segmentation"), "task of mine/1 has to be one of object-detection"),
    (lambda s: s.model("mine/1", "classification", class_names="rain"), "class_names of mine/1 has to be a list"),
    (lambda s: s.model("mine/1", "classification", class_names=[]), "class_names of mine/1 is empty"),
    (lambda s: s.model("mine/1", "classification", class_names=["a", "a"]), "names something twice"),
    (lambda s: s.model("mine/1", "classification", input_size=(0, 4)), "input_size of mine/1"),
    (
        lambda s: (s.model("mine/1", "classification"), s.model("mine/1", "classification")),
        "model mine/1 is scripted already",
    ),
    (lambda s: s.model("mine/1", "classification").answers_in_order(), "expected at least one answer"),
    (lambda s: s.workflow("space"), "workspace_name and workflow_id, or neither"),
    (lambda s: s.workflow(workflow_id="flow"), "workspace_name and workflow_id, or neither"),
    (lambda s: (s.workflow("a", "b"), s.workflow("a", "b")), "workflow a/b: scripted already"),
    (lambda s: (s.workflow(), s.workflow()), "workflow definitions: scripted already"),
    (lambda s: s.workflow().answers_with("text"), "dictionary from output names .* got str"),
    (lambda s: s.workflow().answers_with([3]), r"\[0\] has to be a dictionary, got int"),
    (lambda s: s.workflow().answers_with({"a": np.zeros(3)}), r"\['a'\] is an array of float64 \(3,\)"),
    (lambda s: s.workflow().answers_with([{"a": [object()]}]), r"\[0\]\['a'\]\[0\] is of type object"),
    (lambda s: s.route("FETCH", "/a"), "method has to be one of GET, POST"),
    (lambda s: s.route("GET", "a"), "path has to begin with '/'"),
    (lambda s: s.route("GET", "/a?b=c"), "to have no query"),
    (lambda s: (s.route("GET", "/a"), s.route("GET", "/a")), "route GET /a is scripted already"),
    (lambda s: s.route("GET", "/a").answers_with(object()), "is of type object, which has no JSON form"),
    (lambda _: InferenceScript(backend=object()), "backend: expected a LocalBackend"),  # type: ignore[arg-type]  # tested
    (lambda _: embedded_client(3).__enter__(), "script: expected an InferenceScript"),  # type: ignore[arg-type]  # tested
    (lambda _: embedded_server(3).__enter__(), "script: expected an InferenceScript"),  # type: ignore[arg-type]  # tested
    (lambda s: embedded_server(s, port=70000).__enter__(), "port has to be from 0 to 65535"),
    (
        lambda s: embedded_client(s, configuration={}).__enter__(),  # type: ignore[arg-type]  # what is tested
        "configuration: expected an InferenceConfiguration",
    ),
]


@pytest.mark.parametrize(("write", "words"), WRONG_CALLS, ids=[row[1][:50] for row in WRONG_CALLS])
def test_a_wrong_call_is_refused(write: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        write(InferenceScript())


def test_a_wrong_model_id_is_told_by_the_error_about_model_ids() -> None:
    with pytest.raises(InvalidModelIdentifier):
        InferenceScript().model("a/b/c", "classification")


def test_a_request_that_was_answered_meets_no_fault_any_more() -> None:
    script = InferenceScript()
    model = script.model("mine/1", "classification").answers_with([])
    with embedded_client(script, configuration=InferenceConfiguration()) as client:
        client.infer(PICTURE, model_id="mine/1")
        with pytest.raises(InvalidParameterError, match="request 1 of model mine/1 has been answered already, 1 have"):
            model.inject(DroppedConnection(), at=1)
        with pytest.raises(InvalidParameterError, match="request 3 of the script has been answered already"):
            script.inject(DroppedConnection(), at=3)


def test_a_script_that_was_refused_is_unchanged() -> None:
    script = InferenceScript()
    model = script.model("mine/1", "object-detection")
    with pytest.raises(InvalidParameterError):
        model.answers_in_order([PERSON], [without(CAR, "x")])
    script.assert_all_used()
