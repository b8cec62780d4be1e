"""The embedded backend answers the recorded calls as the real server 1.8.3 did, with the analytic models.

Where it differs on purpose, the case is listed here with the status it answers instead, or with what of the body is
its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from analytic_models import register_analytic_models
from local_calls import Answer, call_wsgi
from record_real_server import pixels, shortened
from wire_cases import CASES, Case, request_of

from inference_ext.local import LocalBackend

RECORDED: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("recorded_answers.json").read_text(encoding="utf-8")
)

OTHER_STATUS = {
    "v0 color-points/1 best": 200,  # real: 500, an internal error
    "v1 color-class/1 on the semantic route": 200,  # real: 500, an internal error
    "v1 color-tags/1 on the semantic route": 200,  # real: 500, an internal error
    "v1 null image value": 400,  # real: 500, an internal error
    "v1 number image value": 400,  # real: 500, an internal error
    "v1 empty model": 404,  # real: 500, an internal error
    "v1 null model": 422,  # real: 500, plain text
    "v1 model without version": 404,  # real: 500, it takes the name for a folder
}
"""Calls on which the real server breaks; the embedded backend says what is wrong, or answers."""

OWN_WORDS = {
    "info",
    "v0 color-class/1 image empty",
    "v0 get with url",
    "v0 image url",
    "v1 color-class/1 visualised empty",
    "v1 color-points/1 best",
    "v1 text body",
    "v1 url",
    *(case.name for case in CASES if case.name.endswith(" empty list")),
}
"""Calls whose answers have the same keys, but texts of the embedded backend's own."""

FIRST_STATEFUL = next(index for index, case in enumerate(CASES) if case.name == "clear")
STATELESS, STATEFUL = CASES[:FIRST_STATEFUL], CASES[FIRST_STATEFUL:]

VARIABLE = {"inference_id": str, "detection_id": str, "time": float, "uuid": str}


def comparable(value: Any) -> Any:
    """The body with ids and times checked for their type and removed."""
    if isinstance(value, dict):
        kept: dict[str, Any] = {}
        for key, item in value.items():
            if key in VARIABLE:
                assert isinstance(item, VARIABLE[key]), key
                kept[key] = "any"
            elif key == "input" and isinstance(item, dict) and "id" in item:
                kept[key] = {**comparable(item), "id": "any"}
            else:
                kept[key] = comparable(item)
        return kept
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return value


def own_drawing(value: Any, case: Case) -> Any:
    """Where a drawing holds text, only its size is compared: fonts differ between versions of the libraries."""
    classes = "color-class" in case.name or "color-tags" in case.name
    labelled = case.name.endswith(("image_and_json", "visualised labels"))
    if not (classes or labelled) or not isinstance(value, dict):
        return value
    return {key: item["shape"] if key == "visualization" else item for key, item in value.items() if key != "pixels"}


def body_of(answer: Answer) -> Any:
    """The body in the form in which bodies were recorded."""
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return shortened(answer.json) if answer.body else None
    return pixels(answer.body) if answer.body else {"bytes": 0}


def shape_of(value: Any) -> Any:
    """Keys and types, without values."""
    if isinstance(value, dict):
        return {key: shape_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape_of(item) for item in value]
    return type(value).__name__


def send(backend: LocalBackend, case: Case) -> Answer:
    method, target, headers, body = request_of(case)
    return call_wsgi(backend, method, target, headers, body)


@pytest.fixture(scope="module")
def backend() -> LocalBackend:
    backend = LocalBackend(builtin_models=False)
    register_analytic_models(backend)
    return backend


def test_everything_recorded_is_compared() -> None:
    assert {case.name for case in CASES} == set(RECORDED)
    assert {*OTHER_STATUS, *OWN_WORDS} <= set(RECORDED)
    assert len(STATELESS) > 300
    assert len(STATEFUL) > 15


@pytest.mark.parametrize("case", STATELESS, ids=[case.name for case in STATELESS])
def test_answer_is_the_real_servers(backend: LocalBackend, case: Case) -> None:
    recorded = RECORDED[case.name]
    answer = send(backend, case)
    if case.name in OTHER_STATUS:
        assert answer.status == OTHER_STATUS[case.name]
        assert recorded["status"] == 500
        return
    assert answer.status == recorded["status"], answer.body[:300]
    for header in ("content-type", "x-inference-engine", "x-model-id"):
        assert answer.headers.get(header) == recorded["headers"].get(header), header
    body = own_drawing(comparable(body_of(answer)), case)
    expected = own_drawing(comparable(recorded["body"]), case)
    if case.name.endswith(" empty list"):
        assert body["message"]
        assert set(body) == set(expected)
    elif case.name in OWN_WORDS:
        assert shape_of(body) == shape_of(expected)
    else:
        assert body == expected


def test_registry_and_cold_starts_follow_the_real_servers(backend: LocalBackend) -> None:
    for case in STATEFUL:
        recorded = RECORDED[case.name]
        answer = send(backend, case)
        assert answer.status == recorded["status"], case.name
        assert comparable(body_of(answer)) == comparable(recorded["body"]), case.name
        for header in ("x-model-id", "x-model-cold-start", "x-model-cold-start-count"):
            assert answer.headers.get(header) == recorded["headers"].get(header), (case.name, header)
        assert ("x-model-load-details" in answer.headers) == (answer.headers["x-model-cold-start"] == "true")
