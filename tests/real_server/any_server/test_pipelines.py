"""The whole life of a video pipeline on the real server, on a live stream."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mjpeg import camera
from real_server.saved_workflows import DETECTION, SAVED, WORKSPACE

from inference_ext import HTTPCallErrorError, InferenceHTTPClient
from tests.real_server.expected import check_boxes
from tests.real_server.pipelines import Call, drained, result_of, settled, terminate_all
from tests.real_server.scenes import THREE

(SAVED_ID,) = SAVED


@pytest.fixture
def video() -> Iterator[str]:
    with camera([THREE.jpeg]) as address:
        yield address


@pytest.fixture
def client(base: str) -> Iterator[InferenceHTTPClient]:
    with InferenceHTTPClient(base, api_key="unused") as client:
        yield client
        terminate_all(client)


@pytest.mark.parametrize("shell", ["", "_async"], ids=["blocking", "asyncio"])
async def test_whole_life(client: InferenceHTTPClient, video: str, shell: str) -> None:
    def method(name: str) -> Call:
        return getattr(client, name + shell)  # type: ignore[no-any-return]

    consume = method("consume_inference_pipeline_result")
    started = await settled(
        method("start_inference_pipeline_with_workflow"), [video], DETECTION, workflows_parameters={"confidence": 0.4}
    )
    assert started["status"] == "success"
    pipeline_id = started["context"]["pipeline_id"]
    assert pipeline_id in (await settled(method("list_inference_pipelines")))["pipelines"]

    answer = await result_of(consume, pipeline_id, excluded_fields=["picture"])
    (output,) = answer["outputs"]
    assert list(output) == ["predictions"]
    check_boxes(THREE, output["predictions"], tolerance=1.0)
    (frame,) = answer["frames_metadata"]
    assert frame["source_id"] == 0
    answer = await result_of(consume, pipeline_id)
    assert answer["outputs"][0]["picture"]["type"] == "base64"
    assert answer["frames_metadata"][0]["frame_id"] > frame["frame_id"]

    status = await settled(method("get_inference_pipeline_status"), pipeline_id)
    assert status["context"]["pipeline_id"] == pipeline_id
    assert len(status["report"]["sources_metadata"]) == 1

    assert (await settled(method("pause_inference_pipeline"), pipeline_id))["status"] == "success"
    await drained(consume, pipeline_id)
    with pytest.raises(HTTPCallErrorError):
        await settled(method("pause_inference_pipeline"), pipeline_id)
    assert (await settled(method("resume_inference_pipeline"), pipeline_id))["status"] == "success"
    resumed = await result_of(consume, pipeline_id)
    check_boxes(THREE, resumed["outputs"][0]["predictions"], tolerance=1.0)

    assert (await settled(method("terminate_inference_pipeline"), pipeline_id))["status"] == "success"
    assert pipeline_id not in (await settled(method("list_inference_pipelines")))["pipelines"]
    with pytest.raises(HTTPCallErrorError):
        await settled(method("get_inference_pipeline_status"), pipeline_id)


async def test_two_sources_with_a_saved_workflow(client: InferenceHTTPClient, video: str) -> None:
    started = client.start_inference_pipeline_with_workflow(
        [video, video], workspace_name=WORKSPACE, workflow_id=SAVED_ID, max_fps=5
    )
    pipeline_id = started["context"]["pipeline_id"]
    answer = await result_of(client.consume_inference_pipeline_result, pipeline_id)
    assert len(answer["outputs"]) == len(answer["frames_metadata"]) == 2
    client.terminate_inference_pipeline(pipeline_id)


def test_definition_that_is_not_valid_is_an_error(client: InferenceHTTPClient, video: str) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        client.start_inference_pipeline_with_workflow(video, {"version": "1.0"})
    assert caught.value.status_code == 400


def test_unknown_pipeline_is_an_error(client: InferenceHTTPClient) -> None:
    for call in (
        client.get_inference_pipeline_status,
        client.pause_inference_pipeline,
        client.resume_inference_pipeline,
        client.terminate_inference_pipeline,
        client.consume_inference_pipeline_result,
    ):
        with pytest.raises(HTTPCallErrorError):
            call("00000000-0000-0000-0000-000000000000")
