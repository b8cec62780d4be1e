"""The embedded backend, with the analytic models registered, answers what the real server answers.

Same client, same calls, same answers: fields, order, digits, pixels of masks and drawings. The tolerance is nil.
The one exception is text in drawings (labels, and class names), whose font depends on the OpenCV of each side: of
those drawings only the size is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.errors import HTTPCallErrorError
from inference_ext.local import LocalBackend
from tests.analytic_models import register_analytic_models
from tests.real_server import models
from tests.real_server.choices import every_mode, every_model, select
from tests.real_server.comparing import comparable
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, MARCH, THREE, Rectangle, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

OFF_GRID = Scene((Rectangle("red", 13, 7, 311, 101), Rectangle("blue", 401, 302, 557, 419)))
"""Edges that fall between the pixels the model sees: rounding shows."""
NESTED = Scene((Rectangle("red", 100, 90, 500, 390), Rectangle("blue", 140, 120, 460, 360)))
WIDE = Scene((Rectangle("green", 500, 50, 777, 303),), width=1000, height=333)
SMALL = Scene((Rectangle("red", 40, 10, 90, 50), Rectangle("green", 0, 0, 31, 61)), width=97, height=61)
LARGE = THREE.enlarged(2)
SCENES = {
    "three": THREE,
    "green": GREEN,
    "empty": EMPTY,
    "off grid": OFF_GRID,
    "nested": NESTED,
    "wide": WIDE,
    "small": SMALL,
    "large": LARGE,
}
CLASSES = (models.CLASS, models.TAGS)


@pytest.fixture
def embedded() -> Iterator[InferenceHTTPClient]:
    """The same client on the embedded backend, in this process."""
    backend = LocalBackend(builtin_models=False)
    register_analytic_models(backend)
    with InferenceHTTPClient.embedded(backend) as client:
        yield client


def answers(client: InferenceHTTPClient, mode: str, model: Model, image: bytes | list[bytes], **settings: Any) -> Any:
    select(client, mode)
    has_text = model in CLASSES or settings.get("visualize_labels")
    drawings = frozenset({"visualization"}) if has_text else frozenset[str]()
    with client.use_configuration(InferenceConfiguration(**settings)):
        answer = cast("Any", client.infer(image, model_id=model.model_id))
    return comparable(answer, only_sizes=drawings)


@every_model
@every_mode
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_one_image(
    client: InferenceHTTPClient, embedded: InferenceHTTPClient, mode: str, model: Model, scene: Scene
) -> None:
    assert answers(embedded, mode, model, scene.png) == answers(client, mode, model, scene.png)


@every_model
@pytest.mark.parametrize(("mode", "batch"), [("v0", 1), ("v1", 1), ("v1", 4)])
def test_a_list(
    client: InferenceHTTPClient, embedded: InferenceHTTPClient, mode: str, model: Model, batch: int
) -> None:
    pictures = [scene.png for scene in (*MARCH, EMPTY, OFF_GRID, WIDE)]
    settings = {"max_batch_size": batch}
    ours = answers(embedded, mode, model, pictures, **settings)
    assert ours == answers(client, mode, model, pictures, **settings)
    assert len(ours) == len(pictures)


@every_model
@every_mode
@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.75, 0.85, 0.95, "default"])
def test_thresholds(
    client: InferenceHTTPClient, embedded: InferenceHTTPClient, mode: str, model: Model, threshold: Any
) -> None:
    settings = {"confidence_threshold": threshold}
    assert answers(embedded, mode, model, THREE.png, **settings) == answers(client, mode, model, THREE.png, **settings)


SUPPRESSION: dict[str, dict[str, Any]] = {
    "agnostic": {"class_agnostic_nms": True},
    "agnostic, loose": {"class_agnostic_nms": True, "iou_threshold": 0.7},
    "one class": {"class_filter": ["blue"]},
    "unknown class": {"class_filter": ["violet"]},
    "one box": {"max_detections": 1},
}


@pytest.mark.parametrize("model", [models.BOXES, models.MASKS, models.POINTS], ids=lambda model: model.model_id)
@pytest.mark.parametrize("settings", SUPPRESSION.values(), ids=SUPPRESSION.keys())
def test_suppression_and_filters(
    client: InferenceHTTPClient, embedded: InferenceHTTPClient, model: Model, settings: dict[str, Any]
) -> None:
    ours = answers(embedded, "v1", model, NESTED.png, **settings)
    assert ours == answers(client, "v1", model, NESTED.png, **settings)


@every_mode
@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_masks_as_run_lengths(
    client: InferenceHTTPClient, embedded: InferenceHTTPClient, mode: str, scene: Scene
) -> None:
    settings = {"response_mask_format": "rle"}
    ours = answers(embedded, mode, models.MASKS, scene.png, **settings)
    assert ours == answers(client, mode, models.MASKS, scene.png, **settings)


@every_mode
@pytest.mark.parametrize(
    "model", [model for model in models.ALL if model is not models.SEMANTIC], ids=lambda model: model.model_id
)
def test_drawings(client: InferenceHTTPClient, embedded: InferenceHTTPClient, mode: str, model: Model) -> None:
    drawn = {"format": "image_and_json"} if mode == "v0" else {"visualize_predictions": True}
    for more in ({}, {"stroke_width": 4}, {"visualize_labels": True}):
        ours = answers(embedded, mode, model, THREE.png, **drawn, **more)
        assert ours == answers(client, mode, model, THREE.png, **drawn, **more)


@every_mode
@pytest.mark.parametrize(
    "model", [model for model in models.ALL if model not in CLASSES], ids=lambda model: model.model_id
)
def test_downsized(client: InferenceHTTPClient, embedded: InferenceHTTPClient, mode: str, model: Model) -> None:
    settings = {"client_downsizing_disabled": False, "default_max_input_size": 640}
    ours = answers(embedded, mode, model, LARGE.png, **settings)
    assert ours == answers(client, mode, model, LARGE.png, **settings)


def test_refusals(client: InferenceHTTPClient, embedded: InferenceHTTPClient) -> None:
    """The words of a refusal may differ, its kind may not."""

    def refusal(of: InferenceHTTPClient, model_id: str) -> HTTPCallErrorError:
        of.configure(InferenceConfiguration(max_retries=0))
        with pytest.raises(HTTPCallErrorError) as caught:
            of.detect_objects(THREE.png, model_id=model_id)
        return caught.value

    for model_id in ("a/b/c/d", models.MISSING):
        ours, theirs = refusal(embedded, model_id), refusal(client, model_id)
        assert ours.api_message
        assert theirs.api_message
        # An offline server cannot ask the platform about a model; the embedded backend knows that there is none.
        expected = (404, 503) if model_id == models.MISSING else (400, 400)
        assert (ours.status_code, theirs.status_code) == expected


def test_registry(client: InferenceHTTPClient, embedded: InferenceHTTPClient) -> None:
    for one in (client, embedded):
        one.unload_all_models()
    for model in models.ALL:
        ours, theirs = embedded.get_model_description(model.model_id), client.get_model_description(model.model_id)
        assert ours == theirs
    assert embedded.list_loaded_models() == client.list_loaded_models()
    assert embedded.unload_model(models.BOXES.model_id) == client.unload_model(models.BOXES.model_id)
    assert embedded.unload_all_models() == client.unload_all_models()
