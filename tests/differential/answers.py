"""What the recording server answers: one fixed answer per route, shaped as server 1.8.3 shapes it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from recording_server import Reply, Request

__all__ = ["Answerer", "failing", "fixed", "models", "predictions", "route_answers"]

Answerer = Callable[[Request], Reply]

_MODELS = {
    "detector/1": "object-detection",
    "instances/1": "instance-segmentation",
    "keypoints/1": "keypoint-detection",
    "classes/1": "classification",
    "labels/1": "multi-label-classification",
    "semantic/1": "semantic-segmentation",
    "anomaly/1": "classification",
    "speech/1": "speech-recognition",
}
LOADABLE = "loadable/1"
"""A model that is not loaded until it is asked for."""


def registry(*extra: str) -> dict[str, Any]:
    tasks = {**_MODELS, **dict.fromkeys(extra, "object-detection")}
    sides = {"batch_size": 1, "input_height": 48, "input_width": 64, "extra_field": "dropped"}
    return {"models": [{"model_id": model, "task_type": task, **sides} for model, task in tasks.items()]}


def picture(value: int) -> str:
    """Base64 text of a drawn picture."""
    pixels = np.full((6, 8, 3), (value, 2 * value, 40), np.uint8)
    return base64.b64encode(cv2.imencode(".png", pixels)[1].tobytes()).decode("ascii")


def _header(task: str) -> dict[str, Any]:
    return {"inference_id": f"id-{task}", "time": 0.0125}


def _box(number: int) -> dict[str, Any]:
    place = {"x": 30.5 + number, "y": 20.25, "width": 12.0, "height": 8.5}
    return {**place, "confidence": 0.875, "class": "bolt", "class_id": number, "detection_id": f"d{number}"}


def _point(name: str, x: float, y: float) -> dict[str, Any]:
    return {"x": x, "y": y, "confidence": 0.5, "class": name, "class_id": 0}


def predictions(task: str) -> dict[str, Any]:
    """One image's answer for a task."""
    if task == "object-detection":
        return {**_header(task), "predictions": [_box(0), _box(1)]}
    if task == "instance-segmentation":
        corners = [{"x": 24.5, "y": 16.0}, {"x": 36.5, "y": 16.0}, {"x": 36.5, "y": 24.5}]
        return {**_header(task), "predictions": [{**_box(number), "points": corners} for number in (0, 1)]}
    if task == "keypoint-detection":
        points = [_point("tip", 28.0, 18.0), _point("head", 33.0, 22.0)]
        return {**_header(task), "predictions": [{**_box(0), "keypoints": points}]}
    if task == "multi-label-classification":
        scores = {"bolt": {"confidence": 0.75, "class_id": 0}, "nut": {"confidence": 0.125, "class_id": 1}}
        return {**_header(task), "predictions": scores, "predicted_classes": ["bolt"]}
    scores_list = [{"class": "bolt", "class_id": 0, "confidence": 0.75}]
    return {**_header(task), "predictions": scores_list, "top": "bolt", "confidence": 0.75}


_TASK_OF_ROUTE = {
    "/infer/object_detection": "object-detection",
    "/infer/instance_segmentation": "instance-segmentation",
    "/infer/keypoints_detection": "keypoint-detection",
    "/infer/classification": "classification",
}


def _anomaly_map() -> dict[str, Any]:
    scores = np.arange(12, dtype="<f4").reshape(3, 4) / 16
    return {"shape": [3, 4], "dtype": "float32", "data": base64.b64encode(scores.tobytes()).decode("ascii")}


def _of_model(request: Request, task: str, model: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = predictions(_MODELS.get(model, task))
    if body.get("visualize_predictions") or request.query.get("format") == "image_and_json":
        answer["visualization"] = picture(60)
    if body.get("include_anomaly_map") or request.query.get("include_anomaly_map"):
        answer["anomaly_map"] = _anomaly_map()
    if body.get("class_filter") and task != "classification":
        answer["predictions"] = [box for box in answer["predictions"] if box["class"] in body["class_filter"]]
    return answer


def _infer_v1(request: Request) -> Reply:
    body = request.json
    task = _TASK_OF_ROUTE.get(request.path, "semantic-segmentation")
    answer = _of_model(request, task, body["model_id"], body)
    image = body["image"]
    if not isinstance(image, list):
        return Reply({**answer, "image": _size(image["value"])})
    return Reply(
        [{**answer, "inference_id": f"{number}", "image": _size(entry["value"])} for number, entry in enumerate(image)]
    )


def _size(text: str) -> dict[str, int]:
    """The size that a server reports: that of the picture it was sent, upright."""
    try:
        data = base64.b64decode(text.rpartition(";base64,")[2], validate=True)
    except binascii.Error:
        data = b""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    return {"width": 1, "height": 1} if pixels is None else {"width": pixels.shape[1], "height": pixels.shape[0]}


def _infer_v0(request: Request) -> Reply:
    if request.query.get("format") == "image":
        drawn = cv2.imencode(".jpg", np.full((6, 8, 3), 90, np.uint8))[1].tobytes()
        return Reply(drawn, headers={"Content-Type": "image/jpeg"})
    model = request.path.lstrip("/")
    answer = _of_model(request, "object-detection", model, {})
    return Reply({**answer, "image": _size(request.body.decode("ascii", errors="replace"))})


def _registered(model_id: str) -> str:
    """The server lists a model under its own id, also when it was loaded by its short name."""
    return {"yolov8n-640": "coco/3"}.get(model_id, model_id)


def models() -> Answerer:
    """A server with one model per task loaded; it keeps what was loaded and unloaded."""
    loaded: set[str] = set()

    def answer(request: Request) -> Reply:
        if request.path == "/info":
            return Reply({"name": "Roboflow Inference Server", "version": "1.8.3", "uuid": "u-1", "extra": 1})
        if request.path == "/model/add":
            loaded.add(_registered(request.json["model_id"]))
        if request.path == "/model/remove":
            loaded.discard(_registered(request.json["model_id"]))
        if request.path == "/model/clear":
            return Reply({"models": []})
        if request.path.startswith("/model/"):
            return Reply(registry(*sorted(loaded)))
        if request.path in _TASK_OF_ROUTE or request.path == "/infer/semantic_segmentation":
            return _infer_v1(request)
        return _infer_v0(request)

    return answer


def route_answers(answers: dict[str, Any], otherwise: Callable[[], Answerer] = models) -> Callable[[], Answerer]:
    """A server of fixed answers: from a route to its body or `Reply`; all other routes as another server has them."""

    def make() -> Answerer:
        others = otherwise()

        def answer(request: Request) -> Reply:
            if request.path not in answers:
                return others(request)
            fixed_answer = answers[request.path]
            return fixed_answer if isinstance(fixed_answer, Reply) else Reply(fixed_answer)

        return answer

    return make


def fixed(reply: Reply) -> Callable[[], Answerer]:
    """The same answer to everything."""
    return lambda: lambda _: reply


def failing(
    reply: Reply, times: int, only: str = "/infer/", then: Callable[[], Answerer] = models
) -> Callable[[], Answerer]:
    """Fail the first `times` requests of a route with this answer, then work; v0 routes are not under /infer/."""

    def make() -> Answerer:
        others = then()
        failed = 0

        def answer(request: Request) -> Reply:
            nonlocal failed
            if request.path.startswith(only) and failed < times:
                failed += 1
                return reply
            return others(request)

        return answer

    return make
