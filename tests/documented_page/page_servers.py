"""What answers the documented programs: the embedded backend, stand-ins for core models, and the image host.

The embedded backend serves the models under the ids of the page. CLIP, docTR, gaze detection, CogVLM and workflows
need weights or a whole server; in their place stand answers that tell which image arrived.
"""

from __future__ import annotations

from collections.abc import Callable

from analytic_models import NAMES, SIDE, color_boxes
from core_model_server import as_list, comparer, embedder, sent_values
from recording_server import Reply, Request
from werkzeug.test import Client

from inference_ext.local import ClassScores, LocalBackend

__all__ = ["IMAGE_PATH", "answer_page", "image_host", "page_backend", "without_retired_models"]

IMAGE_PATH = "/pwYAXv9BTpqLyFfgQoPZ/u48G0UpWfk8giSw7wrU8/original.jpg"
"""The path of the page's image URL."""


def page_backend() -> LocalBackend:
    """The embedded backend with the models that the documented programs name."""
    backend = LocalBackend(builtin_models=False)
    for model_id in ("soccer-players-5fuqs/1", "some/1", "my-project/1"):
        backend.register(
            model_id, task="object-detection", predict=color_boxes, class_names=NAMES, input_size=(SIDE, SIDE)
        )
    # Another task, so that an answer tells whose it is.
    backend.register(
        "another-model/1", task="classification", predict=lambda _: ClassScores({"red": 0.9}), class_names=NAMES
    )
    return backend


def answer_page(backend: LocalBackend) -> Callable[[Request], Reply]:
    """Answer like an old server that still has every route of the page."""

    def answer(request: Request) -> Reply:
        stand_in = _STAND_INS.get(request.path)
        if stand_in is not None:
            return stand_in(request)
        response = Client(backend, use_cookies=False).open(
            request.path,
            method=request.method,
            query_string=request.query,
            data=request.body,
            content_type=request.headers.get("content-type"),
        )
        headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
        return Reply(response.get_data(), response.status_code, headers)

    return answer


def without_retired_models(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    """Answer like a server of today, which knows that CogVLM and gaze detection were there once."""
    gone = Reply({"message": "This model is no longer served."}, 410)
    return lambda request: gone if request.path in ("/llm/cogvlm", "/gaze/gaze_detection") else answer(request)


def image_host(path: str, image: bytes) -> Callable[[Request], Reply]:
    """Answer like a file server with one image."""

    def answer(request: Request) -> Reply:
        return Reply(image, headers={"Content-Type": "image/jpeg"}) if request.path == path else Reply(b"", 404)

    return answer


def _read_text(request: Request) -> Reply:
    (value,) = sent_values(request)
    return Reply({"result": f"grey {value}", "time": 0.1})


def _gazes(request: Request) -> Reply:
    return Reply([{"predictions": [{"yaw": value / 100}], "time": 0.1} for value in sent_values(request)])


def _cogvlm(request: Request) -> Reply:
    return Reply({"response": f"grey {sent_values(request)[0]}", "time": 0.1})


def _workflow(request: Request) -> Reply:
    inputs = request.json["inputs"]
    many = as_list(inputs["image"])
    return Reply({"outputs": [{"my_param": inputs["my_param"]} for _ in many], "profiler_trace": []})


_STAND_INS: dict[str, Callable[[Request], Reply]] = {
    "/clip/embed_image": embedder,
    "/clip/embed_text": embedder,
    "/clip/compare": comparer,
    "/doctr/ocr": _read_text,
    "/gaze/gaze_detection": _gazes,
    "/llm/cogvlm": _cogvlm,
    "/workflows/run": _workflow,
}
