"""The embedded backend: a WSGI application behind the Roboflow Inference server's HTTP contract."""

from __future__ import annotations

import base64
import logging
import time
import uuid
from typing import TYPE_CHECKING, Any, TypeVar, overload

from inference_ext.local.answers import answer_for
from inference_ext.local.answers.output import ModelOutputError
from inference_ext.local.drawing import draw
from inference_ext.local.http_errors import HTTPAnswerError, with_message
from inference_ext.local.images import decode_image, read_image_entry
from inference_ext.local.models import register_builtin_models
from inference_ext.local.registry import Model, ModelRegistry, PredictFunction, TaskType, make_model
from inference_ext.local.requests.v0 import QueryRequest, read_query
from inference_ext.local.requests.v1 import read_inference_request, read_json_object, read_model_id
from inference_ext.local.routing import Call, find_route, json_response, openapi_document, seconds_since
from inference_ext.local.uploads import read_upload
from inference_ext.local.wsgi import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from wsgiref.types import StartResponse, WSGIEnvironment

    import numpy as np
    import numpy.typing as npt

    from inference_ext.local.requests.options import InferenceOptions

LOGGER = logging.getLogger("inference_ext.local")

#: What is registered stays what it is: a decorated function keeps its own type.
Function = TypeVar("Function", bound=PredictFunction)

SERVER_NAME = "inference-ext embedded backend (for development and tests)"
CONTRACT_VERSION = "1.8.3"
"""The server version whose contract this follows."""


class LocalBackend:
    """Real computer vision, without weights, API key or network, behind the server's HTTP contract.

    An instance is a WSGI application: hand it to a client that calls WSGI in process, or to
    `inference_ext.local.serve`. It is a backend for development and tests, not a production server.

    Built-in models: `faces/1`, `codes/1` (object detection), `objects/1` (instance segmentation), `markers/1`
    (key points), `foreground/1` (semantic segmentation), `sharpness/1` (classification) and `exposure/1`
    (multi-label classification).

    Args:
        builtin_models: Whether the built-in models are there; on by default.

    """

    def __init__(self, *, builtin_models: bool = True) -> None:
        self._registry = ModelRegistry()
        self._uuid = uuid.uuid4().hex[:6]
        self._endpoints: dict[str, Callable[..., Response]] = {
            "welcome": self._welcome,
            "info": self._info,
            "openapi": self._openapi,
            "healthz": self._healthz,
            "readiness": self._readiness,
            "registry": self._list_models,
            "add": self._add_model,
            "remove": self._remove_model,
            "clear": self._clear_models,
            "clear_cache": self._clear_cache,
            "start": self._start_model,
            "infer": self._infer,
            "infer_v0": self._infer_v0,
        }
        if builtin_models:
            register_builtin_models(self.register)

    @property
    def model_ids(self) -> tuple[str, ...]:
        """Ids of all models that can be used, in the order of registration."""
        return self._registry.available

    @overload
    def register(
        self,
        model_id: str,
        *,
        task: TaskType,
        class_names: Sequence[str],
        predict: Function,
        keypoint_names: Sequence[str] = ...,
        input_size: tuple[int, int] | None = ...,
    ) -> Function: ...

    @overload
    def register(
        self,
        model_id: str,
        *,
        task: TaskType,
        class_names: Sequence[str],
        predict: None = None,
        keypoint_names: Sequence[str] = ...,
        input_size: tuple[int, int] | None = ...,
    ) -> Callable[[Function], Function]: ...

    def register(
        self,
        model_id: str,
        *,
        task: TaskType,
        class_names: Sequence[str],
        predict: Function | None = None,
        keypoint_names: Sequence[str] = (),
        input_size: tuple[int, int] | None = None,
    ) -> Function | Callable[[Function], Function]:
        """Make a Python function a model; also usable as a decorator when `predict` is left out.

        The function gets one image, BGR `uint8` (H, W, 3), and returns by task: a list of `Detection`,
        `DetectedInstance` or `DetectedKeypoints`; `ClassScores`; `TagScores`; `SemanticMap`. Thresholds, suppression
        of duplicates, class filter and drawing are done by the backend, as the real server does for its models.
        Calls of one model never overlap; different models run at the same time.

        Args:
            model_id: `project/version`. An existing model with this id is replaced.
            task: What the function predicts.
            class_names: All class names; the position is the class id. For `semantic-segmentation` the first one is
                the background.
            predict: The function.
            keypoint_names: All key point names, for `keypoint-detection`; the position is the point's class id.
            input_size: (width, height) in pixels the registry reports as the model's input; `None`: no fixed size.

        Returns:
            `predict`, or the decorator.

        Raises:
            InvalidParameterError: An argument does not fit; the message names it.

        """

        def add(function: Function) -> Function:
            self._registry.register(make_model(model_id, task, function, class_names, keypoint_names, input_size))
            return function

        return add if predict is None else add(predict)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        call = Call(Request(environ))
        try:
            endpoint, arguments = find_route(call.request)
            response = self._endpoints[endpoint](call, **arguments)
        except HTTPAnswerError as error:
            response = json_response(error.body, error.status)
        except Exception:
            LOGGER.exception("%s %s failed", call.request.method, call.request.path)
            response = json_response({"message": "Internal error."}, 500)
        finally:
            call.request.close()  # Large uploads lie in temporary files.
        call.add_headers(response)
        return response(environ, start_response)

    def _welcome(self, _call: Call) -> Response:
        lines = [f"This is the {SERVER_NAME}.", "Models:", *(f"  {model_id}" for model_id in self.model_ids)]
        return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

    def _info(self, _call: Call) -> Response:
        return json_response({"name": SERVER_NAME, "version": CONTRACT_VERSION, "uuid": self._uuid})

    def _openapi(self, _call: Call) -> Response:
        return json_response(openapi_document(SERVER_NAME, CONTRACT_VERSION))

    def _healthz(self, _call: Call) -> Response:
        return json_response({"status": "healthy"})

    def _readiness(self, _call: Call) -> Response:
        return json_response({"status": "ready"})

    def _list_models(self, _call: Call) -> Response:
        return json_response(self._registry.description())

    def _add_model(self, call: Call) -> Response:
        call.load_model(self._registry, read_model_id(_json_body(call.request)))
        return json_response(self._registry.description())

    def _remove_model(self, call: Call) -> Response:
        self._registry.unload(read_model_id(_json_body(call.request)))
        return json_response(self._registry.description())

    def _clear_models(self, _call: Call) -> Response:
        self._registry.unload_all()
        return json_response(self._registry.description())

    def _clear_cache(self, _call: Call) -> Response:
        self._registry.unload_all()
        return json_response("Cache Cleared")

    def _start_model(self, call: Call, project: str, version: str) -> Response:
        call.load_model(self._registry, f"{project}/{version}")
        return json_response({"status": 200, "message": "inference session started from local memory."})

    def _infer(self, call: Call, route: str) -> Response:
        started = time.perf_counter()
        model_id, entries, options = read_inference_request(route, _json_body(call.request))
        model = call.load_model(self._registry, model_id)
        single = isinstance(entries, dict)
        images = [
            read_image_entry(entry["type"], entry["value"], auto_orient=options.auto_orient)
            for entry in ([entries] if isinstance(entries, dict) else entries)
        ]
        if not images:
            raise HTTPAnswerError(
                400, {"message": "Error with model input. Cause: The list of images is empty.", "help_url": None}
            )
        answers = [_answer(model, image, options, started) for image in images]
        if options.visualize and model.task != "semantic-segmentation":
            if not single:
                # The real server cannot draw on a list of images; a client has to send them one by one.
                raise with_message(
                    400,
                    "Could not load input image. Cause: NumPy image type is not supported in this configuration of "
                    "`inference`.",
                )
            _add_visualization(model, images[0], answers[0], options)
        return json_response(answers[0] if single else answers)

    def _infer_v0(self, call: Call, project: str, version: str) -> Response:
        started = time.perf_counter()
        query = read_query(call.request.args)
        if query.image_url is None and "Content-Type" not in call.request.headers:
            raise with_message(400, "Content-Type header not provided with request.")
        upload = read_upload(call.request) if query.image_url is None else None
        model = call.load_model(self._registry, f"{project}/{version}")
        image = _v0_image(query, upload, call.request)
        answer = _answer(model, image, query.options, started)
        if query.answer_format == "image":
            drawing = draw(model, image, answer, query.options)
            return Response(drawing or b"", content_type="image/jpeg")
        if query.options.visualize:
            _add_visualization(model, image, answer, query.options)
        return json_response(answer)


