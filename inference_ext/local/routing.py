"""Paths and methods of the server's contract, and what is known about a call on its way through."""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from inference_ext.local.http_errors import unmatched_route, with_message
from inference_ext.local.wsgi import Map, MethodNotAllowed, NotFound, Request, Response, Rule

if TYPE_CHECKING:
    from inference_ext.local.registry import Model, ModelRegistry

INFER_ROUTES = (
    "object_detection",
    "instance_segmentation",
    "keypoints_detection",
    "classification",
    "semantic_segmentation",
)

ROUTES = Map(
    [
        Rule("/", methods=["GET"], endpoint="welcome"),
        Rule("/info", methods=["GET"], endpoint="info"),
        Rule("/openapi.json", methods=["GET"], endpoint="openapi"),
        Rule("/healthz", methods=["GET"], endpoint="healthz"),
        Rule("/readiness", methods=["GET"], endpoint="readiness"),
        Rule("/model/registry", methods=["GET"], endpoint="registry"),
        Rule("/model/add", methods=["POST"], endpoint="add"),
        Rule("/model/remove", methods=["POST"], endpoint="remove"),
        Rule("/model/clear", methods=["POST"], endpoint="clear"),
        Rule("/clear_cache", methods=["GET"], endpoint="clear_cache"),
        Rule("/start/<project>/<version>", methods=["GET"], endpoint="start"),
        *(
            Rule(f"/infer/{route}", methods=["POST"], endpoint="infer", defaults={"route": route})
            for route in INFER_ROUTES
        ),
        Rule("/<project>/<version>", methods=["GET", "POST"], endpoint="infer_v0"),
    ],
    merge_slashes=False,
    redirect_defaults=False,
)


#: Routes of the server that this backend lacks; some of them look like the v0 route of a model.
_UNSERVED = re.compile(
    r"""/(
        workflows/(run|validate|describe_interface|describe_workload|blocks/.+|execution_engine/.+|definition/.+)
        | [^/]+/workflows/.+
        | infer/(workflows|lmm|depth-estimation|embeddings|action_recognition)(/.+)?
        | inference_pipelines/.+
        | (clip|perception_encoder)/(compare|embed_image|embed_text)
        | (sam2?|sam3)/(embed_image|segment_image|concept_segment|visual_segment)
        | (sam3_3d|grounding_dino|owlv2|yolo_world)/infer
        | gaze/gaze_detection
        | doctr/ocr | easy_ocr/ocr | ocr/trocr | ocr/pp-ocr
    )""",
    re.VERBOSE,
)


@dataclass
class Call:
    """One HTTP call: the request, and what its answer's headers will say.

    Attributes:
        request: The request.
        model_ids: Models the call named, in order.
        load_seconds: Time it took to load a model, for those that were not loaded yet.

    """

    request: Request
    model_ids: list[str] = field(default_factory=list[str])
    load_seconds: dict[str, float] = field(default_factory=dict[str, float])

    def load_model(self, registry: ModelRegistry, model_id: str) -> Model:
        """The model, noted for the headers even when it does not exist."""
        self.model_ids.append(model_id)
        model, seconds = registry.load(model_id, self.request.path)
        if seconds is not None:
            self.load_seconds[model_id] = seconds
        return model

    def add_headers(self, response: Response) -> None:
        """The headers a self-hosted server puts on every answer."""
        headers = response.headers
        headers["x-request-id"] = request_id(self.request.headers.get("X-Request-ID"))
        headers["x-inference-engine"] = "inference-models"
        headers["x-model-cold-start"] = "true" if self.load_seconds else "false"
        headers["x-model-cold-start-count"] = str(len(self.load_seconds))
        if self.model_ids:
            headers["x-model-id"] = ",".join(self.model_ids)
        if self.load_seconds:
            headers["x-model-load-time"] = str(sum(self.load_seconds.values()))
            details = [{"m": model_id, "t": seconds} for model_id, seconds in self.load_seconds.items()]
            headers["x-model-load-details"] = json.dumps(details)


def request_id(given: str | None) -> str:
    """The caller's request id if it is a version 4 UUID, a new one otherwise."""
    try:
        if given is not None and uuid.UUID(given).version == 4:
            return given
    except ValueError:
        pass  # Not a UUID at all: it gets a new id, like any other unusable one.
    return uuid.uuid4().hex


def find_route(request: Request) -> tuple[str, dict[str, Any]]:
    """Endpoint name and path arguments for a request.

    Raises:
        HTTPAnswerError: 404 or 405; 501 for what a server has and this backend lacks.

    """
    if _UNSERVED.fullmatch(request.path):
        raise with_message(
            501,
            "The embedded backend serves no workflows, pipelines and foundation models: use a server, or script the "
            "answer with inference_ext.testing.",
        )
    if request.method == "HEAD":
        raise unmatched_route("HEAD")
    adapter = ROUTES.bind_to_environ(request.environ)
    try:
        endpoint, arguments = adapter.match()
    except (NotFound, MethodNotAllowed) as error:
        raise unmatched_route(request.method) from error
    return str(endpoint), dict(arguments)


def openapi_document(title: str, version: str) -> dict[str, Any]:
    """The routes in the form in which the server lists its own, without schemas: what there is, not how to call it."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in ROUTES.iter_rules():
        path = rule.rule.replace("<", "{").replace(">", "}")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = {"responses": {"200": {"description": ""}}}
    return {"openapi": "3.1.0", "info": {"title": title, "version": version}, "paths": paths}


def json_response(content: Any, status: int = 200) -> Response:
    """JSON answer; NaN and infinity cannot be expressed and raise `ValueError`."""
    body = json.dumps(content, allow_nan=False, separators=(",", ":"))
    return Response(body, status=status, content_type="application/json")


def seconds_since(started: float) -> float:
    """Seconds since a `time.perf_counter()` value."""
    return time.perf_counter() - started
