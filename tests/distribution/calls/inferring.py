"""`infer` and its variants: one image gives a dictionary, a sequence gives a list; every kind of image is accepted."""

from collections.abc import Sequence
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import IO, Any, BinaryIO, assert_type

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference_ext import ImageInput, InferenceHTTPClient, Progress

Answer = dict[str, Any]
Pixels = npt.NDArray[np.uint8]


def note(progress: Progress) -> None:
    assert_type(progress.done, int)
    assert_type(progress.failed, int)
    assert_type(progress.total, int | None)
    assert_type(progress.seconds, float)


async def one_image(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.infer("a.jpg"), Answer)
    assert_type(client.infer(inference_input=array, model_id="p/1"), Answer)
    assert_type(client.infer_from_api_v0("a.jpg", "p/1"), Answer)
    assert_type(client.infer_from_api_v0(inference_input="a.jpg", model_id=None), Answer)
    assert_type(client.infer_from_api_v1("a.jpg", "p/1"), Answer)
    assert_type(client.infer_from_api_v1(inference_input="a.jpg", model_id=None), Answer)
    assert_type(await client.infer_async("a.jpg"), Answer)
    assert_type(await client.infer_async(inference_input=array, model_id="p/1"), Answer)
    assert_type(await client.infer_from_api_v0_async(inference_input="a.jpg", model_id=None), Answer)
    assert_type(await client.infer_from_api_v1_async(inference_input="a.jpg", model_id=None), Answer)


async def several_images(client: InferenceHTTPClient, array: Pixels, picture: Image.Image) -> None:
    assert_type(client.infer(["a.jpg", "b.jpg"]), list[Answer])
    assert_type(client.infer(("a.jpg",), progress=True), list[Answer])
    assert_type(client.infer(["a.jpg", array, picture], progress=note), list[Answer])
    assert_type(client.infer([], model_id="p/1", progress=None), list[Answer])
    assert_type(client.infer_from_api_v0([array], progress=False), list[Answer])
    assert_type(client.infer_from_api_v1([Path("a.jpg")], progress=note), list[Answer])
    assert_type(await client.infer_async([array, b""], progress=note), list[Answer])
    assert_type(await client.infer_from_api_v0_async(["a.jpg"], progress=True), list[Answer])
    assert_type(await client.infer_from_api_v1_async(["a.jpg"], progress=True), list[Answer])


def every_kind_of_image(
    client: InferenceHTTPClient,
    text: str,
    path: PathLike[str],
    content: bytes,
    buffer: bytearray,
    view: memoryview,
    opened: IO[bytes],
    array: npt.NDArray[Any],
    picture: Image.Image,
) -> None:
    assert_type(client.infer(text), Answer)
    assert_type(client.infer(path), Answer)
    assert_type(client.infer(content), Answer)
    assert_type(client.infer(buffer), Answer)
    assert_type(client.infer(view), Answer)
    assert_type(client.infer(opened), Answer)
    assert_type(client.infer(array), Answer)
    assert_type(client.infer(picture), Answer)
    assert_type(client.infer([text, path, content, buffer, view, opened, array, picture]), list[Answer])


def images_as_programs_have_them(
    client: InferenceHTTPClient,
    path: Path,
    file: BinaryIO,
    grey: npt.NDArray[np.uint16],
    fractions: npt.NDArray[np.float32],
    mask: npt.NDArray[np.bool_],
    paths: list[Path],
    names: list[str],
    names_for_good: tuple[str, ...],
    arrays: Sequence[Pixels],
    image: ImageInput,
    images: Sequence[ImageInput],
) -> None:
    assert_type(client.infer(path), Answer)
    assert_type(client.infer(file), Answer)
    assert_type(client.infer(BytesIO(b"")), Answer)
    with path.open("rb") as opened:
        assert_type(client.infer(opened), Answer)
    assert_type(client.infer(grey), Answer)
    assert_type(client.infer(fractions), Answer)
    assert_type(client.infer(mask), Answer)
    assert_type(client.infer(np.zeros((4, 4, 3), np.uint8)), Answer)
    assert_type(client.infer(image), Answer)
    assert_type(client.infer(paths), list[Answer])
    assert_type(client.infer(sorted(path.glob("*.jpg"))), list[Answer])
    assert_type(client.infer(names), list[Answer])
    assert_type(client.infer(names_for_good), list[Answer])
    assert_type(client.infer(arrays), list[Answer])
    assert_type(client.infer(images), list[Answer])
