"""Stands in for the provider's platform, so that the real server has someone to ask about keys, models and workflows.

A server that is not offline asks the platform which workspace a key belongs to, whether a model may be used, and for
the definition of a saved workflow; each refusal becomes an answer of the server's own. The stand-in knows two keys,
one saved workflow and a model for every refusal, and keeps a list of all that it was asked.

    GET /?api_key=K                            the key's workspace
    GET /models/v1/external/stat?modelId=M     what a model is; its key travels in `Authorization`
    GET /models/v1/external/weights?modelId=M  where its files are
    GET /ort/PROJECT/VERSION?api_key=K         both of these in one, as older servers ask
    GET /WORKSPACE/workflows/WORKFLOW          a workflow's definition
    POST /usage/inference                      a report, which is no question: not in the list
    GET /asked                                 the list, for tests; not itself in it
"""

from __future__ import annotations

import json
import sys
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlsplit

from real_server.saved_workflows import DETECTION

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "GOOD_KEY",
    "OTHER_KEY",
    "REFUSED_MODELS",
    "SAVED_WORKFLOW",
    "UNKNOWN_KEY",
    "UNPACKAGED_MODEL",
    "WORKSPACE",
    "platform_stand_in",
]

WORKSPACE = "colour-lab"
SAVED_WORKFLOW = "find-colours-of-the-lab"
GOOD_KEY = "KeyOfTheColourLab0001"
OTHER_KEY = "KeyOfAnotherWorkspace0002"
"""The platform knows it, but `WORKSPACE` is not its workspace."""
UNKNOWN_KEY = "KeyThatNobodyIssued0003"

REFUSED_MODELS = {
    "not-yours/1": HTTPStatus.UNAUTHORIZED,
    "unpaid/1": HTTPStatus.PAYMENT_REQUIRED,
    "out-of-scope/1": HTTPStatus.FORBIDDEN,
    "no-such-model/1": HTTPStatus.NOT_FOUND,
    "paused/1": HTTPStatus.LOCKED,
    "out-of-order/1": HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""Model ids, and how the platform answers about them."""
UNPACKAGED_MODEL = "unpackaged/1"
"""The platform knows it, but has no files for it."""

_USAGE_REPORT = "/usage/inference"
_WORKSPACES = {GOOD_KEY: WORKSPACE, OTHER_KEY: "elsewhere"}


@contextmanager
def platform_stand_in() -> Generator[str]:
    """Answer on loopback while the block runs; gives the address."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    """The stand-in and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about a server that hung up; it does when its caller does."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _RefusedError(Exception):
    """An answer with an error status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def _asked(self) -> list[dict[str, Any]]:
        return cast("_Server", self.server).asked

    def do_GET(self) -> None:
        """Answer a question."""
        address = urlsplit(self.path)
        if address.path == "/asked":
            self._send(HTTPStatus.OK, self._asked)
            return
        query = dict(parse_qsl(address.query))
        in_header = self.headers.get("Authorization", "").removeprefix("Bearer ")
        key = query.pop("api_key", None) or in_header or None
        self._asked.append({"path": address.path, "query": query, "key": key})
        try:
            self._send(HTTPStatus.OK, _answer(address.path, query, key))
        except _RefusedError as refusal:
            self._send(refusal.status, {"error": refusal.status.phrase})

    def do_POST(self) -> None:
        """Take a report of the server's and say no more about it."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        # Of its usage it reports every 10 s, whatever a test is at; its key is in the body, and it asks nothing.
        if path != _USAGE_REPORT:
            self._asked.append({"path": path, "query": {}, "key": None})
        self._send(HTTPStatus.OK, {})

    def _send(self, status: HTTPStatus, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Keep quiet; tests read the list."""


def _answer(path: str, query: dict[str, str], key: str | None) -> Any:
    match path.strip("/").split("/"):
        case [""]:
            return {"workspace": _workspace_of(key)}
        case ["models", "v1", "external", "stat"]:
            return {"modelMetadata": _description(query.get("modelId", ""))}
        case ["models", "v1", "external", "weights"]:
            model_id = query.get("modelId", "")
            identity = {"type": "external-model-metadata-v1", "modelId": model_id}
            return {"modelMetadata": {**identity, **_description(model_id), "modelPackages": []}}
        case ["ort", project, version]:
            _description(f"{project}/{version}")
            return {"ort": {"type": "object-detection", "modelType": "yolov8n"}}
        case [workspace, "workflows", workflow]:
            return {"workflow": _workflow(workspace, workflow, key)}
        case _:
            raise _RefusedError(HTTPStatus.NOT_FOUND)


def _workspace_of(key: str | None) -> str:
    if key not in _WORKSPACES:
        raise _RefusedError(HTTPStatus.UNAUTHORIZED)
    return _WORKSPACES[key]


def _description(model_id: str) -> dict[str, str]:
    if model_id != UNPACKAGED_MODEL:
        raise _RefusedError(REFUSED_MODELS.get(model_id, HTTPStatus.NOT_FOUND))
    return {"modelArchitecture": "yolov8", "taskType": "object-detection"}


def _workflow(workspace: str, workflow: str, key: str | None) -> dict[str, str]:
    if _workspace_of(key) != workspace:
        raise _RefusedError(HTTPStatus.UNAUTHORIZED)
    if workflow != SAVED_WORKFLOW:
        raise _RefusedError(HTTPStatus.NOT_FOUND)
    return {"id": "1", "config": json.dumps({"id": "1", "specification": DETECTION})}
