"""Every kind of input reaches the server as the same picture, and what is no picture is refused by name."""

from __future__ import annotations

import base64
import os
import textwrap
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference_ext.errors import InvalidInputFormatError, InvalidParameterError
from inference_ext.images import ImageOptions, is_image_list, load_pixels, prepare_image
from tests.images.pictures import Pixels, decoded, encoded, sent, sent_pixels, small_photograph, to_bgr


@pytest.fixture
def png() -> bytes:
    return encoded(small_photograph(), "PNG")


@pytest.fixture
def png_path(tmp_path: Path, png: bytes) -> Path:
    path = tmp_path / "street.png"
    path.write_bytes(png)
    return path


class OwnPath:
    """A path object that is none of pathlib's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return str(self._path)


class OwnReader:
    """A file-like object that derives from nothing."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self) -> bytes:
        return self._data


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


ENCODED_KINDS: dict[str, Callable[[bytes, Path], Any]] = {
    "path text": lambda _data, path: str(path),
    "pathlib path": lambda _data, path: path,
    "path object": lambda _data, path: OwnPath(path),
    "bytes": lambda data, _path: data,
    "bytearray": lambda data, _path: bytearray(data),
    "memoryview": lambda data, _path: memoryview(data),
    "strided memoryview": lambda data, _path: memoryview(bytes(byte for one in data for byte in (one, 0)))[::2],
    "BytesIO": lambda data, _path: BytesIO(data),
    "own reader": lambda data, _path: OwnReader(data),
    "base64": lambda data, _path: _base64(data),
    "base64 without padding": lambda data, _path: _base64(data).rstrip("="),
    "base64 in lines": lambda data, _path: "\n".join(textwrap.wrap(_base64(data), 76)),
    "base64 in lines of Windows": lambda data, _path: "\r\n".join(textwrap.wrap(_base64(data), 76)) + "\r\n",
    "data URI": lambda data, _path: "data:image/png;base64," + _base64(data),
    "data URI in lines": lambda data, _path: "data:image/png;base64,\n" + "\n".join(textwrap.wrap(_base64(data), 76)),
    "data URI with a parameter": lambda data, _path: "data:image/png;charset=utf-8;base64," + _base64(data),
}


@pytest.mark.parametrize("kind", ENCODED_KINDS)
def test_an_encoded_image_is_sent_byte_for_byte(kind: str, png: bytes, png_path: Path) -> None:
    image = sent(ENCODED_KINDS[kind](png, png_path))
    assert image.data == png
    assert image.original is None


def test_an_open_file_is_sent_byte_for_byte(png: bytes, png_path: Path) -> None:
    with png_path.open("rb") as file:
        assert sent(file).data == png


def test_an_open_file_is_read_from_where_it_stands(png: bytes, tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(b"header" + png)
    with path.open("rb") as file:
        file.seek(6)
        assert sent(file).data == png


def test_pixels_are_sent_as_the_same_picture(png: bytes) -> None:
    bgr = to_bgr(small_photograph())
    assert np.array_equal(sent_pixels(bgr), decoded(png))
    assert np.array_equal(sent_pixels(Image.fromarray(small_photograph())), decoded(png))
    with Image.open(BytesIO(png)) as lazily_opened:
        assert np.array_equal(sent_pixels(lazily_opened), decoded(png))


@pytest.mark.parametrize("kind", ENCODED_KINDS)
def test_load_pixels_gives_what_the_server_would_see(kind: str, png: bytes, png_path: Path) -> None:
    pixels = load_pixels(ENCODED_KINDS[kind](png, png_path))
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, to_bgr(small_photograph()))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_formats_the_server_reads_are_not_touched(file_format: str) -> None:
    data = encoded(small_photograph(), file_format)
    assert sent(data, image_format="jpeg").data == data


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_both_byte_orders_of_tiff_are_not_touched(byte_order: str) -> None:
    mode = "I;16" if byte_order == "<" else "I;16B"
    data = encoded(Image.new(mode, (8, 6), 1000), "TIFF")
    assert data[:2] == (b"II" if byte_order == "<" else b"MM")
    assert sent(data).data == data


@pytest.mark.parametrize(
    ("file_format", "options"),
    [("PPM", {}), ("ICO", {"sizes": [(90, 60)]}), ("JPEG2000", {"irreversible": False}), ("TIFF", {"big_tiff": True})],
)
def test_other_formats_are_converted_without_loss(file_format: str, options: dict[str, Any]) -> None:
    data = encoded(small_photograph(), file_format, **options)
    image = sent(data)
    assert image.data.startswith(b"\x89PNG")
    assert np.array_equal(decoded(image.data), to_bgr(small_photograph()))


def test_other_formats_become_jpeg_by_default() -> None:
    data = encoded(small_photograph(), "PPM")
    image = prepare_image(data, ImageOptions(), lambda _url: b"")
    assert image.data.startswith(b"\xff\xd8\xff")


def test_of_an_animated_gif_the_first_frame_is_sent() -> None:
    frames = [Image.new("P", (20, 10)) for _ in range(3)]
    for frame, colour in zip(frames, ((250, 0, 0), (0, 250, 0), (0, 0, 250)), strict=True):
        frame.putpalette(colour)
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert data[:3] == b"GIF"
    pixels = sent_pixels(data)
    assert pixels.shape == (10, 20, 3)
    assert (pixels == (0, 0, 250)).all()  # red, in BGR


