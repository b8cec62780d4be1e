"""The calls whose answers were recorded from a real server 1.8.3, and the pictures they send.

A case is pure data: `request_of` turns it into method, path with query, headers and body. The recorder
(`record_real_server.py`) sends the cases to a real server; `test_recorded_answers.py` sends the same bytes
to the embedded backend and compares.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)
FORM = "application/x-www-form-urlencoded"


def _canvas(width: int, height: int, *rectangles: tuple[tuple[int, int, int], int, int, int, int]) -> Image:
    """Dark grey BGR picture with filled rectangles given as (colour, x_min, y_min, x_max, y_max)."""
    image = np.full((height, width, 3), 60, np.uint8)
    for colour, x_min, y_min, x_max, y_max in rectangles:
        image[y_min:y_max, x_min:x_max] = colour
    return image


def _l_shapes() -> Image:
    """Red frame around a blue square: two boxes of different classes that overlap (IoU 0.64)."""
    image = _canvas(640, 640, (RED, 100, 100, 500, 500))
    image[140:460, 140:460] = BLUE
    return image


PICTURES: dict[str, Image] = {
    "two": _canvas(640, 480, (RED, 50, 100, 250, 200), (BLUE, 400, 300, 560, 420)),
    "green": _canvas(640, 480, (GREEN, 200, 200, 440, 300)),
    "empty": _canvas(640, 480),
    "overlap": _l_shapes(),
    "three": _canvas(1000, 333, (RED, 11, 7, 313, 101), (GREEN, 500, 50, 777, 303), (BLUE, 840, 200, 999, 332)),
    "small": _canvas(97, 61, (GREEN, 0, 0, 31, 61), (RED, 40, 10, 90, 50)),
    "large": _canvas(1600, 1200, (BLUE, 333, 222, 1111, 999)),
}


def png(name: str) -> bytes:
    """PNG file of a picture; decodes to exactly its pixels."""
    encoded, data = cv2.imencode(".png", PICTURES[name])
    assert encoded
    return data.tobytes()


def rotated_jpeg() -> bytes:
    """JPEG of the picture `two` whose EXIF orientation says: turn a quarter clockwise to view (6)."""
    encoded, data = cv2.imencode(".jpg", PICTURES["two"], [cv2.IMWRITE_JPEG_QUALITY, 100])
    assert encoded
    tiff = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    exif = b"Exif\x00\x00" + tiff
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    file = data.tobytes()
    return file[:2] + segment + file[2:]


def grey_png() -> bytes:
    """One-channel PNG (the server reads every file as three channels)."""
    encoded, data = cv2.imencode(".png", PICTURES["two"][:, :, 2])
    assert encoded
    return data.tobytes()


FILES: dict[str, bytes] = {name: png(name) for name in PICTURES}
FILES["rotated"] = rotated_jpeg()
FILES["grey"] = grey_png()


def base64_text(name: str) -> str:
    """Base64 text of one of FILES."""
    return base64.b64encode(FILES[name]).decode("ascii")


@dataclass(frozen=True)
class Case:
    """One call. `json_body` may hold `{"picture": NAME}` where an image entry belongs."""

    name: str
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None
    json_body: Any = None
    text_body: str | None = None
    picture: str | None = None


def _fill_pictures(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"picture"}:
            return {"type": "base64", "value": base64_text(value["picture"])}
        return {key: _fill_pictures(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill_pictures(item) for item in value]
    return value


def request_of(case: Case) -> tuple[str, str, dict[str, str], bytes]:
    """Method, target, headers and body of a case."""
    target = case.path + ("?" + urlencode(case.query) if case.query else "")
    headers: dict[str, str] = {}
    body = b""
    if case.json_body is not None:
        body = json.dumps(_fill_pictures(case.json_body)).encode()
        headers["Content-Type"] = "application/json"
    elif case.picture is not None:
        body = base64_text(case.picture).encode()
        headers["Content-Type"] = FORM
    elif case.text_body is not None:
        body = case.text_body.encode()
    if case.content_type is not None:
        headers["Content-Type"] = case.content_type
    return case.method, target, headers, body


TASK_MODELS = {
    "color-boxes/1": "object_detection",
    "color-masks/1": "instance_segmentation",
    "color-points/1": "keypoints_detection",
    "color-class/1": "classification",
    "color-tags/1": "classification",
    "color-sem/1": "semantic_segmentation",
}


def _v0(name: str, model: str, picture: str = "two", **query: str) -> Case:
    return Case(f"v0 {name}", "POST", f"/{model}", query=query, picture=picture)


def _v1(name: str, model: str, image: Any = "two", route: str | None = None, **fields: Any) -> Case:
    entry = {"picture": image} if isinstance(image, str) else image
    body = {"model_id": model, "image": entry, **fields}
    return Case(f"v1 {name}", "POST", f"/infer/{route or TASK_MODELS[model]}", json_body=body)


def _raw_v1(name: str, **body: Any) -> Case:
    return Case(f"v1 {name}", "POST", "/infer/object_detection", json_body=body)


def _cases() -> list[Case]:
    cases: list[Case] = []
    for model, route in TASK_MODELS.items():
        for picture in ("two", "green", "empty", "three", "small", "large", "overlap", "grey", "rotated"):
            cases.append(_v1(f"{model} {picture}", model, picture))
        cases += [
            _v0(f"{model} two", model),
            _v0(f"{model} empty", model, "empty"),
            _v0(f"{model} image", model, format="image"),
            _v0(f"{model} image empty", model, "empty", format="image"),
            _v0(f"{model} image_and_json", model, format="image_and_json", stroke="3", labels="true"),
            _v0(f"{model} best", model, confidence="best"),
            _v1(f"{model} list of one", model, [{"picture": "two"}]),
            _v1(f"{model} list of two", model, [{"picture": "two"}, {"picture": "green"}]),
            _v1(f"{model} empty list", model, []),
            _v1(f"{model} list with a bad image", model, [{"picture": "two"}, {"type": "base64", "value": "AAAA"}]),
            _v1(f"{model} visualised", model, visualize_predictions=True),
            _v1(f"{model} visualised empty", model, "empty", visualize_predictions=True),
            _v1(f"{model} visualised list", model, [{"picture": "two"}], visualize_predictions=True),
            _v1(
                f"{model} visualised labels",
                model,
                visualize_predictions=True,
                visualization_labels=True,
                visualization_stroke_width=4,
            ),
            _v1(f"{model} default", model, confidence="default"),
            _v1(f"{model} best", model, confidence="best"),
            _v1(f"{model} null confidence", model, confidence=None),
            _v1(f"{model} 0.95", model, confidence=0.95),
            _v1(f"{model} 0.9", model, confidence=0.9),
            _v1(f"{model} 0.89", model, confidence=0.89),
            _v1(f"{model} 0", model, confidence=0),
            _v1(f"{model} 0.9999", model, "three", confidence=0.9999),
            _v1(f"{model} 7", model, confidence=7),
            _v1(f"{model} id", model, id="my-id-1"),
            _v1(
                f"{model} on the wrong route",
                model,
                route="classification" if route != "classification" else "object_detection",
            ),
            _v1(f"{model} on the segmentation route", model, route="instance_segmentation"),
            _v1(f"{model} on the key point route", model, route="keypoints_detection"),
            _v1(f"{model} on the semantic route", model, route="semantic_segmentation"),
            _v1(f"{model} unoriented", model, "rotated", disable_preproc_auto_orient=True),
        ]
    boxes, masks, points = "color-boxes/1", "color-masks/1", "color-points/1"
    for model in (boxes, masks, points):
        cases += [
            _v1(f"{model} overlap agnostic", model, "overlap", class_agnostic_nms=True),
            _v1(f"{model} overlap agnostic 0.64", model, "overlap", class_agnostic_nms=True, iou_threshold=0.64),
            _v1(f"{model} overlap agnostic 0.7", model, "overlap", class_agnostic_nms=True, iou_threshold=0.7),
            _v1(f"{model} filter", model, "three", class_filter=["blue", "red"]),
            _v1(f"{model} filter nothing", model, "three", class_filter=[]),
            _v1(f"{model} filter unknown", model, "three", class_filter=["violet"]),
            _v1(f"{model} max 1", model, "three", max_detections=1),
            _v1(f"{model} max 1 filter", model, "three", max_detections=1, class_filter=["blue"]),
            _v1(f"{model} max 0", model, "three", max_detections=0),
            _v1(f"{model} max -1", model, "three", max_detections=-1),
            _v1(f"{model} nulls", model, class_filter=None, visualize_predictions=None, disable_preproc_contrast=None),
            _v0(f"{model} percent", model, confidence="80"),
            _v0(f"{model} overlap percent", model, "overlap", overlap="50"),
            _v0(f"{model} max 2", model, "three", max_detections="2"),
        ]
    cases += [
        _v1("masks rle", masks, "three", response_mask_format="rle"),
        _v1("masks rle visualised", masks, response_mask_format="rle", visualize_predictions=True),
        _v0("masks rle", masks, response_mask_format="rle"),
        _v0("masks bad format", masks, response_mask_format="png"),
        _v1("masks bad format", masks, response_mask_format="png"),
        _v1("masks bad decode mode", masks, mask_decode_mode="zzz"),
        _v1("masks bad tradeoff", masks, mask_decode_mode="tradeoff", tradeoff_factor=2),
        _v0("masks bad decode mode", masks, mask_decode_mode="zzz"),
        _v1("masks fast", masks, mask_decode_mode="fast"),
        _v0("boxes bad decode mode", boxes, mask_decode_mode="zzz"),
        _v1("points threshold", points, keypoint_confidence=0.8),
        _v0("points threshold", points, keypoint_confidence="0.8"),
        _v0("low confidence", "color-class/1", confidence="0.001"),
        _v0("bad confidence", boxes, confidence="abc"),
        _v0("bad stroke", boxes, stroke="abc"),
        _v0("bad labels", boxes, labels="maybe"),
        _v0("bad max", boxes, max_detections="1.5"),
        _v0("bad overlap and stroke", boxes, overlap="x", stroke="y"),
        _v0("image url", boxes, image="http://127.0.0.1:1/x.png"),
        _v0("unknown format", boxes, format="yaml"),
        _v0("extra", boxes, bogus="1"),
        _v0("image_type numpy", boxes, image_type="numpy"),
        _v1("bad confidence", boxes, confidence="zz"),
        _v1("bad confidence list", boxes, confidence=[1]),
        _v1("bad bool", boxes, visualize_predictions="maybe"),
        _v1("bool as text", boxes, visualize_predictions="no"),
        _v1("bad max", boxes, max_detections=1.5),
        _v1("max as text", boxes, max_detections="1"),
        _v1("bad max text", boxes, max_detections="many"),
        _v1("bad filter", boxes, class_filter="blue"),
        _v1("bad filter entry", boxes, class_filter=["blue", 3]),
        _v1("bad iou", boxes, iou_threshold="x"),
        _v1("bad id", boxes, id=3),
        _v1("extra", boxes, bogus=1),
        _v1("url", boxes, {"type": "url", "value": "http://127.0.0.1:1/x.png"}),
        _v1("numpy", boxes, {"type": "numpy", "value": "AAAA"}),
        _v1("unknown type", boxes, {"type": "zzz", "value": "x"}),
        _v1("type in capitals", boxes, {"type": "BASE64", "value": base64_text("two")}),
        _v1("data uri", boxes, {"type": "base64", "value": "data:image/png;base64," + base64_text("two")}),
        _v1("not an image", boxes, {"type": "base64", "value": "AAAA"}),
        _v1("bad padding", boxes, {"type": "base64", "value": "AAAAA"}),
        _v1("not base64", boxes, {"type": "base64", "value": "!!!"}),
        _v1("empty image value", boxes, {"type": "base64", "value": ""}),
        _v1("null image value", boxes, {"type": "base64"}),
        _v1("number image value", boxes, {"type": "base64", "value": 3}),
        _v1("image without type", boxes, {"value": "AAAA"}),
        _v1("image type number", boxes, {"type": 3, "value": "AAAA"}),
        _v1("image list with text", boxes, [{"picture": "two"}, "x"]),
        _raw_v1("image text", model_id=boxes, image="abc"),
        _raw_v1("image null", model_id=boxes, image=None),
        _raw_v1("no image", model_id=boxes),
        _raw_v1("no model", image={"type": "base64", "value": "AAAA"}),
        _raw_v1("nothing"),
        _raw_v1("null model", model_id=None, image={"picture": "two"}),
        _raw_v1("model without version", model_id="color-boxes", image={"picture": "two"}),
        _raw_v1("model with four parts", model_id="a/b/c/d", image={"picture": "two"}),
        _raw_v1("empty model", model_id="", image={"picture": "two"}),
        Case("v1 list body", "POST", "/infer/object_detection", json_body=[1]),
        Case("v1 broken json", "POST", "/infer/object_detection", text_body='{"a":', content_type="application/json"),
        Case("v1 cut json", "POST", "/infer/object_detection", text_body="[1,", content_type="application/json"),
        Case("v1 no body", "POST", "/infer/object_detection"),
        Case("v1 text body", "POST", "/infer/object_detection", text_body='{"a": 1}', content_type="text/plain"),
        Case(
            "v1 vendor json",
            "POST",
            "/infer/object_detection",
            text_body='{"a": 1}',
            content_type="application/vnd.x+json",
        ),
        Case("v0 no content type", "POST", f"/{boxes}", text_body=base64_text("two")),
        Case("v0 empty body", "POST", f"/{boxes}", text_body="", content_type=FORM),
        Case(
            "v0 json content type", "POST", f"/{boxes}", text_body=base64_text("two"), content_type="application/json"
        ),
        Case(
            "v0 data uri",
            "POST",
            f"/{boxes}",
            text_body="data:image/png;base64," + base64_text("two"),
            content_type=FORM,
        ),
        Case("v0 not an image", "POST", f"/{boxes}", text_body="AAAA", content_type=FORM),
        Case("v0 get", "GET", f"/{boxes}"),
        Case("v0 get with url", "GET", f"/{boxes}", query={"image": "http://127.0.0.1:1/x.png"}),
        Case("info", "GET", "/info"),
        Case("healthz", "GET", "/healthz"),
        Case("readiness", "GET", "/readiness"),
        Case("start", "GET", f"/start/{masks}"),
        Case("clear cache", "GET", "/clear_cache"),
        Case("unknown path", "GET", "/nope"),
        Case("unknown long path", "GET", "/nope/1/2/3"),
        Case("post unknown path", "POST", "/nope"),
        Case("post unknown long path", "POST", "/nope/1/2/3"),
        Case("post info", "POST", "/info"),
        Case("get infer route", "GET", "/infer/object_detection"),
        Case("put model", "PUT", f"/{boxes}"),
        Case("delete registry", "DELETE", "/model/registry"),
        Case("head healthz", "HEAD", "/healthz"),
        Case("get model add", "GET", "/model/add"),
        Case("clear", "POST", "/model/clear"),
        Case("registry empty", "GET", "/model/registry"),
        Case("add boxes", "POST", "/model/add", json_body={"model_id": boxes}),
        Case("add sem", "POST", "/model/add", json_body={"model_id": "color-sem/1"}),
        _v1("loads points", points),
        _v0("loads tags", "color-tags/1"),
        _v0("boxes once more", boxes),
        Case("registry loaded", "GET", "/model/registry"),
        Case("remove sem", "POST", "/model/remove", json_body={"model_id": "color-sem/1"}),
        Case("remove unknown", "POST", "/model/remove", json_body={"model_id": "never/9"}),
        Case("add nothing", "POST", "/model/add", json_body={}),
        Case("add bad id", "POST", "/model/add", json_body={"model_id": "a/b/c/d"}),
        Case("add number", "POST", "/model/add", json_body={"model_id": 3}),
        Case("add broken", "POST", "/model/add", text_body="{", content_type="application/json"),
        Case("add without body", "POST", "/model/add"),
        Case("remove nothing", "POST", "/model/remove", json_body={}),
        Case("clear again", "POST", "/model/clear"),
    ]
    return cases


CASES: list[Case] = _cases()
