"""What is sent: what the caller gave, and nothing else."""

from __future__ import annotations

import importlib
import inspect
import json
from dataclasses import dataclass
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from inference_api import Client, File, UnexpectedStatus, models
from inference_api.api.builder import list_cached_models
from inference_api.api.core_models import clip_embed_text
from inference_api.api.infer import infer_object_detection
from inference_api.api.v0 import infer_v0, infer_v0_from_url
from schema_values import smallest

if TYPE_CHECKING:
    from loopback import LoopbackServer

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "openapi" / "openapi.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
#: What httpx adds by itself.
HTTPX_HEADERS = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length", "content-type"}
PATH_VALUE = "a/b ü"


@dataclass
class Recorder:
    """A transport that keeps the request and refuses it."""

    request: httpx.Request | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.request = request
        return httpx.Response(599, json={"message": "refused by the test"})

    @property
    def seen(self) -> httpx.Request:
        assert self.request is not None
        return self.request


def required_arguments(module: Any, operation: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The required arguments of an operation, and the JSON body they mean."""
    arguments: dict[str, Any] = {}
    body: Any = None
    for name, parameter in inspect.signature(module.sync).parameters.items():
        if parameter.default is not inspect.Parameter.empty or name == "client":
            continue
        if name == "body":
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            body = smallest(schema, SCHEMAS)
            is_model = "$ref" in schema
            arguments[name] = getattr(models, schema["$ref"].rsplit("/", 1)[1]).from_dict(body) if is_model else body
        else:
            arguments[name] = PATH_VALUE
    return arguments, body


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
async def test_only_what_was_given_is_sent(method: str, path: str, operation: dict[str, Any]) -> None:
    module = importlib.import_module(f"inference_api.api.{operation['tags'][0]}.{operation['operationId']}")
    arguments, body = required_arguments(module, operation)
    recorder = Recorder()
    client = Client("http://server.test:9001/prefix")
    client.set_httpx_client(httpx.Client(transport=httpx.MockTransport(recorder)))
    client.set_async_httpx_client(httpx.AsyncClient(transport=httpx.MockTransport(recorder)))

    requests: list[httpx.Request] = []
    with pytest.raises(UnexpectedStatus, match=r"HTTP 599: .*refused by the test"):
        module.sync(client=client, **arguments)
    requests.append(recorder.seen)
    with pytest.raises(UnexpectedStatus, match="HTTP 599"):
        await module.asyncio(client=client, **arguments)
    requests.append(recorder.seen)

    expected_path = path
    for name in (row["name"] for row in operation.get("parameters", []) if row["in"] == "path"):
        expected_path = expected_path.replace(f"{{{name}}}", quote(PATH_VALUE, safe=""))
    for request in requests:
        assert request.method == method.upper()
        assert request.url.raw_path.decode() == f"/prefix{expected_path}"
        assert request.headers.keys() <= HTTPX_HEADERS
        if body is None:
            assert request.content == b""
        else:
            assert json.loads(request.content) == body


def test_a_value_equal_to_the_default_of_the_server_is_sent_when_given(server: LoopbackServer) -> None:
    server.answer({"message": "no"}, status=500)
    client = Client(server.url)
    with pytest.raises(UnexpectedStatus):
        infer_v0_from_url.sync("boxes", "1", client=client, confidence=0.4, labels=False, image="http://x/i.jpg")
    target = server.seen[-1].target
    assert target == "/boxes/1?confidence=0.4&image=http%3A%2F%2Fx%2Fi.jpg&labels=false"
    client.close()


def test_a_json_body_holds_what_was_given(server: LoopbackServer) -> None:
    server.answer({"message": "no"}, status=500)
    image = models.InferenceRequestImage(type_="base64", value="AAAA")
    body = models.ObjectDetectionInferenceRequest(model_id="boxes/1", image=[image, image], api_key=None)
    with Client(server.url) as client, pytest.raises(UnexpectedStatus):
        infer_object_detection.sync(client=client, body=body)
    assert json.loads(server.seen[-1].body) == {
        "model_id": "boxes/1",
        "image": [{"type": "base64", "value": "AAAA"}] * 2,
        "api_key": None,
    }


def test_a_header_is_sent_only_when_given(server: LoopbackServer) -> None:
    server.answer({})
    with Client(server.url) as client:
        list_cached_models.sync(client=client)
        list_cached_models.sync(client=client, x_csrf="secret")
    assert [seen.headers.get("x-csrf") for seen in server.seen] == [None, "secret"]


#: Contains what a fixed multipart boundary would stumble over.
IMAGE = b"\xff\xd8\r\n--+++\r\n\x00\r\n--" + bytes(range(256))


@pytest.mark.parametrize("payload", [IMAGE, BytesIO(IMAGE)], ids=["bytes", "file"])
def test_a_form_part_arrives_as_it_is(server: LoopbackServer, payload: Any) -> None:
    server.answer({"message": "no"}, status=500)
    body = models.V0ImageUpload(file=File(payload, "image.jpg", "image/jpeg"))
    with Client(server.url) as client, pytest.raises(UnexpectedStatus):
        infer_v0.sync("boxes", "1", client=client, body=body)
    seen = server.seen[-1]
    message = message_from_bytes(f"Content-Type: {seen.headers['content-type']}\r\n\r\n".encode() + seen.body)
    (part,) = message.get_payload()
    assert part.get_param("name", header="content-disposition") == "file"  # type: ignore[union-attr]
    assert part.get_filename() == "image.jpg"  # type: ignore[union-attr]
    assert part.get_content_type() == "image/jpeg"  # type: ignore[union-attr]
    assert part.get_payload(decode=True) == IMAGE  # type: ignore[union-attr]


@pytest.mark.parametrize("payload", [b"aGVsbG8=", BytesIO(b"aGVsbG8=")], ids=["bytes", "file"])
@pytest.mark.parametrize(("mime_type", "sent"), [(None, "application/octet-stream"), ("text/plain", "text/plain")])
async def test_a_raw_body_arrives_as_it_is(
    server: LoopbackServer, payload: Any, mime_type: str | None, sent: str
) -> None:
    server.answer({"message": "no"}, status=500)
    async with Client(server.url) as client:
        with pytest.raises(UnexpectedStatus):
            await infer_v0.asyncio("boxes", "1", client=client, body=File(payload, mime_type=mime_type))
    assert (server.seen[-1].body, server.seen[-1].headers["content-type"]) == (b"aGVsbG8=", sent)
    if isinstance(payload, BytesIO):
        payload.seek(0)


def test_no_body_is_sent_when_none_was_given(server: LoopbackServer) -> None:
    server.answer({"message": "no"}, status=500)
    with Client(server.url) as client, pytest.raises(UnexpectedStatus):
        infer_v0.sync("boxes", "1", client=client, image="https://x/i.jpg")
    assert server.seen[-1].body == b""
    assert "content-type" not in server.seen[-1].headers


def test_a_list_in_a_body_is_not_changed_by_sending(server: LoopbackServer) -> None:
    server.answer({"embeddings": [], "time": 0.1})
    texts = ["a", "b"]
    body = models.ClipTextEmbeddingRequest(text=texts)
    with Client(server.url) as client:
        clip_embed_text.sync(client=client, body=body)
    assert json.loads(server.seen[-1].body) == {"text": ["a", "b"]}
    assert texts == ["a", "b"]
