"""Workflows saved on the platform: found by workspace and id, with the workspace's key only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mjpeg import camera
from real_server.platform_stand_in import GOOD_KEY, OTHER_KEY, SAVED_WORKFLOW, UNKNOWN_KEY, WORKSPACE

from inference_ext import HTTPCallErrorError, InferenceConfiguration, InferenceHTTPClient
from tests.both_shells import Invoke, both_shells
from tests.real_server.choices import every_transport
from tests.real_server.expected import check_boxes
from tests.real_server.features import WORKFLOW_VERSIONS, needs
from tests.real_server.pipelines import result_of, terminate_all
from tests.real_server.platform import tells_no_key
from tests.real_server.scenes import GREEN, THREE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from real_server.under_test import ServerUnderTest

    from tests.real_server.platform import Platform

PATH = f"/{WORKSPACE}/workflows/{SAVED_WORKFLOW}"
SAVED: dict[str, Any] = {"workspace_name": WORKSPACE, "workflow_id": SAVED_WORKFLOW}
RUN: dict[str, Any] = {**SAVED, "images": {"image": THREE.png}, "excluded_fields": ["picture"]}
NO_VIDEO = "rtsp://127.0.0.1:1/nobody-sends"
refused_keys = pytest.mark.parametrize("key", [UNKNOWN_KEY, OTHER_KEY, None], ids=["unknown", "other", "none"])


@pytest.fixture
def stranger(base: str, key: str | None) -> Iterator[InferenceHTTPClient]:
    """A client without the workspace's key."""
    with InferenceHTTPClient(base, api_key=key) as client:
        client.configure(InferenceConfiguration(max_retries=0))
        yield client


@pytest.fixture
def no_pipeline_left(client: InferenceHTTPClient) -> Iterator[None]:
    """End what a test started, or tried to."""
    yield
    terminate_all(client)


@both_shells
def test_with_the_key_of_the_workspace(invoke: Invoke, client: InferenceHTTPClient) -> None:
    (output,) = invoke(client, "run_workflow", **RUN)
    assert list(output) == ["predictions"]
    check_boxes(THREE, output["predictions"])


@both_shells
def test_a_batch(invoke: Invoke, client: InferenceHTTPClient) -> None:
    outputs = invoke(client, "run_workflow", **{**RUN, "images": {"image": [THREE.png, GREEN.png]}})
    for scene, output in zip([THREE, GREEN], outputs, strict=True):
        check_boxes(scene, output["predictions"])


@every_transport
@both_shells
def test_every_transport(invoke: Invoke, client: InferenceHTTPClient, platform: Platform, transport: Any) -> None:
    client.configure(InferenceConfiguration(api_key_transport=transport))
    (output,) = invoke(client, "run_workflow", **RUN, use_cache=False)
    check_boxes(THREE, output["predictions"])
    assert platform.asked(PATH)[-1].key == GOOD_KEY


@refused_keys
@both_shells
def test_without_the_key_of_the_workspace(invoke: Invoke, stranger: InferenceHTTPClient) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(stranger, "run_workflow", **RUN)
    assert caught.value.status_code == 401
    assert "nauthorized" in (caught.value.api_message or "")
    tells_no_key(caught.value)


@both_shells
@pytest.mark.parametrize(
    ("place", "status"),
    [
        ({"workspace_name": WORKSPACE, "workflow_id": "no-such-workflow"}, 404),
        # The platform does not say whether there is such a workspace.
        ({"workspace_name": "no-such-workspace", "workflow_id": SAVED_WORKFLOW}, 401),
    ],
)
def test_a_missing_workflow(invoke: Invoke, client: InferenceHTTPClient, place: dict[str, str], status: int) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "run_workflow", **{**RUN, **place})
    assert caught.value.status_code == status
    assert "roboflow" in (caught.value.api_message or "").lower()
    tells_no_key(caught.value)


@both_shells
def test_use_cache_decides_whether_the_platform_is_asked_again(
    invoke: Invoke, client: InferenceHTTPClient, platform: Platform
) -> None:
    invoke(client, "run_workflow", **RUN)  # now the server remembers the definition
    before = len(platform.asked(PATH))
    invoke(client, "run_workflow", **RUN)
    invoke(client, "run_workflow", **RUN, use_cache=True)
    assert len(platform.asked(PATH)) == before
    invoke(client, "run_workflow", **RUN, use_cache=False)
    invoke(client, "run_workflow", **RUN, use_cache=False)
    assert len(platform.asked(PATH)) == before + 2
    assert platform.asked(PATH)[-1].key == GOOD_KEY


@needs(WORKFLOW_VERSIONS)
@both_shells
def test_the_version_reaches_the_platform(invoke: Invoke, client: InferenceHTTPClient, platform: Platform) -> None:
    invoke(client, "run_workflow", **RUN, use_cache=False, workflow_version_id="v-7")
    assert platform.asked(PATH)[-1].query == {"workflow_version": "v-7"}


@both_shells
def test_description(invoke: Invoke, client: InferenceHTTPClient) -> None:
    interface = invoke(client, "describe_workflow_interface", **SAVED)
    assert interface.inputs == {"image": ["image"], "confidence": ["float_zero_to_one"]}


@refused_keys
@both_shells
def test_description_without_the_key(
    invoke: Invoke, stranger: InferenceHTTPClient, key: str | None, server: ServerUnderTest
) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(stranger, "describe_workflow_interface", **SAVED)
    # An old server asks for a key, any key, before it asks the platform.
    assert caught.value.status_code == (401 if key or server.checks_keys else 422)
    tells_no_key(caught.value)


@pytest.mark.usefixtures("no_pipeline_left")
async def test_a_pipeline(client: InferenceHTTPClient) -> None:
    with camera([THREE.jpeg]) as video:
        started = await client.start_inference_pipeline_with_workflow_async(video, **SAVED)
        pipeline_id = started["context"]["pipeline_id"]
        answer = await result_of(client.consume_inference_pipeline_result_async, pipeline_id)
    check_boxes(THREE, answer["outputs"][0]["predictions"], tolerance=1.0)


@pytest.mark.usefixtures("no_pipeline_left")
def test_a_pipeline_of_a_missing_workflow(client: InferenceHTTPClient) -> None:
    with pytest.raises(HTTPCallErrorError, match="not available or wrong API key") as caught:
        client.start_inference_pipeline_with_workflow(
            NO_VIDEO, workspace_name=WORKSPACE, workflow_id="no-such-workflow"
        )
    assert caught.value.status_code == 404
    tells_no_key(caught.value)


@pytest.mark.usefixtures("no_pipeline_left")
@refused_keys
def test_a_pipeline_without_the_key(stranger: InferenceHTTPClient, key: str | None, server: ServerUnderTest) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        stranger.start_inference_pipeline_with_workflow(NO_VIDEO, **SAVED)
    assert caught.value.status_code == (401 if key or server.checks_keys else 400)
    tells_no_key(caught.value)
