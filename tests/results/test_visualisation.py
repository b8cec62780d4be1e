"""Pictures drawn by the server arrive in the chosen form, complete or not at all."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from inference_ext.configuration import VisualisationResponseFormat
from inference_ext.errors import EncodingError
from inference_ext.results.visualisation import present_encoded_picture, present_picture
from tests.images.pictures import decoded, photograph

BASE64, NUMPY, PILLOW = VisualisationResponseFormat
FORMATS = ["JPEG", "PNG"]


def picture(file_format: str) -> bytes:
    buffer = BytesIO()
    Image.fromarray(photograph()[:96, :128]).save(buffer, file_format)
    return buffer.getvalue()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@pytest.mark.parametrize("file_format", FORMATS)
def test_base64_is_the_servers_text(file_format: str) -> None:
    data = picture(file_format)
    assert present_picture(text(data), BASE64) == text(data)
    assert present_encoded_picture(data, BASE64) == text(data)


@pytest.mark.parametrize("file_format", FORMATS)
def test_numpy_is_bgr(file_format: str) -> None:
    data = picture(file_format)
    for pixels in (present_picture(text(data), NUMPY), present_encoded_picture(data, NUMPY)):
        assert (pixels.dtype, pixels.shape) == (np.uint8, (96, 128, 3))
        assert np.array_equal(pixels, decoded(data))


@pytest.mark.parametrize("file_format", FORMATS)
def test_pillow_is_rgb_and_fully_decoded(file_format: str) -> None:
    data = picture(file_format)
    for image in (present_picture(text(data), PILLOW), present_encoded_picture(data, PILLOW)):
        assert isinstance(image, Image.Image)
        assert (image.mode, image.size) == ("RGB", (128, 96))
        assert np.array_equal(np.asarray(image), np.asarray(Image.open(BytesIO(data)).convert("RGB")))


def test_numpy_and_pillow_show_the_same_picture() -> None:
    data = text(picture("PNG"))
    assert np.array_equal(present_picture(data, NUMPY)[:, :, ::-1], np.asarray(present_picture(data, PILLOW)))


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("output_format", [NUMPY, PILLOW])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_picture_cut_short_is_an_error(
    file_format: str, output_format: VisualisationResponseFormat, kept: float
) -> None:
    data = picture(file_format)
    cut = data[: int(len(data) * kept)]
    with pytest.raises(EncodingError, match="complete picture"):
        present_picture(text(cut), output_format)
    with pytest.raises(EncodingError, match="complete picture"):
        present_encoded_picture(cut, output_format)


@pytest.mark.parametrize("output_format", [NUMPY, PILLOW])
@pytest.mark.parametrize("data", [b"", b"<html></html>", bytes(100)])
def test_what_is_no_picture_is_an_error(output_format: VisualisationResponseFormat, data: bytes) -> None:
    with pytest.raises(EncodingError, match="visualization in the answer is not"):
        present_encoded_picture(data, output_format)
    with pytest.raises(EncodingError, match="visualization in the answer is not"):
        present_picture(text(data), output_format)


@pytest.mark.parametrize("output_format", [NUMPY, PILLOW])
@pytest.mark.parametrize("value", ["not base64!", "é", "AAA", None, 7, ["AAAA"]])
def test_what_is_no_base64_is_an_error(output_format: VisualisationResponseFormat, value: object) -> None:
    with pytest.raises(EncodingError, match="not base64 text"):
        present_picture(value, output_format)
