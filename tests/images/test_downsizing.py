"""Shrinking: the size that is sent, its likeness to the original, and images that are left alone."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from inference_ext.images import Size
from inference_ext.images.downsizing import fit_within, reduction_for
from inference_ext.images.header import encoded_size
from tests.images.pictures import ORIENTATION, Pixels, decoded, encoded, photograph, psnr, sent, to_bgr

SIZES = st.builds(Size, st.integers(1, 20_000), st.integers(1, 20_000))


# -- the rule


@settings(max_examples=60, deadline=None)
@given(size=SIZES, limit=SIZES)
@example(size=Size(1080, 1920), limit=Size(640, 640))
@example(size=Size(20_000, 1), limit=Size(10, 10))
def test_a_shrunk_image_fits_and_is_never_larger(size: Size, limit: Size) -> None:
    shrunk = fit_within(size, limit)
    assert 1 <= shrunk.width <= min(size.width, limit.width)
    assert 1 <= shrunk.height <= min(size.height, limit.height)


@settings(max_examples=60, deadline=None)
@given(size=SIZES, limit=SIZES)
def test_the_aspect_is_kept_to_half_a_pixel(size: Size, limit: Size) -> None:
    shrunk = fit_within(size, limit)
    ratio = min(limit.width / size.width, limit.height / size.height, 1)
    assert abs(shrunk.width - size.width * ratio) <= 0.5 or shrunk.width == 1
    assert abs(shrunk.height - size.height * ratio) <= 0.5 or shrunk.height == 1


@settings(max_examples=60, deadline=None)
@given(size=SIZES, limit=SIZES)
def test_one_side_reaches_the_limit(size: Size, limit: Size) -> None:
    shrunk = fit_within(size, limit)
    if shrunk != size:
        assert shrunk.width == limit.width or shrunk.height == limit.height


@settings(max_examples=60, deadline=None)
@given(size=SIZES, limit=SIZES)
def test_shrinking_twice_changes_nothing_more(size: Size, limit: Size) -> None:
    shrunk = fit_within(size, limit)
    assert fit_within(shrunk, limit) == shrunk


@settings(max_examples=60, deadline=None)
@given(size=SIZES, limit=SIZES)
def test_the_reduced_decode_is_the_smallest_that_is_large_enough(size: Size, limit: Size) -> None:
    target = fit_within(size, limit)
    factor = reduction_for(size, target)
    assert factor in (1, 2, 4, 8)
    assert size.width >= target.width * factor
    assert size.height >= target.height * factor
    if factor < 8:
        assert size.width < target.width * 2 * factor or size.height < target.height * 2 * factor


def test_known_sizes() -> None:
    assert fit_within(Size(1920, 1080), Size(640, 640)) == Size(640, 360)
    assert fit_within(Size(1080, 1920), Size(640, 640)) == Size(360, 640)
    assert fit_within(Size(640, 480), Size(640, 640)) == Size(640, 480)
    assert fit_within(Size(100, 50), Size(640, 640)) == Size(100, 50)
    assert fit_within(Size(1000, 999), Size(640, 320)) == Size(320, 320)


# -- what is sent

KINDS: dict[str, Callable[[Pixels, Path], Any]] = {
    "array": lambda rgb, _path: to_bgr(rgb),
    "PIL": lambda rgb, _path: Image.fromarray(rgb),
    "JPEG bytes": lambda rgb, _path: encoded(rgb, "JPEG", quality=95),
    "PNG bytes": lambda rgb, _path: encoded(rgb, "PNG"),
    "WebP bytes": lambda rgb, _path: encoded(rgb, "WEBP", lossless=True),
    "GIF bytes": lambda rgb, _path: encoded(rgb, "GIF"),
    "TIFF file": lambda rgb, _path: BytesIO(encoded(rgb, "TIFF")),
    "JPEG base64": lambda rgb, _path: base64.b64encode(encoded(rgb, "JPEG", quality=95)).decode("ascii"),
    "JPEG path": lambda rgb, path: _written(path, encoded(rgb, "JPEG", quality=95)),
    "BMP path": lambda rgb, path: _written(path, encoded(rgb, "BMP")),
}


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("size", "limit"),
    [
        (Size(512, 512), Size(128, 128)),
        (Size(511, 307), Size(100, 100)),
        (Size(307, 511), Size(100, 100)),
        (Size(301, 200), Size(300, 300)),
        (Size(500, 3), Size(50, 50)),
        (Size(400, 300), Size(333, 77)),
    ],
)
def test_every_kind_is_sent_in_the_fitting_size(kind: str, size: Size, limit: Size, tmp_path: Path) -> None:
    rgb = np.ascontiguousarray(photograph()[: size.height, : size.width])
    image = sent(KINDS[kind](rgb, tmp_path / "image"), limit=limit)
    expected = fit_within(size, limit)
    assert (image.original, image.sent) == (size, expected)
    assert decoded(image.data).shape == (expected.height, expected.width, 3)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("array", "PIL", "GIF bytes")])
@pytest.mark.parametrize("limit", [Size(300, 200), Size(1000, 1000), Size(300, 10_000)])
def test_a_small_file_is_sent_byte_for_byte(kind: str, limit: Size, tmp_path: Path) -> None:
    rgb = np.ascontiguousarray(photograph()[:200, :300])
    untouched = sent(KINDS[kind](rgb, tmp_path / "image"), image_format="jpeg").data
    image = sent(KINDS[kind](rgb, tmp_path / "image"), limit=limit, image_format="jpeg")
    assert image.data == untouched
    assert (image.original, image.sent) == (None, None)


@pytest.mark.parametrize("kind", ["array", "PIL"])
def test_small_pixels_are_sent_as_without_downsizing(kind: str, tmp_path: Path) -> None:
    rgb = np.ascontiguousarray(photograph()[:200, :300])
    image = sent(KINDS[kind](rgb, tmp_path), limit=Size(300, 200))
    assert (image.original, image.sent) == (None, None)
    assert np.array_equal(decoded(image.data), to_bgr(rgb))


def test_a_photograph_on_its_side_is_measured_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = encoded(np.ascontiguousarray(photograph()[:200, :300]), "JPEG", exif=exif)
    # Upright it is 200 wide and 300 high: it fits one limit and not the other.
    assert sent(data, limit=Size(200, 300)).data == data
    assert sent(data, limit=Size(300, 200)).sent == Size(133, 200)
    assert sent(data, limit=Size(300, 200), upright=False).data == data


@pytest.mark.parametrize("limit", [1000, 200_000])  # above twice of it Pillow raises, below it warns
def test_an_image_above_pillows_own_limit_is_downsized(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    for file_format in ("JPEG", "PNG"):
        image = sent(encoded(photograph(), file_format), limit=Size(64, 64))
        assert (image.original, image.sent) == (Size(512, 512), Size(64, 64))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_the_size_is_read_from_the_header_alone(file_format: str) -> None:
    data = encoded(np.ascontiguousarray(photograph()[:100, :300]), file_format)
    media_type = f"image/{file_format.lower()}"
    assert encoded_size(data, media_type, upright=True) == Size(300, 100)
    assert encoded_size(data[:12] + b"no more", media_type, upright=True) is None


# -- likeness


def _reference(rgb: Pixels, size: Size) -> Pixels:
    """The mean over the area of each target pixel, computed from the definition, for whole factors."""
    rows, columns = rgb.shape[0] // size.height, rgb.shape[1] // size.width
    blocks = to_bgr(rgb).reshape(size.height, rows, size.width, columns, 3).astype(np.float64)
    return np.asarray(np.rint(blocks.mean(axis=(1, 3))), dtype=np.uint8)


@pytest.mark.parametrize("kind", ["array", "PIL", "PNG bytes"])
@pytest.mark.parametrize("side", [64, 128, 256])
def test_pixels_are_averaged_over_areas(kind: str, side: int, tmp_path: Path) -> None:
    image = sent(KINDS[kind](photograph(), tmp_path), limit=Size(side, side))
    reference = _reference(photograph(), Size(side, side))
    assert np.abs(decoded(image.data).astype(int) - reference).max() <= 1


@pytest.mark.parametrize("side", [64, 100, 128, 200])
def test_a_reduced_jpeg_decode_is_nearer_to_the_average_than_bilinear(side: int) -> None:
    data = encoded(photograph(), "JPEG", quality=95)
    full = decoded(data)
    average = cv2.resize(full, (side, side), interpolation=cv2.INTER_AREA)
    bilinear = cv2.resize(full, (side, side), interpolation=cv2.INTER_LINEAR)
    shrunk = decoded(sent(data, limit=Size(side, side)).data)
    assert psnr(shrunk, average) > 34
    assert psnr(shrunk, average) > psnr(bilinear, average) + 3


def test_a_fine_pattern_becomes_gray_and_not_a_moire() -> None:
    pattern = np.indices((240, 240)).sum(axis=0) % 2 * np.uint8(255)
    pixels = decoded(sent(pattern.astype(np.uint8), limit=Size(100, 100)).data)
    assert abs(float(pixels.mean()) - 127.5) < 1
    assert float(pixels.std()) < 30


def test_a_downsized_image_is_encoded_as_configured() -> None:
    data = encoded(photograph(), "PNG")
    assert sent(data, limit=Size(64, 64), image_format="jpeg").data.startswith(b"\xff\xd8\xff")
    assert sent(data, limit=Size(64, 64), image_format="png").data.startswith(b"\x89PNG")
    small = sent(data, limit=Size(256, 256), image_format="jpeg", quality=20).data
    large = sent(data, limit=Size(256, 256), image_format="jpeg", quality=95).data
    assert len(small) * 2 < len(large)
