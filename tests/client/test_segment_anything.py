from __future__ import annotations

import base64
import json
from collections.abc import Generator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from recording_server import RecordingServer, Reply, Request
from sent_images import decoded, plain

from inference_ext import (
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
)
from inference_ext.operations.core_models.segment_anything import sam3_3d
from inference_ext.results.rle import decode_rle


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = segmenting
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made.configure(InferenceConfiguration(image_format="png"))


def numpy_file(**arrays_by_name: Any) -> bytes:
    file = BytesIO()
    np.savez_compressed(file, **arrays_by_name)
    return file.getvalue()


def segmenting(request: Request) -> Reply:
    """Tells images apart by their blue value; binary answers hold it as an array."""
    value = int(decoded(request.json["image"])[0, 0, 0]) if "image" in request.json else -1
    if request.json.get("format") == "binary":
        octets = {"Content-Type": "application/octet-stream"}
        return Reply(numpy_file(masks=np.full((1, 2, 2), value)), headers=octets)
    return Reply({"seen": value, "time": 0.1})


def body(server: RecordingServer) -> dict[str, Any]:
    """The only request's body without its key and image."""
    (request,) = server.requests
    assert request.json["api_key"] == "KEY-1"
    return {name: value for name, value in request.json.items() if name not in ("api_key", "image")}


CONCEPT = [{"type": "text", "text": "car"}]
TRIANGLE = [0, 0, 5, 0, 5, 5]
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "sam_embed_image": ("/sam/embed_image", {}),
    "sam_segment_image": ("/sam/segment_image", {}),
    "sam2_embed_image": ("/sam2/embed_image", {}),
    "sam2_segment_image": ("/sam2/segment_image", {}),
    "sam3_embed_image": ("/sam3/embed_image", {}),
    "sam3_visual_segment": ("/sam3/visual_segment", {}),
    "sam3_concept_segment": ("/sam3/concept_segment", {"prompts": CONCEPT}),
    "sam3_3d_infer": ("/sam3_3d/infer", {"mask_input": TRIANGLE}),
}
BINARY = {
    "sam_embed_image": "format",
    "sam_segment_image": "format",
    "sam2_segment_image": "mask_input_format",
    "sam3_visual_segment": "mask_input_format",
    "sam3_concept_segment": "format",
}
every_call = pytest.mark.parametrize("method", list(CALLS))
every_list_call = pytest.mark.parametrize("method", [name for name in CALLS if name != "sam3_3d_infer"])
every_binary_call = pytest.mark.parametrize("method", list(BINARY))


@both_shells
@every_call
@pytest.mark.parametrize(
    ("transport", "mode", "place"),
    [("legacy", "v1", "body"), ("legacy", "v0", "query"), ("header", "v1", "header"), ("header", "v0", "header")],
)
def test_route_and_key(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    transport: Any,
    mode: str,
    place: str,
) -> None:
    (client.select_api_v0 if mode == "v0" else client.select_api_v1)()
    client.configure(
        InferenceConfiguration(api_key_transport=transport, image_format="png", source="app", count_inference=False)
    )
    path, arguments = CALLS[method]
    assert invoke(client, method, plain(5), **arguments) == {"seen": 5, "time": 0.1}
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", path)
    assert request.query.pop("countinference") == "False"
    assert request.json["source"] == "app"
    found = {
        "body": request.json.get("api_key") == "KEY-1",
        "query": request.query == {"api_key": "KEY-1"},
        "header": request.headers.get("authorization") == "Bearer KEY-1",
    }
    assert [name for name, there in found.items() if there] == [place]


