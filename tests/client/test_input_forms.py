"""Every form of image in every kind of call: the server sees the same picture, upright, from one and from a list."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from PIL import Image
from recording_server import RecordingServer, Reply, Request, detection, detector
from sent_images import decoded

from inference_ext import InferenceConfiguration, InferenceHTTPClient, InvalidInputFormatError, URLPolicy
from tests.images.pictures import decoded_unturned
from tests.images.turned_pictures import ORIENTATIONS, STORED, looks_like, photograph_file, upright_picture

PIXELS = np.random.default_rng(11).integers(0, 256, (20, 31, 3), dtype=np.uint8)
PNG = cv2.imencode(".png", PIXELS)[1].tobytes()

Pixels = np.ndarray[Any, Any]
Forms = dict[str, Callable[[bytes, Path, str], Any]]

#: From the bytes of a file, the file and its URL to what a caller hands over.
FILES: Forms = {
    "path text": lambda _data, path, _url: str(path),
    "path object": lambda _data, path, _url: path,
    "URL": lambda _data, _path, url: url,
    "bytes": lambda data, _path, _url: data,
    "bytearray": lambda data, _path, _url: bytearray(data),
    "memoryview": lambda data, _path, _url: memoryview(data),
    "file in memory": lambda data, _path, _url: BytesIO(data),
    "base64": lambda data, _path, _url: base64.b64encode(data).decode(),
    "data URI": lambda data, _path, _url: "data:image/png;base64," + base64.b64encode(data).decode(),
    "PIL": lambda data, _path, _url: Image.open(BytesIO(data)),
}
FORMS: Forms = {**FILES, "array": lambda _data, _path, _url: PIXELS}


def pictures(sent: Any) -> list[Pixels]:
    """Every picture in a JSON body, as the server decodes it: BGR, uint8, turned by EXIF."""
    if isinstance(sent, dict):
        if sent.get("type") == "base64":
            return [decoded(sent)]
        return [picture for value in sent.values() for picture in pictures(value)]
    return [picture for value in sent for picture in pictures(value)] if isinstance(sent, list) else []


def received(server: RecordingServer) -> list[Pixels]:
    """The pictures of all requests, in order."""
    posts = [request for request in server.requests if request.method == "POST"]
    return [picture for request in posts for picture in pictures(_body(request))]


def _body(request: Request) -> Any:
    if request.path == "/p/1":
        return {"type": "base64", "value": request.body.decode()}
    return request.json


def one_result_each(request: Request) -> Reply:
    """Answer each route with as many results as it was sent images."""
    if request.path == "/workflows/run":
        images = request.json["inputs"]["image"]
        return Reply({"outputs": [{}] * (len(images) if isinstance(images, list) else 1)})
    count = len(pictures(_body(request))) if request.method == "POST" else 0
    if "embed" in request.path:
        return Reply({"embeddings": [[0.5]] * count, "time": 0.1})
    if request.path == "/clip/compare":
        return Reply({"similarity": [0.5]})
    if request.path in ("/doctr/ocr", "/infer/lmm", "/yolo_world/infer", "/gaze/gaze_detection", "/sam2/segment_image"):
        answer = {"result": "", "predictions": []}
        return Reply([answer] * count if request.path.startswith("/gaze") else answer)
    if request.path == "/infer/instance_segmentation":
        return Reply({"image": {"width": 31, "height": 20}, "predictions": []})
    return detector(request)


#: Calls that take one image or a list of them: method, name of the image's argument, other arguments.
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "infer v0": ("infer_from_api_v0", "inference_input", {"model_id": "p/1"}),
    "infer v1": ("infer_from_api_v1", "inference_input", {"model_id": "p/1"}),
    "typed boxes": ("detect_objects", "image", {"model_id": "p/1"}),
    "typed masks": ("segment_instances", "image", {"model_id": "p/1"}),
    "CLIP": ("get_clip_image_embeddings", "inference_input", {}),
    "perception encoder": ("get_perception_encoder_image_embeddings", "inference_input", {}),
    "embeddings": ("get_image_embeddings", "inference_input", {"model_id": "p/1"}),
    "OCR": ("ocr_image", "inference_input", {}),
    "language model": ("infer_lmm", "inference_input", {"model_id": "florence-2-base"}),
    "SAM 2": ("sam2_segment_image", "inference_input", {}),
    "YOLO-World": ("infer_from_yolo_world", "inference_input", {"class_names": ["bolt"]}),
    "gaze": ("detect_gazes", "inference_input", {}),
}


@pytest.fixture
def client(server: RecordingServer, tmp_path: Path) -> Generator[InferenceHTTPClient]:
    def answer(request: Request) -> Reply:
        if request.path.startswith("/files/"):
            return Reply((tmp_path / request.path.removeprefix("/files/")).read_bytes())
        return one_result_each(request)

    server.answer = answer
    policy = URLPolicy(allow_non_global_addresses=True)
    with InferenceHTTPClient(server.url, api_key="KEY-1", url_policy=policy) as made:
        yield made.configure(InferenceConfiguration(image_format="png", max_concurrent_requests=1))


def handed_over(forms: Forms, data: bytes, folder: Path, server: RecordingServer) -> list[Any]:
    path = folder / "picture"
    path.write_bytes(data)
    return [make(data, path, f"{server.url}/files/picture") for make in forms.values()]


@both_shells
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("call", CALLS)
def test_one_image_in_every_form(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path, call: str, form: str
) -> None:
    method, argument, others = CALLS[call]
    (image,) = handed_over({form: FORMS[form]}, PNG, tmp_path, server)
    result = invoke(client, method, **{argument: image}, **others)
    assert isinstance(result, list) == (method == "infer_from_yolo_world")  # which always gives one
    (seen,) = received(server)
    np.testing.assert_array_equal(seen, PIXELS)


@both_shells
@pytest.mark.parametrize("sequence", [list, tuple])
@pytest.mark.parametrize("call", CALLS)
def test_all_forms_in_one_list(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path, call: str, sequence: type[Any]
) -> None:
    method, argument, others = CALLS[call]
    images = handed_over(FORMS, PNG, tmp_path, server)
    results = invoke(client, method, **{argument: sequence(images)}, **others)
    assert isinstance(results, list)
    assert len(results) == len(FORMS)
    seen = received(server)
    assert len(seen) == len(FORMS)
    for picture in seen:
        np.testing.assert_array_equal(picture, PIXELS)


@both_shells
@pytest.mark.parametrize("call", CALLS)
def test_a_list_of_one_gives_a_list_and_an_empty_one_sends_nothing(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, call: str
) -> None:
    method, argument, others = CALLS[call]
    assert len(invoke(client, method, **{argument: [PIXELS]}, **others)) == 1
    before = len(server.requests)
    assert invoke(client, method, **{argument: []}, **others) == []
    assert len(server.requests) == before


@both_shells
@pytest.mark.parametrize("call", CALLS)
def test_a_list_within_a_list_is_refused_before_it_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, call: str
) -> None:
    method, argument, others = CALLS[call]
    with pytest.raises(InvalidInputFormatError, match="only the images of workflows may be lists of lists"):
        invoke(client, method, **{argument: [[PIXELS, PIXELS]]}, **others)
    assert received(server) == []


@both_shells
@pytest.mark.parametrize("form", FORMS)
def test_comparisons_and_workflows_take_every_form(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path, form: str
) -> None:
    forms = {form: FORMS[form]}
    arguments = {"prompt_type": "image", "subject_type": "image"}
    (subject,), (prompt,) = (handed_over(forms, PNG, tmp_path, server) for _ in range(2))
    invoke(client, "clip_compare", subject=subject, prompt=prompt, **arguments)
    specification: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
    (image,), (in_list,) = (handed_over(forms, PNG, tmp_path, server) for _ in range(2))
    invoke(client, "run_workflow", specification=specification, images={"image": image})
    invoke(client, "run_workflow", specification=specification, images={"image": [in_list]})
    seen = received(server)
    assert len(seen) == 4
    for picture in seen:
        np.testing.assert_array_equal(picture, PIXELS)


# -- photographs with an orientation


@both_shells
@pytest.mark.parametrize("mode", ["v0", "v1"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("side", [None, 32])
def test_photographs_arrive_upright_however_they_are_handed_over(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    tmp_path: Path,
    mode: str,
    orientation: int,
    side: int | None,
) -> None:
    settings: dict[str, Any] = {"image_format": "png", "max_concurrent_requests": 1}
    if side is not None:
        # v1 shrinks to the model's own size, 64 x 64.
        settings |= {"client_downsizing_disabled": False, "default_max_input_size": side}
    client.configure(InferenceConfiguration(**settings))
    images = handed_over(FILES, photograph_file(orientation), tmp_path, server)
    results = invoke(client, f"infer_from_api_{mode}", images, model_id="p/1")
    seen = received(server)
    assert len(seen) == len(FILES)
    upright = np.ascontiguousarray(upright_picture()[:, :, ::-1])
    shape = {(None, "v0"): (64, 128), (None, "v1"): (64, 128), (32, "v0"): (16, 32), (32, "v1"): (32, 64)}[side, mode]
    for picture in seen:
        assert picture.shape[:2] == shape
        assert looks_like(picture, upright)
    # The box of the whole picture comes back in pixels of the upright original.
    assert [result["image"] for result in results] == [{"width": 128, "height": 64}] * len(FILES)
    for result in results:
        (box,) = result["predictions"]
        assert (box["x"], box["y"], box["width"], box["height"]) == pytest.approx((64, 32, 128, 64))


@both_shells
@pytest.mark.parametrize("mode", ["v0", "v1"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_photographs_stay_as_stored_when_turning_is_switched_off(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    tmp_path: Path,
    mode: str,
    orientation: int,
) -> None:
    """The server is told not to turn either, so it reads files without their orientation."""
    seen: list[Pixels] = []
    files = server.answer

    def unturning(request: Request) -> Reply:
        if request.method == "GET" or request.path.startswith("/model/"):
            return files(request)
        body = _body(request)
        asked = request.json if mode == "v1" else request.query
        assert str(asked["disable_preproc_auto_orient"]) == "True"
        value = body["value"] if mode == "v0" else body["image"]["value"]
        seen.append(decoded_unturned(base64.b64decode(value)))
        return Reply(detection(seen[-1]))

    server.answer = unturning
    client.configure(
        InferenceConfiguration(disable_preproc_auto_orientation=True, image_format="png", max_concurrent_requests=1)
    )
    images = handed_over(FILES, photograph_file(orientation), tmp_path, server)
    invoke(client, f"infer_from_api_{mode}", images, model_id="p/1")
    stored = np.ascontiguousarray(STORED[orientation](upright_picture())[:, :, ::-1])
    assert len(seen) == len(FILES)
    for picture in seen:
        assert picture.shape == stored.shape
        assert looks_like(picture, stored)
