"""What the built-in models find on real photographs, through the HTTP contract."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from local_calls import RESPONSE_OF_TASK, assert_conforms, post_json
from pictures import aruco_marker, ean13, pasted, qr_code

from inference_ext.local import LocalBackend
from inference_ext.local.models import codes, exposure, faces, foreground, markers, objects, sharpness
from inference_ext.local.photographs import PHOTOGRAPHS, photograph

ROUTE_AND_TASK = {
    "faces/1": ("object_detection", "object-detection"),
    "codes/1": ("object_detection", "object-detection"),
    "objects/1": ("instance_segmentation", "instance-segmentation"),
    "markers/1": ("keypoints_detection", "keypoint-detection"),
    "foreground/1": ("semantic_segmentation", "semantic-segmentation"),
    "sharpness/1": ("classification", "classification"),
    "exposure/1": ("classification", "multi-label-classification"),
}


@pytest.fixture(scope="module")
def backend() -> LocalBackend:
    return LocalBackend()


def infer(backend: LocalBackend, model_id: str, image: npt.NDArray[np.uint8], **options: Any) -> dict[str, Any]:
    """The answer to one image, checked against the server's schema."""
    encoded, data = cv2.imencode(".png", image)
    assert encoded
    route, task = ROUTE_AND_TASK[model_id]
    entry = {"type": "base64", "value": base64.b64encode(data.tobytes()).decode()}
    answer = post_json(backend, f"/infer/{route}", {"model_id": model_id, "image": entry, **options})
    assert answer.status == 200, answer.body
    assert_conforms(answer.json, RESPONSE_OF_TASK[task])
    assert answer.json["image"] == {"width": image.shape[1], "height": image.shape[0]}
    content: dict[str, Any] = answer.json
    return content


def edges(prediction: dict[str, Any]) -> tuple[float, float, float, float]:
    x, y, width, height = (prediction[key] for key in ("x", "y", "width", "height"))
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def test_the_models_are_there(backend: LocalBackend) -> None:
    assert set(backend.model_ids) == set(ROUTE_AND_TASK)
    assert LocalBackend(builtin_models=False).model_ids == ()


def test_the_astronauts_face_is_found_and_nothing_else(backend: LocalBackend) -> None:
    (face,) = infer(backend, "faces/1", photograph("astronaut").load())["predictions"]
    left, top, right, bottom = edges(face)
    # Eyes, nose and mouth lie in x 190..260, y 90..150 of the picture.
    assert left <= 190
    assert top <= 90
    assert right >= 255
    assert bottom >= 150
    assert face["width"] < 140
    assert face["class"] == "face"


@pytest.mark.parametrize("name", sorted(set(PHOTOGRAPHS) - {"astronaut"}))
def test_no_face_is_found_where_there_is_none(backend: LocalBackend, name: str) -> None:
    assert infer(backend, "faces/1", photograph(name).load())["predictions"] == []


def test_two_astronauts_have_two_faces() -> None:
    picture = photograph("astronaut").load()
    both = np.hstack([picture, picture[:, ::-1]])
    found = sorted((face.x_min + face.x_max) / 2 for face in faces.predict(both) if face.confidence > 0.4)
    assert len(found) == 2
    assert 190 < found[0] < 260
    assert 764 < found[1] < 834


def test_faces_scale_with_the_picture() -> None:
    picture = photograph("astronaut").load()
    large = np.asarray(cv2.resize(picture, None, fx=3, fy=3), np.uint8)
    (face,) = [face for face in faces.predict(large) if face.confidence > 0.4]
    assert 170 < (face.x_min + face.x_max) / 2 / 3 < 260
    assert faces.predict(np.zeros((8, 8, 3), np.uint8)) == []


