"""Masks that travel as PNG in base64."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image

from inference_ext.errors import EncodingError
from inference_ext.results.encoded_masks import decode_mask_png, encode_mask_png

MASKS = hnp.arrays(st.sampled_from([np.uint8, np.uint16]), st.tuples(st.integers(1, 20), st.integers(1, 20)))


@settings(max_examples=40, deadline=None)
@given(mask=MASKS)
def test_what_is_encoded_is_decoded(mask: NDArray[Any]) -> None:
    decoded = decode_mask_png(encode_mask_png(mask))
    assert decoded.dtype == mask.dtype
    assert np.array_equal(decoded, mask)


@settings(max_examples=20, deadline=None)
@given(mask=hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_other_programs_read_and_write_the_same(mask: NDArray[np.uint8]) -> None:
    with Image.open(BytesIO(base64.b64decode(encode_mask_png(mask)))) as picture:
        assert np.array_equal(np.asarray(picture), mask)
    buffer = BytesIO()
    Image.fromarray(mask).save(buffer, "PNG")
    assert np.array_equal(decode_mask_png(base64.b64encode(buffer.getvalue()).decode("ascii")), mask)


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "é", None, 7])
def test_what_is_no_mask_is_refused(text: Any) -> None:
    with pytest.raises(EncodingError, match="mask in the answer is not"):
        decode_mask_png(text)
