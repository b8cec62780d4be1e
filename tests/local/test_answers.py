"""The rules by which detections become answers, for any detections."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from local_calls import assert_conforms, post_json
from wire_cases import base64_text

from inference_ext.local import Detection, LocalBackend
from inference_ext.local.answers.masks import mask_of_polygon, polygon_of_mask, rle_of_mask, run_lengths
from inference_ext.local.answers.suppression import kept_detections, overlaps

WIDTH, HEIGHT = 97, 61  # of the picture `small`
CLASSES = ("a", "b", "c")


@st.composite
def detections(draw: st.DrawFn) -> list[Detection]:
    """Detections inside and around the picture `small`."""
    place = st.floats(-50, 200, width=32)
    found: list[Detection] = []
    for _ in range(draw(st.integers(0, 12))):
        xs, ys = sorted((draw(place), draw(place))), sorted((draw(place), draw(place)))
        confidence = draw(st.floats(0, 1, width=32))
        found.append(Detection(xs[0], ys[0], xs[1], ys[1], draw(st.sampled_from(CLASSES)), confidence))
    return found


def answered(returned: list[Detection], **options: Any) -> list[dict[str, Any]]:
    backend = LocalBackend(builtin_models=False)
    backend.register("mine/1", task="object-detection", class_names=CLASSES, predict=lambda _image: returned)
    entry = {"type": "base64", "value": base64_text("small")}
    answer = post_json(backend, "/infer/object_detection", {"model_id": "mine/1", "image": entry, **options})
    assert answer.status == 200, answer.body
    assert_conforms(answer.json, "ObjectDetectionInferenceResponse")
    predictions: list[dict[str, Any]] = answer.json["predictions"]
    return predictions


def wire_box(detection: Detection) -> tuple[float, float, float, float]:
    """Clipped to the picture, rounded to whole pixels, as centre and size."""
    x_min, x_max = (float(np.rint(np.clip(np.float32(x), 0, WIDTH))) for x in (detection.x_min, detection.x_max))
    y_min, y_max = (float(np.rint(np.clip(np.float32(y), 0, HEIGHT))) for y in (detection.y_min, detection.y_max))
    return (x_min + x_max) / 2, (y_min + y_max) / 2, x_max - x_min, y_max - y_min


@given(detections())
@settings(deadline=None)
def test_without_suppression_everything_above_the_threshold_arrives_best_first(returned: list[Detection]) -> None:
    expected = [item for item in returned if np.float32(item.confidence) > np.float32(0.25)]
    expected.sort(key=lambda item: -item.confidence)
    predictions = answered(returned, confidence=0.25, iou_threshold=1.0)
    assert [item["confidence"] for item in predictions] == [item.confidence for item in expected]
    assert [item["class"] for item in predictions] == [item.class_name for item in expected]
    assert [item["class_id"] for item in predictions] == [CLASSES.index(item.class_name) for item in expected]
    boxes = [tuple(item[key] for key in ("x", "y", "width", "height")) for item in predictions]
    assert boxes == [wire_box(item) for item in expected]
    assert len({item["detection_id"] for item in predictions}) == len(predictions)


@given(detections(), st.integers(0, 5), st.sets(st.sampled_from(CLASSES), min_size=1))
@settings(deadline=None)
def test_the_limit_comes_before_the_class_filter(returned: list[Detection], limit: int, names: set[str]) -> None:
    everything = answered(returned, confidence=0, iou_threshold=1.0)
    some = answered(returned, confidence=0, iou_threshold=1.0, max_detections=limit, class_filter=sorted(names))
    kept = [item for item in everything[:limit] if item["class"] in names]
    assert [item["confidence"] for item in some] == [item["confidence"] for item in kept]


boxes_and_scores = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(1, 40),
        st.integers(1, 40),
        st.floats(0.1, 1),
        st.integers(0, 2),
    ),
    max_size=15,
)


@given(boxes_and_scores, st.floats(0.05, 0.95), st.booleans())
def test_suppression_keeps_the_best_of_every_cluster(
    entries: list[tuple[int, int, int, int, float, int]], limit: float, agnostic: bool
) -> None:
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h, _, _ in entries], np.float32).reshape(-1, 4)
    scores = np.array([entry[4] for entry in entries], np.float32)
    classes = np.array([entry[5] for entry in entries], np.int64)
    kept = kept_detections(
        boxes, scores, classes, threshold=0.0, iou_threshold=limit, class_agnostic=agnostic, max_detections=300
    )
    assert [float(scores[index]) for index in kept] == sorted((float(scores[index]) for index in kept), reverse=True)

    def rivals(one: int, other: int) -> bool:
        return (agnostic or classes[one] == classes[other]) and bool(
            float(overlaps(boxes[one], boxes[[other]])[0]) > limit
        )

    for position, index in enumerate(kept):
        assert not any(rivals(index, better) for better in kept[:position])
    for index in set(range(len(entries))) - set(kept):
        assert any(rivals(index, better) and scores[better] >= scores[index] for better in kept)


masks = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))


def decoded_rle(rle: dict[str, Any]) -> npt.NDArray[np.bool_]:
    """COCO's decoder, written from the format's description: 5 bits per character, differences from the fourth run."""
    counts: list[int] = []
    position, text = 0, rle["counts"]
    while position < len(text):
        number, shift, more = 0, 0, True
        while more:
            group = ord(text[position]) - 48
            number |= (group & 0x1F) << shift
            more = bool(group & 0x20)
            position, shift = position + 1, shift + 5
            if not more and group & 0x10:
                number |= -1 << shift
        counts.append(number + counts[-2] if len(counts) > 2 else number)
    height, width = rle["size"]
    pixels = np.repeat(np.arange(len(counts)) % 2 == 1, counts)
    return pixels.reshape((height, width), order="F")


@given(masks)
def test_run_length_encoding_gives_the_mask_back(mask: npt.NDArray[np.bool_]) -> None:
    assert sum(run_lengths(mask)) == mask.size
    assert np.array_equal(decoded_rle(rle_of_mask(mask)), mask)


def test_a_known_run_length_encoding() -> None:
    # From COCO's own tools: a 3 x 4 picture whose second column is set.
    mask = np.zeros((3, 4), np.bool_)
    mask[:, 1] = True
    assert rle_of_mask(mask) == {"size": [3, 4], "counts": "336"}


@given(masks)
def test_polygon_corners_lie_on_the_mask(mask: npt.NDArray[np.bool_]) -> None:
    points = polygon_of_mask(mask)
    assert bool(points) == bool(mask.any())
    assert all(mask[int(point["y"]), int(point["x"])] for point in points)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(2, 20), st.integers(2, 20))
def test_a_rectangles_polygon_gives_the_rectangle_back(x: int, y: int, width: int, height: int) -> None:
    mask = np.zeros((50, 50), np.bool_)
    mask[y : y + height, x : x + width] = True
    corners = [(point["x"], point["y"]) for point in polygon_of_mask(mask)]
    assert len(corners) == 4
    assert np.array_equal(mask_of_polygon(corners, 50, 50), mask)
