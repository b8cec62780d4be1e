"""The four forms of an operation, its arguments and its errors, and the generated client."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, assert_type

import httpx
from inference_api import (
    UNSET,
    ApiError,
    Client,
    File,
    Response,
    UnexpectedPayload,
    UnexpectedStatus,
    Unset,
    models,
)
from inference_api.api.infer import infer_object_detection
from inference_api.api.models_registry import start_model
from inference_api.api.pipelines import consume_pipeline
from inference_api.api.server import get_info, get_logs, head_dashboard
from inference_api.api.v0 import infer_v0

from inference_ext import InferenceHTTPClient

Detected = models.ObjectDetectionInferenceResponse | list[models.ObjectDetectionInferenceResponse] | models.StubResponse


async def with_a_body(client: Client, body: models.ObjectDetectionInferenceRequest) -> None:
    assert_type(infer_object_detection.sync(client=client, body=body), Detected)
    assert_type(infer_object_detection.sync_detailed(client=client, body=body), Response[Detected])
    assert_type(await infer_object_detection.asyncio(client=client, body=body), Detected)
    assert_type(
        await infer_object_detection.asyncio_detailed(
            client=client, body=body, countinference=True, service_secret=None
        ),
        Response[Detected],
    )
    answer = infer_object_detection.sync(client=client, body=body)
    if isinstance(answer, models.ObjectDetectionInferenceResponse):
        assert_type(answer.predictions[0].confidence, float)
        assert_type(answer.predictions[0].tracker_id or None, int | None)


async def without_arguments(client: InferenceHTTPClient) -> None:
    assert_type(get_info.sync(client=client.api), models.ServerVersionInfo)
    assert_type(get_info.sync_detailed(client=client.api), Response[models.ServerVersionInfo])
    assert_type(await get_info.asyncio(client=client.api), models.ServerVersionInfo)
    assert_type(await get_info.asyncio_detailed(client=client.api), Response[models.ServerVersionInfo])
    assert_type(get_info.sync(client=client.api).version, str)


async def without_an_answer(client: Client) -> None:
    head_dashboard.sync(client=client)
    await head_dashboard.asyncio(client=client)
    assert_type(head_dashboard.sync_detailed(client=client), Response[None])
    assert_type(await head_dashboard.asyncio_detailed(client=client), Response[None])


async def with_path_and_query(client: Client) -> None:
    assert_type(start_model.sync("project", "1", client=client, api_key="K"), models.StartModelResponse)
    assert_type(
        await start_model.asyncio(dataset_id="project", version_id="1", client=client), models.StartModelResponse
    )
    assert_type(get_logs.sync(client=client, limit=5, level=None, since=UNSET), models.LogsResponse)
    assert_type(consume_pipeline.sync("p", client=client, body=None), models.ConsumePipelineResponse)


def with_a_file(client: Client, path: Path) -> None:
    whole = File(payload=b"...", file_name="a.jpg", mime_type="image/jpeg")
    assert_type(whole, File)
    assert_type(whole.read(), bytes)
    with path.open("rb") as opened:
        infer_v0.sync("project", "1", client=client, body=File(opened), confidence=0.5)
        infer_v0.sync("project", "1", client=client, body=models.V0ImageUpload(file=File(opened)))


def detailed(answer: Response[models.ServerVersionInfo]) -> None:
    assert_type(answer.status_code, int)
    assert_type(answer.content, bytes)
    assert_type(answer.headers, MutableMapping[str, str])
    assert_type(answer.parsed, models.ServerVersionInfo)


def values(value: str | Unset) -> None:
    if isinstance(value, Unset):
        assert_type(value, Unset)
    else:
        assert_type(value, str)
    assert_type(value or "default", str)


def errors(error: ApiError, status: UnexpectedStatus, payload: UnexpectedPayload) -> None:
    assert_type(error.status_code, int)
    assert_type(error.body, Any)
    assert_type(error.response, httpx.Response)
    assert_type(status.status_code, int)
    assert_type(payload.cause, Exception)


async def clients(client: Client, own: httpx.Client, own_async: httpx.AsyncClient) -> None:
    assert_type(Client("http://localhost:9001"), Client)
    assert_type(
        Client(
            base_url="http://localhost:9001",
            token="K",
            headers={"x": "y"},
            cookies={"x": "y"},
            timeout=httpx.Timeout(5),
            verify=False,
            follow_redirects=True,
        ),
        Client,
    )
    assert_type(Client("http://localhost:9001", timeout=3.5).base_url, str)
    assert_type(client.set_httpx_client(own), Client)
    assert_type(client.set_async_httpx_client(own_async), Client)
    assert_type(client.get_httpx_client(), httpx.Client)
    assert_type(client.get_async_httpx_client(), httpx.AsyncClient)
    assert_type(client.send({"method": "GET", "url": "/info"}), httpx.Response)
    assert_type(await client.send_async({"method": "GET", "url": "/info"}), httpx.Response)
    with Client("http://localhost:9001") as opened:
        assert_type(opened, Client)
    async with Client("http://localhost:9001") as opened_here:
        assert_type(opened_here, Client)
    client.close()
    await client.aclose()
