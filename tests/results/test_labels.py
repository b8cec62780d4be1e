"""Names and scores on a picture: whole, inside, legible, and never turned into question marks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference_ext import InvalidParameterError, draw_result
from inference_ext.results.fonts import load_font
from inference_ext.results.labels import LabelWriter
from inference_ext.results.palette import colour_of, text_colour
from inference_ext.results.typed import read_objects
from tests.results.samples import KINDS, READERS, images, real_answers

Pixels = NDArray[np.uint8]
GRAY = 90
BLUE = (230, 130, 30)

#: What the font that comes with OpenCV 5 has, and what it does not have.
DRAWN = ("Größe", "犬", "Жук", "日本語", "한국어", "crème brûlée", "αβγ", "plain", "why?")
NOT_DRAWN = {
    "ไทย": r"\u0e44\u0e17\u0e22",
    "नमस्ते": r"\u0928\u092e",
    "😀": r"\U0001f600",
    "a\nb": r"a\nb",
    "\u200b": r"\u200b",
}


@pytest.fixture(params=["OpenCV", "Pillow"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the letters come from: the second is for OpenCV before version 5, which has none."""
    if request.param == "Pillow":
        monkeypatch.delattr(cv2, "FontFace")
    return str(request.param)


def canvas(width: int, height: int) -> Pixels:
    return np.full((height, width, 3), GRAY, np.uint8)


def box(name: str, left: float, top: float, width: float, height: float) -> dict[str, Any]:
    place = {"x": left + width / 2, "y": top + height / 2, "width": width, "height": height}
    return {**place, "class": name, "class_id": 0, "confidence": 0.87}


def label_area(name: str, size: tuple[int, int], at: tuple[int, int, int, int]) -> Pixels:
    """The pixels of the one label written onto an empty picture."""
    picture = canvas(*size)
    LabelWriter(picture).write(name, "0.87", at, BLUE)
    changed = np.argwhere((picture != GRAY).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    return picture[top : bottom + 1, left : right + 1]


def ink(name: str, size: int = 40) -> Pixels:
    """A line of text, white on black."""
    picture = np.zeros((2 * size, 40 * size, 3), np.uint8)
    load_font(size).draw(picture, name, 5, int(1.4 * size), (255, 255, 255))
    return picture


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1920, 1080), (4000, 3000), (3000, 4000)])
def test_letters_are_legible_at_any_size(library: str, size: tuple[int, int]) -> None:
    area = label_area("person", size, (20, 100, 90, 150))
    height, width = area.shape[:2]
    assert library
    assert height >= 15
    assert height >= max(size) / 60
    assert height <= max(size) / 15
    assert width <= size[0]
    text = (area.astype(int) - BLUE).any(axis=2)
    assert 0.08 < text.mean() < 0.5
    # All of the text is inside: a margin of the label's colour is around it.
    assert not text[0].any()
    assert not text[-1].any()
    assert not text[:, 0].any()
    assert not text[:, -1].any()


@settings(max_examples=40, deadline=None)
@given(
    size=st.tuples(st.integers(1, 400), st.integers(1, 300)),
    place=st.tuples(*[st.integers(-500, 900)] * 4),
    name=st.text(max_size=40),
)
def test_no_label_leaves_the_picture_or_fails(
    size: tuple[int, int], place: tuple[int, int, int, int], name: str
) -> None:
    frame = canvas(size[0] + 40, size[1] + 40)
    inside = frame[20:-20, 20:-20]
    writer = LabelWriter(inside)
    writer.write(name, "0.50", place, BLUE)
    outside = np.ones(frame.shape[:2], bool)
    outside[20:-20, 20:-20] = False
    assert (frame[outside] == GRAY).all()
    if size[0] >= 100 and size[1] >= writer.height:
        assert (inside == BLUE).all(axis=2).any()


