"""Base64 text is read strictly, so that a mistyped path never becomes an image."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext.images.base64_text import decode_image_base64

_BLANKS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["\n", "\r\n", " ", "\t"])), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    data=st.binary(min_size=1, max_size=200),
    prefix=st.sampled_from(["", "data:image/jpeg;base64,", "data:;base64,"]),
    blanks=_BLANKS,
    padded=st.booleans(),
)
def test_what_was_encoded_is_decoded(data: bytes, prefix: str, blanks: list[tuple[int, str]], padded: bool) -> None:
    text = base64.b64encode(data).decode("ascii")
    if not padded:
        text = text.rstrip("=")
    for place, blank in blanks:
        text = text[:place] + blank + text[place:]
    assert decode_image_base64(prefix + text) == data


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=3, max_size=60), place=st.integers(0, 79), foreign=st.sampled_from("-_.:!\\%é€\0,"))
def test_a_foreign_character_is_not_skipped(data: bytes, place: int, foreign: str) -> None:
    text = base64.b64encode(data).decode("ascii")
    place %= len(text)
    assert decode_image_base64(text[:place] + foreign + text[place:]) is None


@pytest.mark.parametrize(
    "text", ["", "\n", "A", "AAAAA", "data:", "data:image/png;base64", "data:image/png,AAAA", "A==="]
)
def test_what_is_not_base64_gives_none(text: str) -> None:
    assert decode_image_base64(text) is None
