"""Images of more pixels than are allowed are refused by their header, whatever the input; what is allowed works."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from PIL import Image

from inference_ext import InferenceConfiguration
from inference_ext.errors import InvalidInputFormatError
from inference_ext.images import ImageOptions, RemoteImage, Size, load_pixels, prepare_image
from inference_ext.images.pixel_limit import MOST_PIXELS
from inference_ext.operations.image_options import image_options
from tests.images.hostile_files import BOMBS
from tests.images.pictures import decoded, encoded, photograph

WIDTH, HEIGHT = 30, 20
PIXELS = WIDTH * HEIGHT
OTHER_FORMATS = ["GIF", "PPM", "JPEG2000", "AVIF", "BIGTIFF"]


def picture() -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.ascontiguousarray(photograph()[100 : 100 + HEIGHT, 100 : 100 + WIDTH])


def file_of(file_format: str, rgb: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    if file_format == "BIGTIFF":
        return encoded(rgb, "TIFF", big_tiff=True)
    return encoded(rgb, file_format)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


KINDS: dict[str, Callable[[bytes, Path], Any]] = {
    "bytes": lambda data, _path: data,
    "path": lambda _data, path: path,
    "path text": lambda _data, path: str(path),
    "base64": lambda data, _path: _base64(data),
    "file object": lambda data, _path: BytesIO(data),
    "URL": lambda _data, _path: "https://images.example/street.png?signature=hidden",
    "PIL image": lambda data, _path: Image.open(BytesIO(data)),
    "array": lambda data, _path: decoded(data),
}


def prepared(kind: str, data: bytes, path: Path, **options: Any) -> bytes:
    path.write_bytes(data)
    image = prepare_image(KINDS[kind](data, path), ImageOptions(**options), lambda _url: data)
    assert not isinstance(image, RemoteImage)
    return image.data


# -- the limit


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [None, Size(8, 8)])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_as_many_pixels_as_allowed_are_sent_and_one_more_is_not(
    kind: str, limit: Size | None, file_format: str, tmp_path: Path
) -> None:
    data = file_of(file_format, picture())
    assert prepared(kind, data, tmp_path / "street", limit=limit, most_pixels=PIXELS)
    with pytest.raises(InvalidInputFormatError) as caught:
        prepared(kind, data, tmp_path / "street", limit=limit, most_pixels=PIXELS - 1)
    message = str(caught.value)
    assert f"{WIDTH}x{HEIGHT} pixels" in message
    assert f"max_image_pixels={PIXELS - 1}" in message
    assert f"InferenceConfiguration.max_image_pixels to at least {PIXELS}" in message
    named = {"path": "street'", "path text": "street'", "base64": "base64 text", "URL": "images.example/street.png"}
    assert named.get(kind, kind) in message
    assert "hidden" not in message


@pytest.mark.parametrize("file_format", OTHER_FORMATS)
def test_formats_that_are_decoded_here_are_held_to_it_before(
    file_format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = file_of(file_format, picture())
    assert decoded(prepared("bytes", data, tmp_path / "x", most_pixels=PIXELS)).shape == (HEIGHT, WIDTH, 3)

    def must_not_be_called(*_: object, **__: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", must_not_be_called)
    monkeypatch.setattr("cv2.imdecode", must_not_be_called)
    with pytest.raises(InvalidInputFormatError, match=rf"image bytes has {WIDTH}x{HEIGHT} pixels.*max_image_pixels"):
        prepared("bytes", data, tmp_path / "x", most_pixels=PIXELS - 1)


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("limit", [None, Size(64, 64)])
def test_bombs_are_refused_by_default_and_not_decoded(
    bomb: str, limit: Size | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cv2.imdecode", lambda *_: pytest.fail("decoded"))
    for use in (
        lambda: prepare_image(BOMBS[bomb], ImageOptions(limit=limit), lambda _url: b""),
        lambda: load_pixels(BOMBS[bomb]),
    ):
        with pytest.raises(InvalidInputFormatError, match=r"image bytes has \d+x\d+ pixels, .*max_image_pixels"):
            use()


def test_a_large_array_is_refused_before_it_is_copied() -> None:
    array = np.broadcast_to(np.uint8(7), (20_000, 20_000, 3))  # takes three bytes
    with pytest.raises(InvalidInputFormatError, match="array has 20000x20000 pixels"):
        prepare_image(array, ImageOptions(), lambda _url: b"")


def test_the_setting_reaches_the_images() -> None:
    configuration = InferenceConfiguration(max_image_pixels=1234)
    assert image_options(configuration, is_only_request=True).most_pixels == 1234
    assert image_options(InferenceConfiguration(), is_only_request=True).most_pixels == MOST_PIXELS


def test_the_default_is_where_pillow_raises() -> None:
    assert Image.MAX_IMAGE_PIXELS is not None
    assert 2 * Image.MAX_IMAGE_PIXELS == MOST_PIXELS
    assert attrs.fields(InferenceConfiguration).max_image_pixels.default == MOST_PIXELS
    assert ImageOptions().most_pixels == MOST_PIXELS


# -- what the caller allows


@pytest.mark.parametrize("pillows_limit", [PIXELS - 1, PIXELS // 3])  # where it warns, and where it raises
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", *OTHER_FORMATS])
@pytest.mark.parametrize("limit", [None, Size(8, 8)])
def test_pillows_own_limit_does_not_matter(
    pillows_limit: int, file_format: str, limit: Size | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Warnings are errors in these tests, so one of Pillow's would show."""
    data = file_of(file_format, picture())
    expected = decoded(prepared("bytes", data, tmp_path / "x", limit=limit, image_format="png"))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", pillows_limit)
    found = decoded(prepared("bytes", data, tmp_path / "x", limit=limit, image_format="png"))
    assert np.array_equal(found, expected)
    assert pillows_limit == Image.MAX_IMAGE_PIXELS
    assert load_pixels(data).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("bomb", ["PNG", "JPEG", "WebP", "BMP", "TIFF"])
