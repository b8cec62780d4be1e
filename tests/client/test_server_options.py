"""Options of a call that the server does not know are told before the call is sent: which are, and which are none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import given
from hypothesis import strategies as st
from inference_api.availability import OPERATIONS, PARAMETERS, VERSIONS, Availability
from recording_server import RecordingServer, Reply, Request, detector
from versioned_server import NEWEST, OLDEST, RUN, SAVED, V0, call, of_version

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient, ServerVersionError
from inference_ext.client.known_to_all_servers import KNOWN_TO_ALL_SERVERS
from inference_ext.client.server_compatibility import ServerCompatibility
from inference_ext.client.server_versions import known_operation, needs_of
from inference_ext.operations.core_models.unasked_fields import UNASKED
from inference_ext.operations.server_check import chosen_options
from tests.fuzzing.calls import CALLS


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


CONFIGURED = [
    ("segment_instances", {"response_mask_format": "rle"}, "POST /infer/instance_segmentation", "response_mask_format"),
    (
        "segment_instances",
        {"allow_reduced_mask_resolution": True},
        "POST /infer/instance_segmentation",
        "allow_reduced_mask_resolution",
    ),
    ("classify", {"include_anomaly_map": True}, "POST /infer/classification", "include_anomaly_map"),
    ("infer_from_api_v0", {"response_mask_format": "rle"}, V0, "response_mask_format"),
    ("infer_on_video_from_api_v0", {"class_filter": ["a"]}, V0, "class_filter"),
    ("run_workflow", {"count_inference": False}, "POST /workflows/run", "countinference"),
]
ASKED = [
    ("depth_estimation", {"depth_map_format": "png16"}, "POST /infer/depth-estimation", "depth_map_format"),
    ("describe_workflow_interface", {**SAVED, "specification": None, "workflow_version_id": "2"}, None, None),
    (
        "describe_workflow_blocks",
        {"dynamic_blocks_definitions": [{"manifest": {"ui_manifest": {}}}]},
        "POST /workflows/blocks/describe",
        "dynamic_blocks_definitions.manifest.ui_manifest",
    ),
    (
        "infer_from_workflow",
        {"specification": None, "workspace_name": "w", "workflow_name": "f", "workflow_version_id": "2"},
        "POST /infer/workflows/{workspace_name}/{workflow_id}",
        "workflow_version_id",
    ),
    ("infer_lmm", {"enable_thinking": False}, "POST /infer/lmm", "enable_thinking"),
    ("infer_lmm", {"max_new_tokens": 5}, "POST /infer/lmm", "max_new_tokens"),
    ("run_workflow", {"disable_sinks": True}, "POST /workflows/run", "disable_sinks"),
    ("run_workflow", {**SAVED, "specification": None, "workflow_version_id": "2"}, RUN, "workflow_version_id"),
    (
        "start_inference_pipeline_with_workflow",
        {"disable_sinks": True},
        "POST /inference_pipelines/initialise",
        "processing_configuration.disable_sinks",
    ),
]


def assert_refuses(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    more: dict[str, Any],
    route: str | None,
    parameter: str | None,
) -> None:
    route = route or f"{RUN}/describe_interface"
    parameter = parameter or "workflow_version_id"
    known = PARAMETERS[route][parameter]
    server.answer = of_version(OLDEST)
    with pytest.raises(ServerVersionError) as caught:
        call(invoke, client, method, more)
    error = caught.value
    assert server.paths() == ["GET /info"]
    assert (error.route, error.parameter, error.since) == (route, parameter, known.since)
    assert str(error) == (
        f"the server at {server.url} is {OLDEST}, which has no {parameter!r} of {route}: it came between "
        f"{known.missing_in} and {known.since}; update the server to {known.since} or newer, or leave it out"
    )


@both_shells
@pytest.mark.filterwarnings("ignore:infer_from_workflow")
@pytest.mark.parametrize(("method", "more", "route", "parameter"), ASKED)
def test_an_argument_that_the_server_does_not_know_is_refused(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    more: dict[str, Any],
    route: str | None,
    parameter: str | None,
) -> None:
    assert_refuses(invoke, client, server, method, more, route, parameter)


@both_shells
@pytest.mark.parametrize(("method", "settings", "route", "parameter"), CONFIGURED)
def test_a_setting_that_the_server_does_not_know_is_refused(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    settings: dict[str, Any],
    route: str,
    parameter: str,
) -> None:
    client.configure(InferenceConfiguration(**settings))
    assert_refuses(invoke, client, server, method, {}, route, parameter)


@both_shells
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.filterwarnings("ignore:infer_from_workflow")
@pytest.mark.filterwarnings("ignore:the server gave no trace")
@pytest.mark.filterwarnings("ignore:depth_map_format")
@pytest.mark.parametrize("method", sorted({method for method, *_ in [*ASKED, *CONFIGURED]}))
def test_the_same_calls_without_the_option_ask_nothing(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    version: str,
    tmp_path: Path,
) -> None:
    client.configure(InferenceConfiguration(profiling_directory=str(tmp_path)))
    answers = [answer for answer in CALLS[method].answers if not isinstance(answer, bytes)]
    server.answer = of_version(version, *answers)
    call(invoke, client, method)
    assert "GET /info" not in server.paths()
    assert server.paths() != []


@both_shells
def test_an_option_is_sent_to_a_server_that_knows_it(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(response_mask_format="rle"))
    since = PARAMETERS["POST /infer/instance_segmentation"]["response_mask_format"].since
    server.answer = of_version(since, CALLS["segment_instances"].answers[0])
    call(invoke, client, "segment_instances")
    assert server.paths() == ["GET /info", "POST /infer/instance_segmentation"]
    assert server.requests[-1].json["response_mask_format"] == "rle"


def test_labels_of_a_call_are_no_options(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(source="mine", source_info="a"))
    server.answer = of_version(OLDEST, *CALLS["run_workflow"].answers)
    client.run_workflow(**CALLS["run_workflow"].arguments)
    assert server.paths() == ["POST /workflows/run"]


# -- the tables


def test_what_is_said_to_be_known_to_all_servers_is() -> None:
    for route, options in KNOWN_TO_ALL_SERVERS.items():
        assert OPERATIONS[route] == Availability(VERSIONS[0], None, None), route
        assert needs_of(route, options) == [], route


def test_the_settings_that_all_servers_know_are_told_without_the_generated_layer(
    server: RecordingServer, tmp_path: Path
) -> None:
    server.answer = lambda request: Reply({"outputs": [{}]}) if "workflows" in request.path else detector(request)
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), np.zeros((6, 8, 3), np.uint8))
    code = (
        "import sys; from inference_ext import InferenceConfiguration, InferenceHTTPClient;"
        f"client = InferenceHTTPClient({server.url!r});"
        "client.configure(InferenceConfiguration(confidence_threshold=0.5, iou_threshold=0.5, max_detections=5,"
        "visualize_predictions=True, stroke_width=2, disable_preproc_contrast=True, count_inference=False));"
        f"client.infer({str(picture)!r}, model_id='p/1');"
        "client.configure(InferenceConfiguration(confidence_threshold=0.5, source='a'));"
        f"client.infer_from_api_v0({str(picture)!r}, model_id='p/1');"
        "client.run_workflow(specification={}, excluded_fields=['a']);"
        "client.list_loaded_models();"
        "print([name for name in ('inference_api', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert "GET /info" not in server.paths()


def sent_by(method: str, server: RecordingServer, client: InferenceHTTPClient) -> list[Request]:
    """What a method sends with the arguments that it must be given, to every answer there is."""
    before = len(server.requests)
    for answer in CALLS[method].answers:
        server.answer = of_version(NEWEST, answer)
        with suppress(HTTPClientError):  # an answer of another kind
            getattr(client, method)(**CALLS[method].arguments)
    return [request for request in server.requests[before:] if request.path in UNASKED]


@pytest.mark.filterwarnings("ignore:depth_map_format")
def test_what_core_models_are_sent_unasked_is_what_the_table_says(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    given = {"api_key", "id", "image", "image_id", "mask_input", "prompt", "prompts", "subject"}
    seen: set[str] = set()
    for method in CALLS:
        for request in sent_by(method, server, client) if method.startswith(METHODS) else []:
            seen.add(request.path)
            body = {name: value for name, value in request.json.items() if name not in given}
            if request.path == "/infer/embeddings":
                del body["model_id"]  # the one that has no default
            if method == "sam_embed_image":
                body["format"] = "json"  # asked for otherwise
            assert body == UNASKED[request.path]
    assert seen == set(UNASKED)


METHODS = ("clip_compare", "depth", "get_image", "perception_encoder_compare", "sam")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("method", sorted(set(CALLS) - {"describe", "get_server_info"}))
def test_a_call_without_options_needs_no_option_that_some_server_lacks(
    client: InferenceHTTPClient, server: RecordingServer, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[tuple[str, tuple[str, ...]]] = []

    def check(_: ServerCompatibility, route: str, options: Iterable[str] = ()) -> Any:
        checked.append((route, tuple(options)))
        return iter(())

    monkeypatch.setattr(ServerCompatibility, "check", check)
    models = Reply(CALLS["list_loaded_models"].answers[0])
    for mode in ("v1", "v0"):
        answers = [each for each in CALLS[method].answers if not isinstance(each, bytes)]
        server.answer = of_version(NEWEST, *answers, registry=lambda _: models)
        getattr(client, f"select_api_{mode}")()
        with suppress(HTTPClientError):
            result = getattr(client, method)(**CALLS[method].arguments)
            if method == "infer_on_stream":
                list(result)
    # Whatever the client sends goes through the check, but for the questions with which a call begins.
    assert checked or method == "get_model_description"
    for route, options in checked:
        assert [need.parameter for need in needs_of(route, options) if need.parameter is not None] == []


@pytest.mark.parametrize("route", sorted(OPERATIONS))
def test_a_path_is_found_among_the_operations(route: str) -> None:
    assert known_operation(route) == route
    method, path = route.split()
    if path.startswith("/{"):
        return
    filled = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
    assert known_operation(f"{method} {filled}") == (
        f"{method} {filled}" if f"{method} {filled}" in OPERATIONS else route
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4), st.data())
def test_options_are_what_differs_from_what_is_sent_unasked(sent: dict[str, Any], data: st.DataObject) -> None:
    unasked = data.draw(st.dictionaries(st.sampled_from("abcd"), JSON, max_size=4))
    assert list(chosen_options(sent, sent)) == []
    named = set(chosen_options(sent, unasked))
    for name, value in sent.items():
        differs = value is not None and (name not in unasked or unasked[name] != value)
        assert (name in named) == differs
    assert {name.partition(".")[0] for name in named} <= set(sent)


def test_options_within_objects_have_dotted_names() -> None:
    sent = {"a": {"b": 1, "c": [{"d": 2}, {"e": None}, 3]}, "f": "text"}
    assert set(chosen_options(sent, {"a": {"b": 1}})) == {"a", "a.c", "a.c.d", "f"}
