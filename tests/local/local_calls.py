"""Calling the embedded backend in process, and checking its answers against the server's schema."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.validate import validator

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


def call_wsgi(
    application: WSGIApplication,
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: bytes = b"",
) -> Answer:
    """Answer of a WSGI application, which is checked against the WSGI rules on the way."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in (headers or {}).items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, answer_headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        assert exc_info is None
        started.append((status, answer_headers))
        return lambda _data: None

    chunks = validator(application)(environ, start_response)
    try:
        content = b"".join(chunks)
    finally:
        chunks.close()  # type: ignore[attr-defined]
    status, answer_headers = started[0]
    return Answer(int(status.split()[0]), {name.lower(): value for name, value in answer_headers}, content)


def post_json(application: WSGIApplication, path: str, content: Any, **headers: str) -> Answer:
    """Answer to a JSON POST."""
    body = json.dumps(content).encode()
    return call_wsgi(application, "POST", path, {"Content-Type": "application/json", **headers}, body)


@cache
def schema_document() -> dict[str, Any]:
    """The repository's OpenAPI document."""
    document: dict[str, Any] = json.loads((REPOSITORY / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    return document


@cache
def component_validator(name: str) -> Draft202012Validator:
    """Validator for one component of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": schema_document()["components"]}
    return Draft202012Validator(schema)


RESPONSE_OF_TASK = {
    "object-detection": "ObjectDetectionInferenceResponse",
    "instance-segmentation": "InstanceSegmentationInferenceResponse",
    "keypoint-detection": "KeypointsDetectionInferenceResponse",
    "classification": "ClassificationInferenceResponse",
    "multi-label-classification": "MultiLabelClassificationInferenceResponse",
    "semantic-segmentation": "SemanticSegmentationInferenceResponse",
}


def assert_conforms(content: Any, component: str) -> None:
    """Fail with every violation when the content does not fit the component."""
    found = [
        f"{error.json_path}: {error.message[:200]}" for error in component_validator(component).iter_errors(content)
    ]
    assert not found, found
