from __future__ import annotations

import base64
from collections.abc import Generator
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from recording_server import RecordingServer, Reply, Request, recording_server

from inference_ext import (
    EncodingError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidParameterError,
    InvalidResponseError,
    VisualisationResponseFormat,
)

HARMLESS: dict[str, Any] = {
    "version": "1.0",
    "inputs": [{"type": "InferenceImage", "name": "image"}],
    "steps": [{"type": "roboflow_core/roboflow_object_detection_model@v2", "name": "model"}, {"type": "ContinueIf"}],
    "outputs": [],
}
PIXELS = np.random.default_rng(5).integers(0, 256, (6, 9, 3), dtype=np.uint8)
LOSSLESS = InferenceConfiguration(image_format="png")


def picture(shade: int) -> np.ndarray[Any, Any]:
    return np.full((4, 5, 3), shade, np.uint8)


def encoded(pixels: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(cv2.imencode(".png", pixels)[1].tobytes()).decode()


def shades(value: Any) -> Any:
    """The sent nesting with every image replaced by its first value."""
    if isinstance(value, list):
        return [shades(inner) for inner in value]
    assert value.keys() == {"type", "value"}
    assert value["type"] == "base64"
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(value["value"]), np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return int(pixels[0, 0, 0])


def one_output_each(request: Request) -> Reply:
    """Answer like a server: one output for each element of the first input."""
    inputs = list(request.json["inputs"].values())
    count = len(inputs[0]) if inputs and isinstance(inputs[0], list) else 1
    return Reply({"outputs": [{"index": index} for index in range(count)], "profiler_trace": []})


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = one_output_each
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


# -- the request


@both_shells
@pytest.mark.parametrize(
    ("method", "path"), [("run_workflow", "/workflows/run"), ("infer_from_workflow", "/infer/workflows")]
)
@pytest.mark.filterwarnings("ignore:infer_from_workflow:DeprecationWarning")
def test_definition_travels_with_everything_else(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, path: str
) -> None:
    client.configure(LOSSLESS)
    outputs = invoke(
        client,
        method,
        specification=HARMLESS,
        images={"image": PIXELS},
        parameters={"confidence": np.float32(0.5), "classes": ["a"]},
        excluded_fields=("big",),
        use_cache=False,
        disable_sinks=True,
    )
    assert outputs == [{"index": 0}]
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", path, {})
    assert request.headers["content-type"] == "application/json"
    sent = request.json
    image = base64.b64decode(sent["inputs"].pop("image")["value"])
    np.testing.assert_array_equal(cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR), PIXELS)
    assert sent == {
        "api_key": "KEY-1",
        "use_cache": False,
        "enable_profiling": False,
        "disable_sinks": True,
        "inputs": {"confidence": 0.5, "classes": ["a"]},
        "excluded_fields": ["big"],
        "specification": HARMLESS,
    }


@both_shells
@pytest.mark.parametrize(
    ("method", "argument", "path"),
    [
        ("run_workflow", "workflow_id", "/my-team/workflows/find%20cats"),
        ("infer_from_workflow", "workflow_name", "/infer/workflows/my-team/find%20cats"),
    ],
)
@pytest.mark.filterwarnings("ignore:infer_from_workflow:DeprecationWarning")
def test_saved_workflow_is_named_in_the_path(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, argument: str, path: str
) -> None:
    invoke(client, method, workspace_name="my-team", workflow_version_id="7", **{argument: "find cats"})
    (request,) = server.requests
    assert request.path == path
    assert request.json == {
        "api_key": "KEY-1",
        "use_cache": True,
        "enable_profiling": False,
        "inputs": {},
        "workflow_version_id": "7",
    }