@pytest.mark.parametrize("name", [*DRAWN, *NOT_DRAWN])
def test_no_letter_becomes_a_question_mark(library: str, name: str) -> None:
    """A label differs from the one that has question marks in place of its letters, and from those of other names."""
    at = (5, 100, 90, 150)
    written = label_area(name, (1000, 300), at)
    in_marks = "".join("?" if letter > "~" else letter for letter in name)
    if in_marks != name:
        asked = label_area(in_marks, (1000, 300), at)
        assert written.shape != asked.shape or not np.array_equal(written, asked)
    others = [label_area(other, (1000, 300), at) for other in (*DRAWN, *NOT_DRAWN) if other != name]
    assert library
    assert not any(written.shape == other.shape and np.array_equal(written, other) for other in others)


@pytest.mark.parametrize("name", NOT_DRAWN)
def test_what_the_font_does_not_have_is_written_as_in_python(library: str, name: str) -> None:
    at = (5, 100, 90, 150)
    escaped = "".join(letter if " " <= letter <= "~" else letter.encode("unicode_escape").decode() for letter in name)
    assert escaped.startswith(NOT_DRAWN[name])
    assert library
    assert np.array_equal(label_area(name, (1000, 300), at), label_area(escaped, (1000, 300), at))


def test_letters_of_many_languages_are_drawn() -> None:
    font = load_font(20)
    for name in DRAWN:
        assert all(font.draws(letter) for letter in name if letter != " ")
    for letter in "ไन😀":
        assert not font.draws(letter)


def test_the_other_font_says_what_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(cv2, "FontFace")
    font = load_font(20)
    assert all(font.draws(letter) for letter in "AZaz09?…°")
    assert not any(font.draws(letter) for letter in "üЖ犬ไ😀")


def test_letters_made_of_two_characters_are_the_same_as_those_of_one(library: str) -> None:
    at = (5, 100, 90, 150)
    assert library
    assert np.array_equal(label_area("cre\u0300me", (600, 300), at), label_area("crème", (600, 300), at))


def test_text_is_as_wide_as_it_says(library: str) -> None:
    for size in (13, 40, 67):
        font = load_font(size)
        for text in ("person 0.87", "iiiii", "WWWW 1.00", "gjpqy"):
            columns = np.flatnonzero(ink(text, size).any(axis=(0, 2)))
            assert columns[0] >= 5 - size / 8
            assert columns[-1] <= 5 + font.width(text) + size / 8
            assert columns[-1] >= 5 + font.width(text) - size / 4
    assert library


def test_threads_write_the_same_letters() -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda number: ink("Größe 犬 0.87", 20 + number % 3), range(96)))
    for number, picture in enumerate(drawn):
        assert np.array_equal(picture, drawn[number % 3])


# -- where they are


def positions(*boxes: dict[str, Any], size: tuple[int, int] = (640, 480)) -> list[Pixels]:
    """For each box, where the picture changes when it alone loses its name."""
    result = {"image": {"width": size[0], "height": size[1]}, "predictions": list(boxes)}
    with_labels, without = (draw_result(result, canvas(*size), labels=labels) for labels in (True, False))
    changed = (with_labels != without).any(axis=2).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(changed)
    return [np.asarray(stats[number][:4]) for number in range(1, count)]


def test_a_label_stands_above_its_box() -> None:
    ((left, top, _, height),) = positions(box("cat", 100, 200, 150, 100))
    assert abs(left - 100) <= 2
    assert abs(top + height - 200) <= 2


def test_at_the_upper_edge_it_stands_inside_its_box() -> None:
    ((left, top, _, _),) = positions(box("cat", 100, 3, 150, 100))
    assert abs(left - 100) <= 2
    assert 3 <= top <= 5


def test_at_the_right_edge_it_moves_to_the_left() -> None:
    ((left, _, width, _),) = positions(box("a long name", 630, 200, 10, 100))
    assert left + width == 640


def test_what_is_outside_has_no_label() -> None:
    outside = [box("cat", -200, 10, 100, 50), box("cat", 700, 10, 100, 50), box("cat", 10, 500, 100, 50)]
    assert positions(*outside) == []