def _json_body(request: Request) -> dict[str, Any]:
    return read_json_object(request.get_data(cache=False), request.headers.get("Content-Type", ""))


def _v0_image(query: QueryRequest, upload: bytes | None, request: Request) -> npt.NDArray[np.uint8]:
    """The image of a v0 call: an uploaded file, or base64 text as the body."""
    auto_orient = query.options.auto_orient
    if query.image_url is not None:
        return read_image_entry("url", query.image_url, auto_orient=auto_orient)
    if upload is not None:
        return decode_image(upload, auto_orient=auto_orient)
    return read_image_entry(query.image_type, request.get_data(cache=False), auto_orient=auto_orient)


def _answer(model: Model, image: npt.NDArray[np.uint8], options: InferenceOptions, started: float) -> dict[str, Any]:
    """Run the model on one image and shape its answer.

    Raises:
        HTTPAnswerError: 500 when the function fails or returns something its task does not allow.

    """
    height, width = image.shape[:2]
    try:
        with model.lock:
            returned = model.predict(image)
    except Exception as error:
        LOGGER.exception("Model %s failed", model.model_id)
        raise with_message(500, f"Model {model.model_id} failed: {type(error).__name__}: {error}") from error
    try:
        answer = answer_for(model, returned, (width, height), options)
    except ModelOutputError as error:
        LOGGER.exception("Model %s returned something unusable", model.model_id)
        raise with_message(500, str(error)) from error
    return {"inference_id": options.request_id, "time": seconds_since(started), **answer}


def _add_visualization(
    model: Model, image: npt.NDArray[np.uint8], answer: dict[str, Any], options: InferenceOptions
) -> None:
    """Put the drawing into the answer, for the tasks the server draws."""
    drawing = draw(model, image, answer, options)
    if drawing is not None:
        answer["visualization"] = base64.b64encode(drawing).decode("ascii")
