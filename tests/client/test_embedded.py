"""The main job without a server: the client on the embedded backend, in process, on real photographs."""

from __future__ import annotations

import asyncio
from collections.abc import Generator

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells

from inference_ext import (
    ClassificationResult,
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    MultiLabelClassificationResult,
)
from inference_ext.local import Detection, LocalBackend
from inference_ext.local.photographs import photograph

ASTRONAUT = photograph("astronaut")
COINS = photograph("coins")
modes = pytest.mark.parametrize("mode", ["v0", "v1"])


@pytest.fixture(scope="module")
def embedded() -> Generator[InferenceHTTPClient]:
    with InferenceHTTPClient.embedded() as client:
        yield client


def choose(client: InferenceHTTPClient, mode: str) -> None:
    client.configure(InferenceConfiguration())
    _ = client.select_api_v0() if mode == "v0" else client.select_api_v1()


@both_shells
@modes
def test_boxes(invoke: Invoke, embedded: InferenceHTTPClient, mode: str) -> None:
    choose(embedded, mode)
    faces = invoke(embedded, "detect_objects", ASTRONAUT.path, model_id="faces/1")
    (face,) = faces.predictions
    assert (face.x, face.y) == pytest.approx((224, 115), abs=15)  # the middle of her face
    assert face.class_ == "face"
    drawn = faces.annotate(ASTRONAUT.path)
    changed = np.argwhere((drawn != ASTRONAUT.load()).any(axis=2))
    assert changed[:, 1].min() >= face.x - face.width / 2 - 4
    assert changed[:, 0].max() <= face.y + face.height / 2 + 4


@both_shells
@modes
def test_instances(invoke: Invoke, embedded: InferenceHTTPClient, mode: str) -> None:
    choose(embedded, mode)
    embedded.configure(InferenceConfiguration(response_mask_format="rle"))
    as_rle = invoke(embedded, "segment_instances", COINS.path, model_id="objects/1")
    choose(embedded, mode)
    as_polygons = invoke(embedded, "segment_instances", COINS.path, model_id="objects/1")
    assert len(as_rle.predictions) == len(as_polygons.predictions) == 24
    assert as_polygons.annotate(COINS.path).shape == as_rle.annotate(COINS.path).shape == COINS.load().shape


@both_shells
@modes
def test_semantic_mask(invoke: Invoke, embedded: InferenceHTTPClient, mode: str) -> None:
    choose(embedded, mode)
    result = invoke(embedded, "segment_semantic", ASTRONAUT.path, model_id="foreground/1")
    mask = result.class_ids()
    assert mask.shape == ASTRONAUT.load().shape[:2]
    assert result.predictions.class_map[str(mask[300, 200])] == "foreground"  # her suit
    assert result.predictions.class_map[str(mask[40, 330])] == "background"  # the wall


@both_shells
@modes
def test_classes(invoke: Invoke, embedded: InferenceHTTPClient, mode: str) -> None:
    choose(embedded, mode)
    blurred = cv2.GaussianBlur(ASTRONAUT.load(), (0, 0), 6)
    sharp, soft = invoke(embedded, "classify", [ASTRONAUT.path, blurred], model_id="sharpness/1")
    assert isinstance(sharp, ClassificationResult)
    assert (sharp.top, soft.top) == ("sharp", "blurred")
    tags = invoke(embedded, "classify", ASTRONAUT.load() // 8, model_id="exposure/1")
    assert isinstance(tags, MultiLabelClassificationResult)
    assert "dark" in tags.predicted_classes


@both_shells
@modes
def test_keypoints(invoke: Invoke, embedded: InferenceHTTPClient, mode: str) -> None:
    choose(embedded, mode)
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    scene = np.full((400, 600, 3), 255, np.uint8)
    scene[120:280, 220:380] = cv2.aruco.generateImageMarker(dictionary, 7, 160)[:, :, None]
    (marker,) = invoke(embedded, "detect_keypoints", scene, model_id="markers/1").predictions
    corners = sorted((point.x, point.y) for point in marker.keypoints if 215 < point.x < 385)
    expected = sorted([(220, 120), (380, 120), (380, 280), (220, 280)])
    for found, truth in zip(corners[:2] + corners[-2:], expected, strict=True):
        assert found == pytest.approx(truth, abs=2)


def test_own_function_is_a_model_of_the_client() -> None:
    backend = LocalBackend()

    @backend.register("halves/1", task="object-detection", class_names=["left"])
    def halves(image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[Detection]:
        height, width = image.shape[:2]
        return [Detection(x_min=0, y_min=0, x_max=width / 2, y_max=height, class_name="left", confidence=0.5)]

    with InferenceHTTPClient.embedded(backend) as client:
        (box,) = client.detect_objects(COINS.path, model_id="halves/1").predictions
        assert (box.width, box.height) == (192, 303)
        assert client.get_model_description("halves/1").task_type == "object-detection"


@both_shells
@pytest.mark.parametrize("limit", [None, 1, 2, 3])
@pytest.mark.parametrize("names", [["red"], ["blue", "red"], ["violet"], []])
def test_class_filter_and_pictures_are_the_same_in_both_modes(
    invoke: Invoke, limit: int | None, names: list[str]
) -> None:
    """In v1 the server filters and draws by itself; in v0 the client filters, and asks in other words to draw."""
    backend = LocalBackend()

    @backend.register("colours/1", task="object-detection", class_names=["blue", "green", "red"])
    def colours(_: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[Detection]:
        found = [("green", 0.9), ("red", 0.8), ("blue", 0.7), ("red", 0.6)]
        return [
            Detection(x_min=40 * at, y_min=0, x_max=40 * at + 30, y_max=30, class_name=name, confidence=score)
            for at, (name, score) in enumerate(found)
        ]

    settings = InferenceConfiguration(class_filter=names, max_detections=limit)
    with InferenceHTTPClient.embedded(backend) as client:
        client.configure(settings)
        v0 = invoke(client, "infer_from_api_v0", COINS.path, model_id="colours/1")
        v1 = invoke(client, "infer_from_api_v1", COINS.path, model_id="colours/1")
        assert without_ids(v0["predictions"]) == without_ids(v1["predictions"])
        client.configure(InferenceConfiguration(visualize_predictions=True, output_visualisation_format="numpy"))
        pictures = [
            invoke(client, f"infer_from_api_{mode}", COINS.path, model_id="colours/1")["visualization"]
            for mode in ("v0", "v1")
        ]
    np.testing.assert_array_equal(*pictures)


def without_ids(predictions: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in one.items() if name != "detection_id"} for one in predictions]


@both_shells
def test_unknown_model_is_told_in_the_servers_words(invoke: Invoke, embedded: InferenceHTTPClient) -> None:
    choose(embedded, "v1")
    with pytest.raises(HTTPCallErrorError, match="nothing/1") as caught:
        invoke(embedded, "infer", ASTRONAUT.path, model_id="nothing/1")
    assert caught.value.status_code in (400, 404, 500)


def test_threads_and_tasks_share_it(embedded: InferenceHTTPClient) -> None:
    choose(embedded, "v1")
    results = embedded.classify([ASTRONAUT.path, COINS.path] * 6, model_id="sharpness/1")
    assert len(results) == 12

    async def gathered() -> list[object]:
        calls = (embedded.classify_async(COINS.path, model_id="sharpness/1") for _ in range(12))
        return list(await asyncio.gather(*calls))

    assert len(asyncio.run(gathered())) == 12
