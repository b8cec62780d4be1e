"""Every code block of the documented page runs as it stands, and does what the page says.

The test of a block has the block's name, and gets the block's file as `block`.
"""

from __future__ import annotations

import base64
import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from core_model_server import sent_values
from page_blocks import BLOCKS, COROUTINE, CORRECTIONS, block_names, corrected_block
from page_media import DIRECTORY, PAGE_IMAGE, RED_BOXES, box_at
from page_servers import IMAGE_PATH, without_retired_models
from page_session import PageSession, SessionRunner
from recording_server import RecordingServer, Request

from inference_ext import HTTPClientMode, InferenceConfiguration, InferenceHTTPClient
from inference_ext.local import LocalBackend

Run = Callable[..., PageSession]

MODEL = "soccer-players-5fuqs/1"
ALL = {"red": box_at(40), "green": box_at(240), "blue": box_at(440)}
"""What the models see on the page's image, with confidences 0.9, 0.8 and 0.7."""

DETECTION = ["GET /model/registry", "POST /model/add", "POST /infer/object_detection"]
"""The first detection in v1: the model is loaded, because its task decides the route."""

RUN_COROUTINE = f"await {COROUTINE}()"


@pytest.fixture
def block(request: pytest.FixtureRequest) -> Path:
    """The block that the test is named after."""
    return BLOCKS / f"{request.node.originalname.removeprefix('test_')}.py"


@pytest.fixture
def loaded_model(backend: LocalBackend) -> str:
    """A model that is loaded before the program starts."""
    with InferenceHTTPClient.embedded(backend) as client:
        client.load_model("some/1")
    return "some/1"


def inferences(server: RecordingServer) -> list[Request]:
    """The requests that ask a model."""
    return [request for request in server.requests if request.path == f"/{MODEL}" or "/infer/" in request.path]


def sent_file(request: Request) -> bytes:
    """The image file in an inference request."""
    return base64.b64decode(request.json["image"]["value"] if "/infer/" in request.path else request.body)


def assert_boxes(result: dict[str, Any], expected: dict[str, dict[str, int]]) -> None:
    """Check what was detected; JPEG moves edges by a pixel or two."""
    found = {box["class"]: {side: box[side] for side in ("x", "y", "width", "height")} for box in result["predictions"]}
    assert found == {name: pytest.approx(box, abs=2.5) for name, box in expected.items()}


# -- models trained on the platform


def test_01_quickstart(block: Path, run: Run, server: RecordingServer, images: RecordingServer) -> None:
    assert_boxes(run(block).only("result"), ALL)
    assert images.paths() == [f"GET {IMAGE_PATH}"]
    assert server.paths() == DETECTION
    request = server.requests[-1]
    assert (request.json["model_id"], request.json["api_key"]) == (MODEL, "ROBOFLOW_API_KEY")
    assert sent_file(request) == PAGE_IMAGE


def test_02_asyncio_client(block: Path, run: Run, server: RecordingServer, images: RecordingServer) -> None:
    assert_boxes(run(block).only("result"), ALL)
    assert images.paths() == [f"GET {IMAGE_PATH}"]
    assert server.paths() == DETECTION
    assert sent_file(server.requests[-1]) == PAGE_IMAGE


def test_03_context_managers(block: Path, run: Run, server: RecordingServer) -> None:
    done = run(block)
    in_v0, configured, chosen, after = inferences(server)
    assert in_v0.path == f"/{MODEL}"
    assert "confidence" not in in_v0.query
    assert {request.path for request in (configured, chosen, after)} == {"/infer/object_detection"}
    assert configured.json["confidence"] == 0.8
    assert "confidence" not in chosen.json | after.json
    assert {request.json["model_id"] for request in (configured, chosen, after)} == {MODEL}
    assert {sent_file(request) for request in inferences(server)} == {PAGE_IMAGE}
    for result, expected in zip(done.values["_"], (ALL, {"red": ALL["red"]}, ALL, ALL), strict=True):
        assert_boxes(result, expected)
    client = done.only("CLIENT")
    assert (client.client_mode, client.selected_model) == (HTTPClientMode.V1, None)
    assert client.inference_configuration == InferenceConfiguration()


def test_04_lasting_settings(block: Path, run: Run, server: RecordingServer) -> None:
    done = run(block)
    assert server.paths() == [f"POST /{MODEL}"] * 4
    assert [request.query.get("confidence") for request in server.requests] == [None, "0.8", "0.8", "0.8"]
    assert {sent_file(request) for request in server.requests} == {PAGE_IMAGE}
    client = done.only("CLIENT")
    chosen_v0, configured, shown, chosen_model = done.shown
    assert {type(value) for value in (chosen_v0, configured, chosen_model)} == {type(client)}
    first, *others = done.values["_"]
    assert_boxes(first, ALL)
    assert len(others) == 2
    for result in (shown, *others):
        assert_boxes(result, {"red": ALL["red"]})
    assert (client.client_mode, client.selected_model) == (HTTPClientMode.V0, MODEL)
    assert client.inference_configuration == InferenceConfiguration(confidence_threshold=0.8)