def test_a_file_that_is_allowed_is_sent_untouched_however_large(bomb: str) -> None:
    data = BOMBS[bomb]
    image = prepare_image(data, ImageOptions(most_pixels=2**40), lambda _url: b"")
    assert not isinstance(image, RemoteImage)
    assert image.data == data


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_header_that_lies_is_refused_by_our_error(bomb: str) -> None:
    """Allowed and decoded, it turns out that there is no such picture."""
    with pytest.raises(InvalidInputFormatError, match="image bytes"):
        load_pixels(BOMBS[bomb], most_pixels=2**40)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"])
@pytest.mark.parametrize("claimed", [(5, 4), (5000, 4000)])
@pytest.mark.parametrize("limit", [None, Size(8, 8)])
def test_a_header_that_claims_another_size_does_no_harm(
    file_format: str, claimed: tuple[int, int], limit: Size | None
) -> None:
    data = _claiming(encoded(picture(), file_format), file_format, *claimed)
    try:
        image = prepare_image(data, ImageOptions(limit=limit, image_format="png"), lambda _url: b"")
    except InvalidInputFormatError:
        return
    assert not isinstance(image, RemoteImage)
    if image.data != data:
        assert max(decoded(image.data).shape[:2]) <= 5000


def _claiming(data: bytes, file_format: str, width: int, height: int) -> bytes:
    claimed = bytearray(data)
    if file_format == "JPEG":
        frame = data.index(b"\xff\xc0")
        claimed[frame + 5 : frame + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    elif file_format == "PNG":
        claimed[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    elif file_format == "WEBP":
        claimed[26:30] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    elif file_format == "BMP":
        claimed[18:26] = width.to_bytes(4, "little") + height.to_bytes(4, "little")
    elif file_format == "GIF":
        claimed[6:10] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    else:
        for tag, value in ((b"\0\1", width), (b"\1\1", height)):
            entry = data.index(tag + b"\4\0\1\0\0\0") if tag + b"\4\0\1\0\0\0" in data else data.index(tag + b"\3\0\1")
            claimed[entry + 8 : entry + 12] = value.to_bytes(4, "little")
    assert bytes(claimed) != data
    return bytes(claimed)


@pytest.mark.filterwarnings("ignore:Image was not the expected size")
def test_an_icon_that_holds_more_than_its_list_says_is_refused() -> None:
    icon = bytearray(encoded(picture(), "ICO", sizes=[(WIDTH, HEIGHT)]))
    assert load_pixels(bytes(icon), most_pixels=PIXELS).shape == (HEIGHT, WIDTH, 3)
    icon[6:8] = bytes((5, 5))
    with pytest.raises(InvalidInputFormatError, match=rf"{WIDTH}x{HEIGHT} pixels"):
        load_pixels(bytes(icon), most_pixels=PIXELS - 1)


# -- cost


def test_files_are_measured_without_an_image_library(tmp_path: Path) -> None:
    for file_format in ("JPEG", "PNG", "WEBP", "BMP", "TIFF"):
        options: dict[str, Any] = {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"} if file_format == "WEBP" else {}
        (tmp_path / file_format).write_bytes(encoded(picture(), file_format, **options))
    code = (
        "import sys; from pathlib import Path; from inference_ext.images import ImageOptions, Size, prepare_image\n"
        f"for path in Path({str(tmp_path)!r}).iterdir():\n"
        "    for limit in (None, Size(64, 64)):\n"
        "        assert prepare_image(path, ImageOptions(limit=limit), None).data == path.read_bytes()\n"
        "print([name for name in ('cv2', 'PIL', 'numpy', 'asyncio') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