@both_shells
def test_what_custom_blocks_print_comes_when_it_is_asked_for(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    printed = {"python_blocks_output_streams": {"mean": [{"stdout": "a"}]}}
    server.answer = lambda _: Reply({"outputs": [{"index": 0}], **printed})
    outputs = invoke(client, "run_workflow", specification=HARMLESS, debug=True)
    assert outputs.other_fields == printed
    assert server.requests[-1].json["debug"] is True
    with pytest.raises(InvalidParameterError, match="debug: expected True or False, got 'yes'"):
        invoke(client, "run_workflow", specification=HARMLESS, debug="yes")


@both_shells
def test_old_method_warns_at_the_callers_line(invoke: Invoke, client: InferenceHTTPClient) -> None:
    with pytest.warns(DeprecationWarning, match="run_workflow") as caught:
        invoke(client, "infer_from_workflow", specification=HARMLESS)
    assert caught[0].filename.endswith("both_shells.py")


@both_shells
@pytest.mark.parametrize(
    ("transport", "in_body", "in_header"), [("legacy", True, False), ("header", False, True), ("both", True, True)]
)
@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_key_travels_where_it_was_told_to(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    mode: str,
    transport: Any,
    in_body: bool,
    in_header: bool,
) -> None:
    getattr(client, f"select_api_{mode}")().configure(InferenceConfiguration(api_key_transport=transport))
    invoke(client, "run_workflow", specification=HARMLESS)
    (request,) = server.requests
    assert (request.json.get("api_key") == "KEY-1") is in_body
    assert (request.headers.get("authorization") == "Bearer KEY-1") is in_header
    assert request.query == {}


@both_shells
def test_labels_and_billing_reach_the_server(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(
        InferenceConfiguration(source="app", source_info="door", count_inference=False, service_secret="SECRET")
    )
    invoke(client, "run_workflow", specification=HARMLESS)
    assert server.requests[0].query == {
        "source": "app",
        "source_info": "door",
        "service_secret": "SECRET",
        "countinference": "False",
    }


@both_shells
def test_every_form_of_image_and_nested_batches(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    client.configure(LOSSLESS)
    path = tmp_path / "3.png"
    cv2.imwrite(str(path), picture(3))
    data = path.read_bytes()
    batch: list[Any] = [path, str(path), data, BytesIO(data), encoded(picture(3)), Image.open(path), picture(3)]
    nested = [[picture(1)], [], (picture(2), [picture(4), path])]
    invoke(client, "run_workflow", specification=HARMLESS, images={"batch": batch, "nested": nested, "one": picture(9)})
    inputs = server.requests[0].json["inputs"]
    assert list(inputs) == ["batch", "nested", "one"]
    assert shades(inputs["batch"]) == [3] * len(batch)
    assert shades(inputs["nested"]) == [[1], [], [2, [4, 3]]]
    assert shades(inputs["one"]) == 9


def nest(value: Any) -> Any:
    return [nest(inner) for inner in value] if isinstance(value, list) else picture(value)


@given(
    nesting=st.lists(
        st.recursive(st.integers(0, 255), lambda inner: st.lists(inner, max_size=3), max_leaves=6), max_size=4
    )
)
def test_any_nesting_arrives_as_it_was(nesting: list[Any]) -> None:
    with recording_server() as server, InferenceHTTPClient(server.url) as client:
        server.answer = one_output_each
        client.configure(LOSSLESS)
        if nesting:
            client.run_workflow(specification=HARMLESS, images={"image": nest(nesting)})
            assert shades(server.requests[0].json["inputs"]["image"]) == nesting


# -- arguments that cannot be sent


@both_shells
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "which workflow"),
        ({"workspace_name": "w"}, "which workflow"),
        ({"workflow_id": "f"}, "which workflow"),
        ({"workspace_name": "w", "workflow_id": "f", "specification": {}}, "two workflows"),
        ({"workspace_name": "w", "specification": {}}, "two workflows"),
        ({"workspace_name": "", "workflow_id": "f"}, "workspace_name"),
        ({"workspace_name": "w", "workflow_id": "a/b"}, "workflow_id"),
        ({"workspace_name": "w", "workflow_id": ".."}, "workflow_id"),
        ({"workspace_name": "w", "workflow_id": 3}, "workflow_id"),
        ({"specification": "{}"}, "specification: expected"),
        ({"specification": {}, "workflow_version_id": "1"}, "workflow_version_id"),
        ({"specification": {}, "images": [PIXELS]}, "images: expected a dictionary"),
        ({"specification": {}, "parameters": [1]}, "parameters: expected a dictionary"),
        ({"specification": {}, "images": {3: PIXELS}}, "images: expected a dictionary"),
        ({"specification": {}, "images": {"a": PIXELS}, "parameters": {"a": 1}}, "a: one input"),
        ({"specification": {}, "excluded_fields": "big"}, "excluded_fields"),
        ({"specification": {}, "parameters": {"a": object()}}, "no JSON form"),
    ],
)
def test_wrong_arguments_are_refused_before_sending(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        invoke(client, "run_workflow", **arguments)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("on_error", ["raise", "return"])
def test_unreadable_image_is_named(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, on_error: Any
) -> None:
    client.configure(InferenceConfiguration(on_error=on_error))
    images = {"image": [[PIXELS], [PIXELS, "no-such-file.png"]]}
    with pytest.raises(InvalidInputFormatError, match="no-such-file") as caught:
        invoke(client, "run_workflow", specification=HARMLESS, images=images)
    assert caught.value.__notes__ == ["This is images['image'][1][1] of the workflow."]
    assert server.requests == []


# -- the answer


@both_shells
@pytest.mark.parametrize("output_format", list(VisualisationResponseFormat))
def test_pictures_come_in_the_chosen_form_and_nothing_is_lost(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, output_format: VisualisationResponseFormat
) -> None:
    text = encoded(PIXELS)
    image = {"type": "base64", "value": text, "video_metadata": {"frame_number": 4}}
    server.answer = lambda _: Reply(
        {"outputs": [{"a": image, "b": {"c": [1, image]}}], "profiler_trace": [], "python_blocks_debug_traces": [1]}
    )
    client.configure(InferenceConfiguration(output_visualisation_format=output_format))
    outputs = invoke(client, "run_workflow", specification=HARMLESS)
    for value in (outputs[0]["a"], outputs[0]["b"]["c"][1]):
        if output_format is VisualisationResponseFormat.BASE64:
            assert value == text
        elif output_format is VisualisationResponseFormat.NUMPY:
            np.testing.assert_array_equal(value, PIXELS)
        else:
            np.testing.assert_array_equal(np.asarray(value)[:, :, ::-1], PIXELS)
    metadata = {"video_metadata": {"frame_number": 4}}
    assert outputs.image_metadata == {(0, "a"): metadata, (0, "b", "c", 1): metadata}
    assert outputs.other_fields == {"python_blocks_debug_traces": [1]}


@both_shells
def test_picture_that_cannot_be_decoded_is_named(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"outputs": [{"a": [{"type": "base64", "value": "bm8="}]}]})
    client.configure(InferenceConfiguration(output_visualisation_format="numpy"))
    with pytest.raises(EncodingError, match=r"outputs\[0\]\['a'\]\[0\]"):
        invoke(client, "run_workflow", specification=HARMLESS)