def test_labels_side_by_side_do_not_hide_each_other() -> None:
    crowd = [(60 + 45 * at, 200, 100 + 45 * at, 260) for at in range(4)]
    together = canvas(640, 480)
    writer = LabelWriter(together)
    for place in crowd:
        writer.write("a long name", "0.87", place, BLUE)
    (height, width, _) = label_area("a long name", (640, 480), crowd[0]).shape
    assert width > 2 * 45
    assert (together != GRAY).any(axis=2).sum() == 4 * height * width


def test_a_label_that_finds_no_room_stands_above_its_box() -> None:
    picture = canvas(640, 480)
    writer = LabelWriter(picture)
    for _ in range(9):
        writer.write("a long name", "0.87", (60, 200, 100, 260), BLUE)
    writer.write("another", "0.87", (60, 200, 100, 260), (0, 0, 255))
    rows = np.flatnonzero((picture == (0, 0, 255)).all(axis=2).any(axis=1))
    assert (rows[0], rows[-1]) == (200 - writer.height, 199)


def test_a_name_that_is_too_long_is_cut_and_its_score_stays() -> None:
    area = label_area("a very long name " * 500, (320, 240), (100, 100, 150, 150))
    assert 250 < area.shape[1] <= 320
    score = label_area("", (320, 240), (100, 100, 150, 150))
    end = score.shape[1] // 2
    assert np.array_equal(area[:, -end:], score[:, -end:])


def test_long_lists_of_names_are_written_soon() -> None:
    name = "n" * 1_000_000
    result = {"predictions": [box(name, at % 600, at % 400, 30, 30) for at in range(300)]}
    assert draw_result(result, canvas(640, 480)).any()


# -- options


@pytest.mark.parametrize("kind", KINDS)
def test_without_labels_nothing_is_written(kind: str) -> None:
    answer, image = real_answers()[kind, "v1"], images()[kind]
    drawn = draw_result(answer, image, labels=False)
    assert np.array_equal(drawn, READERS[kind](answer).annotate(image, labels=False))
    if kind in ("classes", "labels", "no boxes", "no key points"):
        assert np.array_equal(drawn, image)
    else:
        assert (drawn != image).any()
    if kind != "semantic" and not kind.startswith("no "):
        assert (drawn != draw_result(answer, image)).any()


@pytest.mark.parametrize("width", [1, 2, 7, 20])
def test_lines_are_as_wide_as_asked(width: int) -> None:
    result = read_objects({"image": {"width": 640, "height": 480}, "predictions": [box("cat", 100, 100, 300, 200)]})
    drawn = result.annotate(canvas(640, 480), labels=False, line_width=width)
    column = (drawn[:, 250] != GRAY).any(axis=1)[:200]
    assert width <= column.sum() <= width + 4  # its edges are smoothed


@pytest.mark.parametrize("width", [0, -1, 1.5, "2", True, 40_000])
def test_a_width_that_is_none_is_refused(width: Any) -> None:
    with pytest.raises(InvalidParameterError, match="line_width: expected a whole number of pixels from 1 to 32767"):
        draw_result({"predictions": []}, canvas(8, 6), line_width=width)


def test_a_dictionary_and_its_typed_result_are_drawn_alike() -> None:
    for kind in KINDS:
        answer, image = real_answers()[kind, "v0"], images()[kind]
        drawn = draw_result(answer, image)
        assert np.array_equal(drawn, draw_result(READERS[kind](answer), image))
    with pytest.raises(InvalidParameterError, match=r"result: expected one image's result.* got list"):
        draw_result([answer], image)  # type: ignore[arg-type]  # what the test is about


def test_text_stands_out_from_its_background() -> None:
    def luminance(colour: tuple[int, int, int]) -> float:
        """Relative luminance of WCAG 2; colours are BGR."""
        linear = [((part / 255 + 0.055) / 1.055) ** 2.4 if part > 10 else part / 255 / 12.92 for part in colour]
        return 0.0722 * linear[0] + 0.7152 * linear[1] + 0.2126 * linear[2]

    for name in "abcdefghijklmnopqrstuvwxyz":
        one, other = sorted((luminance(colour_of(name)), luminance(text_colour(colour_of(name)))))
        assert (other + 0.05) / (one + 0.05) > 3.5
