"""What pixels look like after the way through an image file, and files that cannot be decoded."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from inference_ext.errors import EncodingError, InvalidInputFormatError
from inference_ext.images import ImageOptions, Size, load_pixels, prepare_image
from inference_ext.images.encoding import LARGEST_JPEG_SIDE
from tests.images.pictures import Pixels, decoded, encoded, photograph, psnr, sent, to_bgr


@settings(max_examples=50, deadline=None)
@given(array=hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_png_loses_nothing(array: Pixels) -> None:
    data = sent(array, image_format="png").data
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert np.array_equal(decoded(data), array)
    with Image.open(BytesIO(data)) as picture:
        assert np.array_equal(to_bgr(np.asarray(picture.convert("RGB"))), array)


@pytest.mark.parametrize("quality", [1, 30, 75, 95, 100])
def test_the_jpeg_quality_is_kept(quality: int) -> None:
    """The quantisation table in the file is the one the quality stands for."""
    data = sent(to_bgr(photograph()), image_format="jpeg", quality=quality).data
    reference = encoded(photograph(), "JPEG", quality=quality)
    with Image.open(BytesIO(data)) as picture, Image.open(BytesIO(reference)) as expected:
        assert picture.format == "JPEG"
        assert picture.quantization == expected.quantization  # type: ignore[attr-defined]


def test_arrays_and_pictures_of_pillow_are_sent_at_the_same_quality() -> None:
    array = sent(to_bgr(photograph()), image_format="jpeg").data
    picture = sent(Image.fromarray(photograph()), image_format="jpeg").data
    assert array == picture


def test_the_default_is_a_jpeg_close_to_the_original() -> None:
    image = prepare_image(to_bgr(photograph()), ImageOptions(), lambda _url: b"")
    assert image.data.startswith(b"\xff\xd8\xff")
    assert psnr(decoded(image.data), to_bgr(photograph())) > 36


def test_colours_are_in_the_right_order_in_the_file() -> None:
    red = np.zeros((16, 16, 3), np.uint8)
    red[:, :, 2] = 255
    with Image.open(BytesIO(sent(red, image_format="jpeg").data)) as picture:
        assert np.abs(np.array(picture.convert("RGB").getpixel((8, 8))) - (255, 0, 0)).max() <= 2


# -- the largest JPEG


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("side", [LARGEST_JPEG_SIDE + 1, 65535, 65536])
def test_a_side_too_long_for_jpeg_is_refused_with_the_way_out(side: int, axis: int) -> None:
    shape = (side, 2, 3) if axis == 0 else (2, side, 3)
    with pytest.raises(EncodingError, match=rf"{shape[1]}x{shape[0]} pixels.*{LARGEST_JPEG_SIDE}.*image_format='png'"):
        sent(np.zeros(shape, np.uint8), image_format="jpeg")


@pytest.mark.parametrize("axis", [0, 1])
def test_the_longest_side_for_jpeg_is_sent(axis: int) -> None:
    shape = (LARGEST_JPEG_SIDE, 2, 3) if axis == 0 else (2, LARGEST_JPEG_SIDE, 3)
    assert decoded(sent(np.zeros(shape, np.uint8), image_format="jpeg").data).shape == shape


def test_what_is_too_long_for_jpeg_goes_as_png_or_downsized() -> None:
    array = np.zeros((2, 65536, 3), np.uint8)
    assert decoded(sent(array, image_format="png").data).shape == array.shape
    downsized = sent(array, image_format="jpeg", limit=Size(1024, 1024))
    assert decoded(downsized.data).shape == (1, 1024, 3)


# -- files that cannot be decoded


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "BMP", "WEBP", "TIFF"])
@pytest.mark.parametrize("kept", [0.5, 0.95])
def test_a_file_cut_short_is_not_shrunk_to_half_a_picture(file_format: str, kept: float) -> None:
    data = encoded(photograph(), file_format)
    cut = data[: int(len(data) * kept)]
    with pytest.raises(InvalidInputFormatError, match="image bytes cannot be decoded"):
        sent(cut, limit=Size(64, 64))
    with pytest.raises(InvalidInputFormatError, match="image bytes cannot be decoded"):
        load_pixels(cut)


def test_a_file_cut_short_is_refused_when_it_must_be_converted() -> None:
    data = encoded(photograph(), "GIF")
    with pytest.raises(InvalidInputFormatError, match="image bytes"):
        sent(data[: len(data) // 2])


def test_a_picture_of_pillow_cut_short_is_refused() -> None:
    data = encoded(photograph(), "JPEG")
    with (
        Image.open(BytesIO(data[: len(data) // 2])) as picture,
        pytest.raises(InvalidInputFormatError, match="PIL image cannot be decoded"),
    ):
        sent(picture)


def _broken(data: bytes, changes: list[tuple[int, int]], kept: int) -> bytes:
    broken = bytearray(data)
    for place, value in changes:
        broken[place % len(broken)] = value
    return bytes(broken[: max(1, kept % (len(broken) + 1))])


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of broken EXIF blocks
@settings(max_examples=100, deadline=None)
@given(
    file_format=st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "ICO", "PPM"]),
    # The first bytes hold the header and the EXIF block; the rest is pixels.
    changes=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    kept=st.one_of(st.just(-1), st.integers(0, 10**6)),
)
def test_broken_files_give_a_picture_or_our_error(file_format: str, changes: list[tuple[int, int]], kept: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"exif": exif} if file_format in ("JPEG", "PNG", "WEBP", "TIFF") else {}
    source = np.ascontiguousarray(photograph()[200:224, 200:231])
    data = _broken(encoded(source, file_format, **options), changes, kept)
    try:
        image = sent(data, limit=Size(8, 8))
    except InvalidInputFormatError:
        return
    if image.original is not None:
        assert max(decoded(image.data).shape[:2]) <= 8


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=64))
def test_arbitrary_bytes_are_sent_untouched_or_refused(data: bytes) -> None:
    try:
        image = sent(data)
    except InvalidInputFormatError:
        return
    assert image.data == data


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_file_cut_short_is_not_sent(file_format: str, kept: float) -> None:
    data = encoded(photograph(), file_format)
    with pytest.raises(InvalidInputFormatError, match="cut short"):
        sent(data[: int(len(data) * kept)])


def test_a_jpeg_with_a_thumbnail_is_judged_by_its_own_end() -> None:
    thumbnail = encoded(photograph()[:40, :40], "JPEG")
    data = encoded(photograph(), "JPEG")
    application_data = b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail
    with_thumbnail = data[:2] + application_data + data[2:]
    assert sent(with_thumbnail).data == with_thumbnail
    assert sent(with_thumbnail + b"appended by a camera").data == with_thumbnail + b"appended by a camera"
    with pytest.raises(InvalidInputFormatError, match="cut short"):
        sent(with_thumbnail[:-200])