def test_every_coin_is_an_object_with_its_own_outline(backend: LocalBackend) -> None:
    picture = photograph("coins").load()
    coins = infer(backend, "objects/1", picture)["predictions"]
    assert 22 <= len(coins) <= 25  # there are 24, one of them cut off by the picture's edge
    for coin in coins:
        assert 30 < coin["width"] < 75
        assert 30 < coin["height"] < 75
        outline = np.array([(point["x"], point["y"]) for point in coin["points"]], np.float32)
        # Coins are round: the polygon fills about pi/4 of its box.
        assert 0.65 < cv2.contourArea(outline) / (coin["width"] * coin["height"]) < 0.85
        # And brighter than what is around them.
        mask = np.zeros(picture.shape[:2], np.uint8)
        cv2.fillPoly(mask, [outline.astype(np.int32)], (1,))
        ring = np.asarray(cv2.dilate(mask, np.ones((9, 9), np.uint8)) - mask, bool)
        assert picture[mask > 0].mean() > picture[ring].mean() + 10


def test_coins_do_not_overlap() -> None:
    covered = np.zeros(photograph("coins").load().shape[:2], np.int32)
    for instance in objects.predict(photograph("coins").load()):
        assert instance.mask is not None
        covered += instance.mask
    assert covered.max() == 1


def test_the_cup_is_an_object() -> None:
    found = [instance for instance in objects.predict(photograph("coffee").load()) if instance.confidence > 0.4]
    largest = max(found, key=lambda instance: (instance.x_max - instance.x_min) * (instance.y_max - instance.y_min))
    assert 150 < largest.x_min < 190
    assert 380 < largest.x_max < 425


def test_objects_of_a_large_picture_keep_their_place() -> None:
    picture = np.full((1500, 2000, 3), 40, np.uint8)
    cv2.rectangle(picture, (300, 200), (900, 700), (200, 210, 220), cv2.FILLED)
    cv2.circle(picture, (1500, 1000), 250, (30, 120, 240), cv2.FILLED)
    square, disc = sorted(objects.predict(picture), key=lambda instance: instance.x_min)
    assert np.allclose((square.x_min, square.y_min, square.x_max, square.y_max), (300, 200, 901, 701), atol=12)
    assert np.allclose((disc.x_min, disc.y_min, disc.x_max, disc.y_max), (1250, 750, 1751, 1251), atol=12)
    assert square.mask is not None
    assert square.mask.shape == (1500, 2000)


@pytest.mark.parametrize("text", ["https://example.org/coins", "inference 1.8.3", "0123456789" * 5])
def test_a_qr_code_on_a_photograph_is_found_and_read(backend: LocalBackend, text: str) -> None:
    code = qr_code(text, module=4)
    picture = pasted(photograph("coffee").load(), code, 290, 60)
    (found,) = infer(backend, "codes/1", picture)["predictions"]
    assert found["class"] == "qr_code"
    margin = 24  # our frame of 4 modules and the 2 that the encoder adds
    expected = (290 + margin, 60 + margin, 290 + code.shape[1] - margin, 60 + code.shape[0] - margin)
    assert np.allclose(edges(found), expected, atol=8)
    assert [code.text for code in codes.read_codes(picture)] == [text]


def test_two_kinds_of_codes_on_one_photograph() -> None:
    picture = pasted(photograph("hubble").load(), qr_code("left"), 60, 100)
    picture = pasted(picture, ean13("400638133393"), 500, 500)
    assert {(code.kind, code.text) for code in codes.read_codes(picture)} == {
        ("qr_code", "left"),
        ("barcode", "4006381333931"),
    }


@pytest.mark.parametrize("name", sorted(PHOTOGRAPHS))
def test_photographs_carry_neither_codes_nor_markers(backend: LocalBackend, name: str) -> None:
    assert infer(backend, "codes/1", photograph(name).load())["predictions"] == []
    assert infer(backend, "markers/1", photograph(name).load())["predictions"] == []


def test_marker_corners_are_exact(backend: LocalBackend) -> None:
    picture = pasted(photograph("brick").load(), aruco_marker(7), 100, 200)
    picture = pasted(picture, aruco_marker(23, size=60), 300, 60)
    found = {entry["class"]: entry for entry in infer(backend, "markers/1", picture)["predictions"]}
    assert set(found) == {"marker_7", "marker_23"}
    corners = {point["class"]: (point["x"], point["y"]) for point in found["marker_7"]["keypoints"]}
    assert set(corners) == set(markers.KEYPOINT_NAMES)
    expected = {
        "top_left": (124, 224),
        "top_right": (244, 224),
        "bottom_right": (244, 344),
        "bottom_left": (124, 344),
    }
    for name, place in expected.items():
        assert np.allclose(corners[name], place, atol=1.5), name