@both_shells
@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"outputs": None},
        {"outputs": {}},
        {"outputs": [1]},
        {"outputs": [None]},
        {"outputs": [{}], "profiler_trace": {}},
        b"<html>",
        b'{"outputs": [{}',
    ],
)
def test_answer_of_another_shape_is_our_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: Any
) -> None:
    server.answer = lambda _: Reply(body)
    with pytest.raises(InvalidResponseError, match="POST /workflows/run"):
        invoke(client, "run_workflow", specification=HARMLESS)


@both_shells
@pytest.mark.parametrize(
    ("images", "count", "fits"),
    [
        ({"image": [PIXELS] * 3}, 3, True),
        ({"image": [PIXELS] * 3}, 1, True),  # a workflow may join a batch into one
        ({"image": [PIXELS] * 3}, 2, False),
        ({"image": [PIXELS] * 3}, 4, False),
        ({"image": [PIXELS] * 3}, 0, False),
        ({"image": PIXELS}, 1, True),
        ({"image": PIXELS}, 2, False),
        ({"image": [[PIXELS, PIXELS], [PIXELS]]}, 2, True),
        ({"image": [[PIXELS, PIXELS], [PIXELS]]}, 3, False),
        ({"image": [PIXELS] * 2, "other": PIXELS}, 2, True),
        ({}, 1, True),
        ({}, 0, False),
    ],
)
def test_number_of_outputs_must_fit_the_batch(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, images: dict[str, Any], count: int, fits: bool
) -> None:
    server.answer = lambda _: Reply({"outputs": [{"n": index} for index in range(count)]})
    if fits:
        assert invoke(client, "run_workflow", specification=HARMLESS, images=images) == [
            {"n": index} for index in range(count)
        ]
    else:
        with pytest.raises(InvalidResponseError, match=f"got {count}"):
            invoke(client, "run_workflow", specification=HARMLESS, images=images)


@both_shells
def test_parameter_may_be_the_batch(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply({"outputs": [{}, {}, {}]})
    assert len(invoke(client, "run_workflow", specification=HARMLESS, parameters={"texts": ["a", "b", "c"]})) == 3