def test_05_chained_settings(block: Path, run: Run, server: RecordingServer) -> None:
    client = run(block).only("CLIENT")
    assert (client.client_mode, client.selected_model) == (HTTPClientMode.V0, MODEL)
    assert server.requests == []


def test_06_model_of_one_call(block: Path, run: Run, server: RecordingServer) -> None:
    done = run(block)
    (request,) = inferences(server)
    assert (request.path, request.json["model_id"]) == ("/infer/classification", "another-model/1")
    assert done.only("_")["top"] == "red"
    assert done.only("CLIENT").selected_model == MODEL


def test_07_several_images(block: Path, run: Run, server: RecordingServer) -> None:
    done = run(block)
    predictions = done.only("predictions")
    assert len(predictions) == 5
    for result in predictions:
        assert_boxes(result, ALL)
    assert done.output == f"{predictions}\n"
    assert server.paths() == [*DETECTION, *["POST /infer/object_detection"] * 4]
    assert {sent_file(request) for request in inferences(server)} == {PAGE_IMAGE}


def test_15_streams(block: Path, run: Run, media: Path, server: RecordingServer) -> None:
    values = run(block).values
    assert values["frame_id"] == list(range(len(RED_BOXES)))
    assert values["file_path"] == [str(Path("local", "dir", name)) for name in DIRECTORY]
    lefts = [*RED_BOXES, *RED_BOXES[: len(DIRECTORY)]]
    for left, picture, prediction in zip(
        lefts, [*values["frame"], *values["image"]], values["prediction"], strict=True
    ):
        assert_boxes(prediction, {"red": box_at(left)})
        assert picture.shape == (480, 640, 3)
        np.testing.assert_allclose(picture[120, left + 50], (0, 0, 255), atol=12)
    asked = inferences(server)
    assert {request.json["model_id"] for request in asked} == {MODEL}
    sent = [sent_file(request) for request in asked]
    files = [(media / "local" / "dir" / name).read_bytes() for name in DIRECTORY]
    assert [data in sent for data in files] == [True] * len(DIRECTORY)
    decoded = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) for data in sent if data not in files]
    assert len(decoded) == len(RED_BOXES)
    for frame in values["frame"]:
        assert min(float(np.abs(frame.astype(int) - pixels).mean()) for pixels in decoded) < 1.5


# -- core models


def assert_clip_requests(server: RecordingServer) -> None:
    assert server.paths() == [*["POST /clip/embed_image"] * 3, *["POST /clip/embed_text"] * 2, "POST /clip/compare"]
    single, *batch, text, texts, comparison = server.requests
    assert sent_values(single) == [100]
    assert sorted(sent_values(request) for request in batch) == [[100], [200]]
    assert (text.json["text"], texts.json["text"]) == ("some", ["some", "other"])
    assert sent_values(comparison, "subject") == [100]
    assert (comparison.json["prompt"], comparison.json["prompt_type"]) == (["fox", "dog"], "text")


def test_08_clip(block: Path, run: Run, server: RecordingServer) -> None:
    image, pair, text, texts, comparison = run(block).shown
    assert_clip_requests(server)
    assert image["embeddings"] == [[100.0]]
    assert [result["embeddings"] for result in pair] == [[[100.0]], [[200.0]]]
    assert (text["embeddings"], texts["embeddings"]) == ([[4.0]], [[4.0], [5.0]])
    assert comparison["similarity"] == [0.03, 0.03]


def test_09_clip_async(block: Path, run: Run, server: RecordingServer) -> None:
    run(block, RUN_COROUTINE)
    assert_clip_requests(server)


def test_10_cogvlm(block: Path, run: Run, server: RecordingServer) -> None:
    (answer,) = run(block).shown
    assert answer["response"] == "grey 100"
    assert server.paths() == ["POST /llm/cogvlm"]
    body = server.requests[0].json
    assert body["prompt"] == "So - what is your final judgement about the content of the picture?"
    assert body["history"] == [["I think the image shows XXX", "You are wrong - the image shows YYY"]]


def test_11_doctr(block: Path, run: Run, server: RecordingServer) -> None:
    one, two = run(block).shown
    assert one["result"] == "grey 100"
    assert [result["result"] for result in two] == ["grey 100", "grey 200"]
    assert server.paths() == ["POST /doctr/ocr"] * 3


def test_12_doctr_async(block: Path, run: Run, server: RecordingServer) -> None:
    run(block, corrected_block(block.stem), RUN_COROUTINE)
    assert server.paths() == ["POST /doctr/ocr"]
    assert sent_values(server.requests[0]) == [100]


def test_13_gaze(block: Path, run: Run, server: RecordingServer) -> None:
    one, two = run(block).shown
    assert one["predictions"] == [{"yaw": 1.0}]
    assert [result["predictions"] for result in two] == [[{"yaw": 1.0}], [{"yaw": 2.0}]]
    assert server.paths() == ["POST /gaze/gaze_detection"] * 3


