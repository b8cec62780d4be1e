"""A picture with a result drawn on it is saved to files and shown in notebooks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inference_ext import AnnotatedPicture, EncodingError, InvalidParameterError
from inference_ext.results.typed import read_objects
from tests.results.samples import KINDS, MODES, READERS, images, real_answers

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def picture() -> AnnotatedPicture:
    return read_objects(real_answers()["boxes", "v1"]).picture(images()["boxes"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_it_holds_what_annotate_gives(kind: str, mode: str) -> None:
    result, image = READERS[kind](real_answers()[kind, mode]), images()[kind]
    before = image.copy()
    assert np.array_equal(result.picture(image).pixels, result.annotate(image))
    assert np.array_equal(
        result.picture(image, labels=False, line_width=5).pixels, result.annotate(image, labels=False, line_width=5)
    )
    assert np.array_equal(image, before)


@pytest.mark.parametrize("name", ["a.png", "a.PNG", "a.bmp", "a.tif", "a.tiff"])
def test_files_without_loss_hold_the_pixels(tmp_path: Path, picture: AnnotatedPicture, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"something else" * 1_000_000)
    picture.save(str(path))
    assert np.array_equal(cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR), picture.pixels)


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("ü 犬.jpeg", "JPEG"), ("a.webp", "WEBP")])
def test_files_with_loss_look_the_same(tmp_path: Path, picture: AnnotatedPicture, name: str, kind: str) -> None:
    path = tmp_path / name
    picture.save(path)
    with Image.open(path) as read:
        assert read.format == kind
        pixels = np.asarray(read.convert("RGB"))[:, :, ::-1]
    assert np.abs(pixels.astype(int) - picture.pixels).mean() < 4


@pytest.mark.parametrize("name", ["a", "a.", "a.mp4", ".png", "a.txt", "a.png.unknown"])
def test_a_file_of_an_unknown_format_is_refused(tmp_path: Path, picture: AnnotatedPicture, name: str) -> None:
    with pytest.raises(InvalidParameterError, match="path: expected the ending of a format"):
        picture.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [5, None, b"a.png"])
def test_what_is_no_path_is_refused(picture: AnnotatedPicture, path: Any) -> None:
    with pytest.raises(InvalidParameterError, match="path: expected the name of a file"):
        picture.save(path)


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path, picture: AnnotatedPicture) -> None:
    with pytest.raises(InvalidParameterError, match=r"missing/a\.png' cannot be written: No such file"):
        picture.save(tmp_path / "missing" / "a.png")
    with pytest.raises(InvalidParameterError, match="cannot be written"):
        picture.save("a\x00b.png")


def test_a_picture_that_the_format_cannot_hold_is_an_error(tmp_path: Path) -> None:
    wide = AnnotatedPicture(np.zeros((1, 70_000, 3), np.uint8))
    with pytest.raises(EncodingError, match=r"cannot be written as \.jpg"):
        wide.save(tmp_path / "a.jpg")
    wide.save(tmp_path / "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_a_notebook_shows_it(picture: AnnotatedPicture) -> None:
    shown = Image.open(BytesIO(picture._repr_png_()))
    assert shown.format == "PNG"
    assert np.array_equal(np.asarray(shown)[:, :, ::-1], picture.pixels)
    assert repr(picture) == "<AnnotatedPicture: 512x512>"


@pytest.mark.parametrize(
    ("shape", "size"), [((4000, 3000), (1200, 1600)), ((20, 4000), (1600, 8)), ((1, 9000), (1600, 1))]
)
def test_a_notebook_shows_a_large_one_reduced(shape: tuple[int, int], size: tuple[int, int]) -> None:
    picture = AnnotatedPicture(np.zeros((*shape, 3), np.uint8))
    assert Image.open(BytesIO(picture._repr_png_())).size == size
    assert picture.pixels.shape[:2] == shape
