"""Whatever is sent, the answer is HTTP with JSON that fits the contract, and the backend goes on working."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from local_calls import assert_conforms, call_wsgi, post_json
from wire_cases import base64_text

from inference_ext.local import Detection, LocalBackend
from inference_ext.local.requests import v0, v1
from inference_ext.local.routing import INFER_ROUTES

KINDS = ("application/json", "text/plain", "multipart/form-data; boundary=x")
PICTURE = {"type": "base64", "value": base64_text("small")}

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.characters()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
lenient = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def backend() -> LocalBackend:
    backend = LocalBackend(builtin_models=False)
    found = [Detection(1, 2, 30, 40, "a", 0.9), Detection(2, 3, 31, 41, "a", 0.8)]
    backend.register("mine/1", task="object-detection", class_names=["a"], predict=lambda _image: found)
    return backend


@given(route=st.sampled_from(INFER_ROUTES), body=values)
@lenient
def test_any_json(backend: LocalBackend, route: str, body: Any) -> None:
    answer = post_json(backend, f"/infer/{route}", body)
    assert answer.status == 422
    assert_conforms(answer.json, "HTTPValidationError")


@given(data=st.data(), route=st.sampled_from(INFER_ROUTES))
@lenient
def test_any_options(backend: LocalBackend, data: st.DataObject, route: str) -> None:
    names = sorted(set(v1.FIELDS[route]) - {"model_id", "image"})
    options = data.draw(st.dictionaries(st.sampled_from(names), scalars | st.lists(scalars, max_size=2), max_size=4))
    # Strokes wider than the picture are the drawing library's business.
    options.pop("visualization_stroke_width", None)
    answer = post_json(backend, f"/infer/{route}", {"model_id": "mine/1", "image": PICTURE, **options})
    if answer.status == 422:
        assert_conforms(answer.json, "HTTPValidationError")
        assert {problem["loc"][1] for problem in answer.json["detail"]} <= set(options)
    elif answer.status == 400:
        assert "mask" in answer.json["message"]
    else:
        assert answer.status == 200
        assert_conforms(answer.json, "ObjectDetectionInferenceResponse")


@pytest.mark.parametrize("number", [10**400, 1e300, "9" * 5000, "1e400", float("nan"), -(10**30), "-1"])
@pytest.mark.parametrize("field", ["confidence", "iou_threshold", "max_detections", "start"])
def test_boundless_numbers(backend: LocalBackend, field: str, number: Any) -> None:
    content = {"model_id": "mine/1", "image": PICTURE, field: number}
    assert post_json(backend, "/infer/object_detection", content).status in (200, 422)


def test_boxes_far_outside_are_clipped() -> None:
    backend = LocalBackend(builtin_models=False)
    found = [Detection(-1e300, -1e300, 1e300, 1e300, "a")]
    backend.register("far/1", task="object-detection", class_names=["a"], predict=lambda _image: found)
    (box,) = post_json(backend, "/infer/object_detection", {"model_id": "far/1", "image": PICTURE}).json["predictions"]
    assert (box["x"], box["y"], box["width"], box["height"]) == (48.5, 30.5, 97, 61)


@given(image=values | st.fixed_dictionaries({"type": st.text(max_size=6) | st.just("base64"), "value": values}))
@lenient
def test_any_image(backend: LocalBackend, image: Any) -> None:
    answer = post_json(backend, "/infer/object_detection", {"model_id": "mine/1", "image": image})
    assert answer.status in (400, 422)
    assert set(answer.json) <= {"message", "help_url", "detail"}


@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data; boundary=x"]),
)
@lenient
def test_any_bytes(backend: LocalBackend, body: bytes, kind: str) -> None:
    for path in ("/infer/object_detection", "/model/add", "/mine/1"):
        answer = call_wsgi(backend, "POST", path, {"Content-Type": kind}, body)
        assert answer.status in (400, 422)
        assert set(answer.json) in ({"message"}, {"detail"})


@given(query=st.dictionaries(st.sampled_from(sorted(set(v0.FIELDS) - {"stroke"})), st.text(max_size=6), max_size=4))
@lenient
def test_any_query(backend: LocalBackend, query: dict[str, str]) -> None:
    target = "/mine/1?" + "&".join(f"{name}={quote(value)}" for name, value in query.items())
    answer = call_wsgi(backend, "POST", target, {"Content-Type": "text/plain"}, PICTURE["value"].encode())
    assert answer.status in (200, 400, 422)
    if answer.status == 422:
        assert_conforms(answer.json, "HTTPValidationError")


@given(method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH"]), path=st.text(max_size=20))
@lenient
def test_any_path(backend: LocalBackend, method: str, path: str) -> None:
    answer = call_wsgi(backend, method, "/" + quote(path))
    assert answer.status in (200, 400, 404, 405)
    assert "x-request-id" in answer.headers
