"""The WSGI application that plays a script, in front of the embedded backend."""

from __future__ import annotations

import io
import json
from collections import deque
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from ..local.http_errors import HTTPAnswerError
from ..local.routing import find_route
from ..local.wsgi import Request
from .answer_queue import NothingScriptedError
from .faults import DroppedConnection, ErrorStatus, Fault, NotJSON, SlowAnswer, TimedOut
from .model_answers import Predict
from .performing import Stage
from .recorded_request import RecordedRequest, read_request
from .scripted_model import ENTRIES_OF_TURN, ScriptedModel
from .targets import RequestFunction, ScriptedTarget

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from .script import InferenceScript

__all__ = ["ScriptedApplication"]

_JSON = [("Content-Type", "application/json")]


class ScriptedApplication:
    """Records each request, plays the faults it meets, and answers it from the script or from the backend."""

    def __init__(self, script: InferenceScript, stage: Stage) -> None:
        self._script = script
        self._stage = stage

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        body = environ["wsgi.input"].read()
        environ.update({"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
        request = read_request(environ, body)
        target, faults = self._script.arrive(request)
        for fault in faults:
            answer = self._play(fault, request, start_response)
            if answer is not None:
                return answer
        if target is not None:
            return self._answer(target, request, environ, start_response)
        unknown = self._unknown(request, environ)
        if unknown is None:
            return self._script.backend(environ, start_response)
        what, addition = unknown
        self._script.note_unexpected(f"{what}: {addition} adds it")
        message = f"The script has no {what}; {addition} adds it. There is {self._script.described()}."
        return _send(start_response, 404, _message(message))

    # -- faults

    def _play(self, fault: Fault, request: RecordedRequest, start_response: StartResponse) -> Iterable[bytes] | None:
        match fault:
            case SlowAnswer():
                self._stage.wait(fault.seconds)
                return None
            case ErrorStatus():
                return _send(start_response, fault.status, fault.content(), fault.headers())
            case NotJSON():
                start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
                return [fault.content.encode()]
            case TimedOut():
                raise self._stage.timed_out(request)
            case DroppedConnection():
                raise self._stage.dropped(request)

    # -- answers

    def _answer(
        self,
        target: ScriptedTarget[Any, Any],
        request: RecordedRequest,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        try:
            with self._script.lock:
                entries = target.take(request)
        except NothingScriptedError as error:
            self._script.note_unexpected(f"{request.method} {request.path}: {error}")
            return _send(start_response, 500, _message(str(error)))
        if isinstance(target, ScriptedModel):
            return self._run_model(target, cast("list[Predict]", entries), environ, start_response)
        (entry,) = cast("list[RequestFunction]", entries)
        try:
            content = json.dumps(entry(request)).encode()
        except Exception as error:  # noqa: BLE001 - the test's own function; told as the backend tells of its models
            told = f"{target.name} failed: {type(error).__name__}: {error}"
            self._script.note_unexpected(f"{request.method} {request.path}: {told}")
            return _send(start_response, 500, _message(told))
        return _send(start_response, 200, content)

    def _run_model(
        self,
        model: ScriptedModel,
        entries: list[Predict],
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Have the backend read the request and answer it with what is scripted for its images."""
        left = deque(entries)
        statuses: list[str] = []

        def noting_start_response(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            statuses.append(status)
            return start_response(status, headers, *more)

        turn = ENTRIES_OF_TURN.set(left)
        try:
            chunks = list(self._script.backend(environ, noting_start_response))
        finally:
            ENTRIES_OF_TURN.reset(turn)
        if statuses and not statuses[0].startswith("2"):
            with self._script.lock:
                model.put_back(list(left))
            told = b"".join(chunks)[:500].decode("utf-8", errors="replace")
            self._script.note_unexpected(f"{model.name} answered {statuses[0]}: {told}")
        return chunks

    # -- what is not there

    def _unknown(self, request: RecordedRequest, environ: WSGIEnvironment) -> tuple[str, str] | None:
        """Tell what a request is about that neither the script nor the backend has, and what would add it."""
        try:
            endpoint, arguments = find_route(Request(environ))
        except HTTPAnswerError:
            return _route_to_add(request)
        if endpoint not in ("infer", "infer_v0", "add", "start"):
            return None
        in_path = f"{arguments['project']}/{arguments['version']}" if "project" in arguments else None
        model_id = request.model_id if in_path is None else in_path
        # Without a usable id the backend says what is wrong.
        if model_id is None or model_id.count("/") > 1 or model_id in self._script.backend.model_ids:
            return None
        if endpoint == "infer_v0" and request.model_id is None:
            return _route_to_add(request)  # a path of two parts, but with another body than a model's
        return f"model {model_id!r}", f"script.model({model_id!r}, task)"


def _route_to_add(request: RecordedRequest) -> tuple[str, str]:
    what = f"{request.method} {request.path}"
    parts = request.path.strip("/").split("/")
    if request.method == "POST" and len(parts) == 3 and parts[1] == "workflows":
        return what, f"script.workflow({parts[0]!r}, {parts[2]!r})"
    if request.method == "POST" and request.path in ("/workflows/run", "/infer/workflows"):
        return what, "script.workflow()"
    return what, f"script.route({request.method!r}, {request.path!r})"


def _message(text: str) -> bytes:
    return json.dumps({"message": text}).encode()


def _send(
    start_response: StartResponse, status: int, content: bytes, headers: Iterable[tuple[str, str]] = ()
) -> Iterable[bytes]:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Error"
    start_response(f"{status} {phrase}", [*_JSON, *headers])
    return [content]