def test_an_animated_picture_of_pillow_is_sent_as_the_frame_it_stands_at() -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ((250, 0, 0), (0, 250, 0))]
    with Image.open(BytesIO(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))) as animation:
        animation.seek(1)
        assert (sent_pixels(animation) == (0, 250, 0)).all()


def test_a_url_is_fetched_and_sent_byte_for_byte(png: bytes) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return png

    assert prepare_image(" HTTPS://example.com/a.png?sig=1 ", ImageOptions(), fetch).data == png
    assert asked == ["HTTPS://example.com/a.png?sig=1"]


def test_a_url_that_gives_no_image_is_named_without_its_query() -> None:
    with pytest.raises(InvalidInputFormatError) as caught:
        prepare_image("https://example.com/a.png?signature=hidden", ImageOptions(), lambda _url: b"<html>sorry</html>")
    assert "https://example.com/a.png" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_load_pixels_uses_no_network() -> None:
    with pytest.raises(InvalidParameterError, match="URL"):
        load_pixels("https://example.com/a.png")


# -- what is no image


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("holiday.jpg", "'holiday.jpg': no such file"),
        ("photos/2024/holiday", "no such file"),
        ("data:image/png;base64", "neither an http"),
        ("data:image/png,abcd", "neither an http"),
        ("", "empty text"),
        (" \n", "empty text"),
        ("a\0b.jpg", "no such file"),
        ("file:///etc/hostname", "no such file"),
        (b"", "is empty"),
        (b"%PDF-1.7 and more", "begins with b'%PDF-1.7'"),
        (None, "NoneType"),
        (7, "int"),
        (object(), "object"),
        ({"type": "url"}, "dict"),
        ([b"a list within a list"], "only the images of workflows may be lists of lists"),
    ],
)
def test_what_is_no_image_is_refused(value: object, words: str) -> None:
    with pytest.raises(InvalidInputFormatError) as caught:
        sent(value)
    assert words in str(caught.value)


def test_base64_text_of_something_else_is_refused() -> None:
    with pytest.raises(InvalidInputFormatError, match="no such file"):
        sent(base64.b64encode(b"This is text, not an image. " * 300).decode("ascii"))


def test_a_long_text_is_not_repeated_in_the_message() -> None:
    with pytest.raises(InvalidInputFormatError) as caught:
        sent("A" * 100_000)
    assert len(str(caught.value)) < 300
    assert "100000 characters" in str(caught.value)


def test_a_mistyped_path_object_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputFormatError, match=r"holiday\.jpg.*no such file"):
        sent(tmp_path / "holiday.jpg")


@pytest.mark.parametrize("kind", [str, Path])
def test_a_directory_is_refused(kind: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(InvalidInputFormatError, match="is a directory"):
        sent(kind(tmp_path))


@pytest.mark.parametrize("kind", [str, Path])
def test_a_name_longer_than_the_file_system_allows_is_refused(kind: Callable[[str], object]) -> None:
    with pytest.raises(InvalidInputFormatError, match=r"no such file|cannot be read"):
        sent(kind("a" * 300 + ".jpg"))


def test_a_path_object_with_a_zero_byte_is_refused() -> None:
    with pytest.raises(InvalidInputFormatError, match="cannot be read"):
        sent(Path("a\0b.jpg"))


def test_a_file_that_is_no_image_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("notes")
    with pytest.raises(InvalidInputFormatError, match=r"notes\.jpg.*is not an image"):
        sent(path)


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    with pytest.raises(InvalidInputFormatError, match=r"empty\.jpg.*is empty"):
        sent(str(path))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_file_in_text_mode_is_refused(encoding: str, png_path: Path) -> None:
    with png_path.open(encoding=encoding) as file, pytest.raises(InvalidInputFormatError, match="binary mode"):
        sent(file)


def test_text_in_memory_is_refused() -> None:
    with pytest.raises(InvalidInputFormatError, match="binary mode"):
        sent(StringIO("pixels"))


def test_a_closed_file_is_refused(png_path: Path) -> None:
    with png_path.open("rb") as file:
        pass
    with pytest.raises(InvalidInputFormatError, match=r"street\.png.*closed"):
        sent(file)


def test_a_file_that_was_read_to_its_end_is_empty(png_path: Path) -> None:
    with png_path.open("rb") as file:
        file.read()
        with pytest.raises(InvalidInputFormatError, match="is empty"):
            sent(file)


def test_a_closed_picture_of_pillow_is_refused(png_path: Path) -> None:
    picture = Image.open(png_path)
    picture.close()
    with pytest.raises(InvalidInputFormatError, match="PIL image cannot be decoded"):
        sent(picture)


def test_heic_without_a_decoder_asks_for_a_conversion() -> None:
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
    with pytest.raises(InvalidInputFormatError, match="convert it to JPEG or PNG"):
        sent(data)


def test_bytes_of_a_path_are_bytes_not_a_path(png_path: Path) -> None:
    with pytest.raises(InvalidInputFormatError, match="bytes is not an image"):
        sent(os.fsencode(png_path))


def test_lists_and_tuples_are_lists_of_images() -> None:
    assert is_image_list([])
    assert is_image_list(("a.jpg",))
    one_image: list[object] = ["a.jpg", b"", np.zeros((2, 2, 3), np.uint8), bytearray(), Image.new("L", (1, 1))]
    for value in one_image:
        assert not is_image_list(value)


def test_the_callers_array_is_left_alone() -> None:
    array: Pixels = to_bgr(small_photograph())
    before = array.copy()
    sent(array)
    load_pixels(array)
    assert np.array_equal(array, before)