def test_a_turned_marker_keeps_the_names_of_its_corners() -> None:
    picture = pasted(photograph("grass").load(), aruco_marker(3), 100, 100)
    turned = np.ascontiguousarray(np.rot90(picture, 2))
    (marker,) = markers.predict(turned)
    corners = {point.name: (point.x, point.y) for point in marker.keypoints}
    # Half a turn takes the top left corner (124, 124) to the bottom right of the marker.
    assert np.allclose(corners["top_left"], (512 - 124, 512 - 124), atol=1.5)


def test_the_cup_is_foreground_and_the_table_is_not() -> None:
    labels = foreground.predict(photograph("coffee").load()).labels
    assert labels[60:230, 190:370].mean() > 0.95
    assert labels[:, :30].mean() < 0.1
    assert labels[:40, 450:].mean() < 0.1


def test_the_astronaut_is_foreground_and_the_wall_is_not(backend: LocalBackend) -> None:
    answer = infer(backend, "foreground/1", photograph("astronaut").load())["predictions"]
    assert answer["class_map"] == {"0": "background", "1": "foreground"}
    assert answer["present_class_ids"] == [0, 1]
    mask = cv2.imdecode(np.frombuffer(base64.b64decode(answer["segmentation_mask"]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert mask[70:160, 190:260].mean() > 0.95  # the face
    assert mask[250:400, 100:300].mean() > 0.9  # the suit
    assert mask[20:100, 300:380].mean() < 0.1  # the wall


def test_foreground_repeats_itself_and_survives_an_empty_picture() -> None:
    picture = photograph("cat").load()
    assert np.array_equal(foreground.predict(picture).labels, foreground.predict(picture).labels)
    for shape in ((40, 60, 3), (3, 200, 3), (1, 1, 3)):
        assert foreground.predict(np.full(shape, 90, np.uint8)).labels.sum() == 0


@pytest.mark.parametrize("name", sorted(set(PHOTOGRAPHS) - {"clock"}))
def test_sharp_photographs_are_sharp_until_they_are_blurred(backend: LocalBackend, name: str) -> None:
    picture = photograph(name).load()
    assert infer(backend, "sharpness/1", picture)["top"] == "sharp"
    radius = 4 * max(1.0, max(picture.shape) / 512)
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), radius), np.uint8)
    assert infer(backend, "sharpness/1", blurred)["top"] == "blurred"


def test_the_motion_blurred_clock_is_blurred(backend: LocalBackend) -> None:
    answer = infer(backend, "sharpness/1", photograph("clock").load())
    assert answer["top"] == "blurred"
    assert answer["confidence"] > 0.8


def test_a_picture_without_anything_on_it_is_neither_sharp_nor_blurred() -> None:
    assert sharpness.predict(np.zeros((64, 64, 3), np.uint8)).scores == {"sharp": 0.5, "blurred": 0.5}


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("astronaut", {"colourful"}),
        ("coffee", {"colourful"}),
        ("hubble", {"dark", "low_contrast"}),
        ("coins", set()),
        ("camera", set()),
        ("clock", {"low_contrast"}),
    ],
)
def test_tags_of_photographs(backend: LocalBackend, name: str, tags: set[str]) -> None:
    answer = infer(backend, "exposure/1", photograph(name).load())
    assert set(answer["predicted_classes"]) == tags
    assert set(answer["predictions"]) == set(exposure.CLASS_NAMES)


def test_exposure_follows_the_light(backend: LocalBackend) -> None:
    picture = photograph("camera").load()
    dim, bright = picture // 4, 255 - (255 - picture) // 5
    assert "dark" in infer(backend, "exposure/1", dim)["predicted_classes"]
    assert "bright" in infer(backend, "exposure/1", bright)["predicted_classes"]


@pytest.mark.parametrize("model_id", sorted(ROUTE_AND_TASK))
@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 300, 3), (300, 1, 3), (17, 23, 3)])
def test_every_model_survives_tiny_pictures(backend: LocalBackend, model_id: str, shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    infer(backend, model_id, noise)
    infer(backend, model_id, np.zeros(shape, np.uint8))