@both_shells
@every_list_call
def test_every_image_is_a_request_with_the_same_prompts(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    client.configure(InferenceConfiguration(image_format="png", max_batch_size=8, max_concurrent_requests=2))
    _, arguments = CALLS[method]
    results = invoke(client, method, [plain(value) for value in range(4)], **arguments)
    assert [result["seen"] for result in results] == [0, 1, 2, 3]
    assert len({json.dumps({**request.json, "image": None}) for request in server.requests}) == 1
    assert len(server.requests) == 4
    assert invoke(client, method, [plain(9)], **arguments) == [{"seen": 9, "time": 0.1}]
    assert invoke(client, method, [], **arguments) == []


@both_shells
@every_binary_call
def test_binary_answer_comes_as_bytes(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    _, arguments = CALLS[method]
    arguments = {**arguments, BINARY[method]: "binary"}
    one = invoke(client, method, plain(3), **arguments)
    assert isinstance(one, bytes)
    np.testing.assert_array_equal(np.load(BytesIO(one))["masks"], np.full((1, 2, 2), 3))
    many = invoke(client, method, [plain(1), plain(2)], **arguments)
    assert [int(np.load(BytesIO(file))["masks"][0, 0, 0]) for file in many] == [1, 2]
    assert {request.json["format"] for request in server.requests} == {"binary"}


@both_shells
@every_binary_call
@pytest.mark.parametrize("media_type", ["text/html", "application/json"])
def test_nothing_else_passes_for_a_binary_answer(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, media_type: str
) -> None:
    server.answer = lambda _: Reply(b"{}", headers={"Content-Type": media_type})
    _, arguments = CALLS[method]
    with pytest.raises(InvalidResponseError, match="bytes of a NumPy file"):
        invoke(client, method, plain(3), **{**arguments, BINARY[method]: "binary"})


@both_shells
@every_call
@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"[1]", b"5", b'[{"a": 1}, {"a": 2}]'])
def test_answer_of_another_shape_is_an_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, answer: bytes
) -> None:
    server.answer = lambda _: Reply(answer)
    _, arguments = CALLS[method]
    with pytest.raises(InvalidResponseError):
        invoke(client, method, plain(3), **arguments)