def test_14_gaze_async(block: Path, run: Run, server: RecordingServer) -> None:
    run(block, corrected_block(block.stem), RUN_COROUTINE)
    assert server.paths() == ["POST /gaze/gaze_detection"]
    assert sent_values(server.requests[0]) == [100]


@pytest.mark.parametrize("name", CORRECTIONS)
def test_awaiting_a_blocking_method_fails_where_the_page_does_it(
    name: str, session: SessionRunner, server: RecordingServer
) -> None:
    done = session(BLOCKS / f"{name}.py", RUN_COROUTINE)
    assert done.exit_status == 1
    assert re.search(r"^TypeError: .*await", done.errors, re.MULTILINE)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("name", "said"), [("10_cogvlm", "prompt_cogvlm: .*infer_lmm"), ("13_gaze", "detect_gazes: .*detect_keypoints")]
)
def test_server_of_today_is_told_to_lack_the_model(
    name: str, said: str, session: SessionRunner, server: RecordingServer
) -> None:
    server.answer = without_retired_models(server.answer)
    done = session(BLOCKS / f"{name}.py")
    assert done.exit_status == 1
    assert re.search(rf"^inference_ext\.errors\.FeatureDeprecatedError: {said}", done.errors, re.MULTILINE)
    assert len(server.requests) == 1


# -- control of the server


def test_16_server_info(block: Path, run: Run, server: RecordingServer) -> None:
    server.records_info = True
    (info,) = run(block).shown
    assert info.version == "1.8.3"
    assert server.paths() == ["GET /info"]


def test_17_loaded_models(block: Path, run: Run, server: RecordingServer, loaded_model: str) -> None:
    (listed,) = run(block).shown
    assert [model.model_id for model in listed.models] == [loaded_model]
    assert server.paths() == ["GET /model/registry"]


def test_18_model_description(block: Path, run: Run, server: RecordingServer) -> None:
    (model,) = run(block).shown
    assert (model.model_id, model.task_type, model.input_width) == ("some/1", "object-detection", 640)
    assert server.paths() == ["GET /model/registry", "POST /model/add"]


def test_19_load_model(block: Path, run: Run, server: RecordingServer) -> None:
    done = run(block)
    assert [model.model_id for model in done.shown[0].models] == ["some/1"]
    assert done.only("CLIENT").selected_model == "some/1"
    assert server.paths() == ["POST /model/add"]


def test_20_unload_model(block: Path, run: Run, server: RecordingServer, loaded_model: str) -> None:
    assert run(block).shown[0].models == []
    assert server.paths() == ["POST /model/remove"]
    assert server.requests[0].json["model_id"] == loaded_model


@pytest.mark.usefixtures("loaded_model")
def test_21_unload_all_models(block: Path, run: Run, server: RecordingServer) -> None:
    assert run(block).shown[0].models == []
    assert server.paths() == ["POST /model/clear"]


# -- workflows, configuration


def test_22_workflow(block: Path, run: Run, server: RecordingServer) -> None:
    (outputs,) = run(block).shown
    assert outputs == [{"my_param": 37}]
    assert server.paths() == ["POST /workflows/run"]
    body = server.requests[0].json
    assert body["specification"] == {
        "version": "1.0",
        "inputs": [
            {"type": "InferenceImage", "name": "image"},
            {"type": "InferenceParameter", "name": "my_param"},
        ],
    }
    assert body["inputs"].keys() == {"image", "my_param"}
    assert sent_values(Request("", "", {}, {}, json.dumps(body["inputs"]).encode(), 0)) == [150]


def test_23_configuration_class(block: Path, run: Run, server: RecordingServer) -> None:
    done = run(block, "made = InferenceConfiguration()")
    assert done.only("made") == InferenceConfiguration()
    assert server.requests == []


# -- the set of blocks


def test_every_block_of_the_page_has_its_file_and_its_test() -> None:
    names = block_names()
    assert [name[:3] for name in names] == [f"{number:02}_" for number in range(1, 24)]
    tests = {name: globals().get(f"test_{name}") for name in names}
    assert [name for name, test in tests.items() if not {"block", "run"} <= set(_parameters(test))] == []


@pytest.mark.parametrize("name", block_names())
def test_block_imports_this_package_and_nothing_of_inference_sdk(name: str) -> None:
    text = (BLOCKS / f"{name}.py").read_text(encoding="utf-8")
    imports = [line for line in text.splitlines() if re.match(r"\s*(from|import)\b", line)]
    assert len([line for line in imports if line.startswith("from inference_ext import ")]) == 1
    assert set(imports) - {line for line in imports if "inference_ext" in line} <= {"import asyncio"}


def _parameters(test: Callable[..., object] | None) -> list[str]:
    return [] if test is None else list(inspect.signature(test).parameters)