@both_shells
def test_sam2_sends_prompts_of_numpy_numbers(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    centre, size = np.array([4.5, 3.0], np.float32), np.array([2, 3])
    prompts = [
        {"box": {"x": centre[0], "y": centre[1], "width": size[0], "height": size[1]}},
        {"points": ({"x": np.float64(1.5), "y": np.int16(2), "positive": np.array([True])[0]},)},
    ]
    invoke(
        client, "sam2_segment_image", plain(1), prompts, "hiera_large", multimask_output=False, mask_input_format="rle"
    )
    assert body(server) == {
        "sam2_version_id": "hiera_large",
        "multimask_output": False,
        "format": "rle",
        "prompts": {
            "prompts": [
                {"box": {"x": 4.5, "y": 3.0, "width": 2, "height": 3}},
                {"points": [{"x": 1.5, "y": 2, "positive": True}]},
            ]
        },
    }


@both_shells
@pytest.mark.parametrize("method", ["sam2_segment_image", "sam3_visual_segment"])
def test_masks_are_kept_for_a_call_with_one_click_more(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    for click, asked in enumerate(["save_logits_to_cache", "load_logits_from_cache"]):
        invoke(client, method, plain(1), image_id="front", **{asked: True})
        sent = server.requests[click].json
        assert (sent["image_id"], sent[asked]) == ("front", True)
        assert len({"save_logits_to_cache", "load_logits_from_cache"} & sent.keys()) == 1


@both_shells
def test_defaults_are_those_of_the_documented_client(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    expected = {
        "sam2_segment_image": {"sam2_version_id": "hiera_tiny", "multimask_output": True, "format": "json"},
        "sam3_visual_segment": {"multimask_output": True, "format": "json"},
        "sam3_embed_image": {},
        "sam3_concept_segment": {
            "model_id": "sam3/sam3_final",
            "prompts": CONCEPT,
            "output_prob_thresh": 0.5,
            "format": "polygon",
        },
        "sam3_3d_infer": {
            "model_id": "sam3-3d-objects",
            "mask_input": TRIANGLE,
            "output_meshes": True,
            "output_scene": True,
            "with_mesh_postprocess": True,
            "with_texture_baking": True,
            "use_distillations": False,
        },
    }
    for method, fields in expected.items():
        server.requests.clear()
        invoke(client, method, plain(1), **CALLS[method][1])
        assert body(server) == fields


@both_shells
def test_sam3_sends_example_boxes(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    boxes = np.arange(12, dtype=np.float32).reshape(3, 4)[:, ::2]  # a view that is not contiguous
    prompts = [{"type": "visual", "boxes": boxes, "box_labels": np.array([1, 0, 1])}]
    invoke(client, "sam3_concept_segment", plain(1), prompts, nms_iou_threshold=np.float32(0.5), format="rle")
    sent = body(server)
    assert sent["prompts"] == [{"type": "visual", "boxes": [[0, 2], [4, 6], [8, 10]], "box_labels": [1, 0, 1]}]
    assert (sent["nms_iou_threshold"], sent["format"]) == (0.5, "rle")


@both_shells
@pytest.mark.parametrize(
    "method",
    [
        "sam_embed_image",
        "sam2_embed_image",
        "sam3_embed_image",
        "sam_segment_image",
        "sam2_segment_image",
        "sam3_visual_segment",
    ],
)
def test_image_id_names_one_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    invoke(client, method, plain(1), image_id="front")
    assert body(server)["image_id"] == "front"
    with pytest.raises(InvalidParameterError, match="image_id 'front': names one image, got 2"):
        invoke(client, method, [plain(1), plain(2)], image_id="front")
    assert len(server.requests) == 1


@both_shells
def test_sam_segments_by_points_and_mask(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    low_res = np.random.default_rng(0).normal(size=(1, 256, 256)).astype(np.float32)
    invoke(
        client,
        "sam_segment_image",
        plain(1),
        point_coords=np.array([[3, 4], [5.5, 6]]),
        point_labels=[1, 0],
        mask_input=low_res,
        sam_version_id="vit_b",
    )
    sent = body(server)
    assert sent["point_coords"] == [[3.0, 4.0], [5.5, 6.0]]
    assert sent["point_labels"] == [1, 0]
    assert (sent["has_mask_input"], sent["mask_input_format"], sent["sam_version_id"]) == (True, "binary", "vit_b")
    np.testing.assert_array_equal(np.load(BytesIO(base64.b64decode(sent["mask_input"]))), low_res)


@both_shells
def test_sam_takes_polygons_as_mask(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    polygons = [[[0, 0], [9, 0], [9, 9]]]
    invoke(client, "sam_segment_image", plain(1), mask_input=polygons, use_mask_input_cache=False)
    sent = body(server)
    assert (sent["mask_input"], sent["mask_input_format"]) == (polygons, "json")
    assert sent["use_mask_input_cache"] is False


@both_shells
@pytest.mark.parametrize("form", ["array", "lists", "file"])
def test_sam_segments_an_embedding_without_the_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, form: str
) -> None:
    embedding = np.random.default_rng(0).normal(size=(1, 4, 3, 2)).astype(np.float32)
    file = BytesIO()
    np.save(file, embedding)
    given_as: Any = {"array": embedding, "lists": embedding.tolist(), "file": file.getvalue()}[form]
    result = invoke(client, "sam_segment_image", embeddings=given_as, orig_im_size=(30, np.int64(40)))
    assert result == {"seen": -1, "time": 0.1}
    sent = body(server)
    np.testing.assert_array_equal(np.array(sent["embeddings"], np.float32), embedding)
    assert sent["orig_im_size"] == [30, 40]
    assert "image" not in server.requests[0].json


@both_shells
def test_sam_segments_an_image_the_server_has_cached(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(on_error="return"))
    assert invoke(client, "sam_segment_image", image_id="front") == {"seen": -1, "time": 0.1}
    assert body(server)["image_id"] == "front"
    for answer in (b"<html>", b"[{}, {}]", b"[]"):
        server.answer = lambda _, answer=answer: Reply(answer)  # type: ignore[misc]
        with pytest.raises(InvalidResponseError):
            invoke(client, "sam_segment_image", image_id="front")


@given(st.lists(arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12))), min_size=1, max_size=3))
def test_boolean_masks_travel_as_run_lengths(masks: list[np.ndarray[Any, Any]]) -> None:
    sent = sam3_3d(mask_input=masks, model_id="m").fields["mask_input"]
    for mask, rle in zip(masks, sent, strict=True):
        np.testing.assert_array_equal(decode_rle(json.loads(json.dumps(rle))), mask)
    (alone,) = (sam3_3d(mask_input=masks[0], model_id="m").fields["mask_input"],)
    np.testing.assert_array_equal(decode_rle(alone), masks[0])


@both_shells
def test_polygons_and_run_lengths_travel_as_they_are(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    rle = {"size": [4, 5], "counts": "08"}
    corners = np.array([[0, 0], [5, 0], [5, 5]])
    for mask, wire in [(TRIANGLE, TRIANGLE), (rle, rle), ([rle, rle], [rle, rle]), (corners, corners.tolist())]:
        server.requests.clear()
        invoke(client, "sam3_3d_infer", plain(1), mask, use_distillations=True)
        assert body(server)["mask_input"] == wire


@both_shells
@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("sam2_segment_image", {"prompts": {"box": {}}}, "prompts: expected a sequence of dictionaries, got dict"),
        ("sam2_segment_image", {"prompts": ["cat"]}, r"prompts\[0\]: expected a dictionary, got str"),
        ("sam2_segment_image", {"prompts": [{"points": [{"x": float("nan")}]}]}, r"\['x'\]: expected a finite"),
        ("sam2_segment_image", {"prompts": [{"box": object()}]}, "object has no JSON form"),
        ("sam2_segment_image", {"mask_input_format": "polygon"}, "mask_input_format: expected one of"),
        ("sam2_segment_image", {"multimask_output": "no"}, "multimask_output"),
        ("sam2_segment_image", {"sam2_version_id": ""}, "sam2_version_id"),
        ("sam2_embed_image", {"image_id": 5}, "image_id"),
        ("sam3_visual_segment", {"mask_input_format": "png"}, "mask_input_format"),
        ("sam2_segment_image", {"save_logits_to_cache": 1}, "save_logits_to_cache"),
        ("sam3_visual_segment", {"load_logits_from_cache": "yes"}, "load_logits_from_cache"),
        ("sam3_concept_segment", {"prompts": []}, "prompts: expected at least one"),
        ("sam3_concept_segment", {"output_prob_thresh": 2}, "output_prob_thresh"),
        ("sam3_concept_segment", {"nms_iou_threshold": -0.1}, "nms_iou_threshold"),
        ("sam3_concept_segment", {"format": "png"}, "format"),
        ("sam3_3d_infer", {"mask_input": None}, "mask_input: .* got NoneType"),
        ("sam3_3d_infer", {"mask_input": 5}, "mask_input: .* got int"),
        ("sam3_3d_infer", {"mask_input": "cat"}, "mask_input: .* got str"),
        ("sam3_3d_infer", {"mask_input": []}, "mask_input: .* nothing in it"),
        ("sam3_3d_infer", {"mask_input": [1, float("inf"), 2]}, r"mask_input\[1\]: expected a finite number"),
        ("sam_segment_image", {"mask_input": np.array([None])}, "mask_input: expected an array of numbers"),
        ("sam_segment_image", {"has_mask_input": "yes"}, "has_mask_input"),
        (
            "sam_segment_image",
            {"inference_input": None, "embeddings": [[1.0], [1.0, 2.0]], "orig_im_size": (1, 2)},
            "embeddings: the nested lists",
        ),
        ("sam3_3d_infer", {"mask_input": np.zeros((5, 6), np.uint8)}, "mask > 0"),
        ("sam3_3d_infer", {"mask_input": np.zeros((1, 5, 6), bool)}, "mask_input"),
        ("sam3_3d_infer", {"output_scene": 1}, "output_scene"),
        ("sam_embed_image", {"format": "npy"}, "format"),
        ("sam_segment_image", {"inference_input": None}, "inference_input"),
        ("sam_segment_image", {"embeddings": np.zeros((1, 2, 3, 4)), "orig_im_size": (1, 2)}, "not both"),
        ("sam_segment_image", {"orig_im_size": (1, 2)}, "orig_im_size"),
        ("sam_segment_image", {"inference_input": None, "embeddings": b"x", "orig_im_size": (1, 2)}, "npy"),
        ("sam_segment_image", {"inference_input": None, "embeddings": [1.0], "orig_im_size": (1, 2)}, "of shape"),
        (
            "sam_segment_image",
            {"inference_input": None, "embeddings": np.zeros((1, 2, 3, 4)), "orig_im_size": (1, 2.5)},
            "orig_im_size",
        ),
        ("sam_segment_image", {"point_coords": [[1, 2]]}, "point_labels"),
        ("sam_segment_image", {"point_coords": [[1, 2]], "point_labels": [1, 0]}, "point_labels"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: dict[str, Any],
    message: str,
) -> None:
    arguments = {"inference_input": plain(1), **CALLS[method][1], **arguments}
    with pytest.raises(InvalidParameterError, match=message):
        invoke(client, method, **arguments)
    assert server.requests == []


@both_shells
def test_reconstruction_takes_one_image(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    with pytest.raises(InvalidParameterError, match="one image"):
        invoke(client, "sam3_3d_infer", [plain(1)], TRIANGLE)
    assert server.requests == []
