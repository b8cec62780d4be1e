"""Numbered pictures can be told apart, and the models' answers about them are exact."""

from __future__ import annotations

from itertools import combinations, pairwise

from soaking.pictures import PLACES, SIZE, numbered_scene


def test_every_number_has_a_picture_of_its_own() -> None:
    numbers = [*range(6000), *range(PLACES**2 - 500, PLACES**2)]
    assert len({numbered_scene(number).rectangles for number in numbers}) == len(numbers)


def test_neighbours_differ_by_more_than_the_coding_of_a_video() -> None:
    for one, other in pairwise(numbered_scene(number) for number in range(2 * PLACES)):
        red, next_red = one.rectangles[0], other.rectangles[0]
        assert abs(red.left - next_red.left) >= 10 or abs(red.top - next_red.top) >= 10


def test_rectangles_lie_inside_apart_and_where_answers_are_exact() -> None:
    for number in range(0, PLACES**2, 997):
        rectangles = numbered_scene(number).rectangles
        for rectangle in rectangles:
            assert 0 <= rectangle.left < rectangle.right <= SIZE[0]
            assert 0 <= rectangle.top < rectangle.bottom <= SIZE[1]
            assert not any(side % 2 for side in (rectangle.left, rectangle.right))
            assert not any(side % 3 for side in (rectangle.top, rectangle.bottom))
            assert rectangle.box["x"].is_integer()
            assert rectangle.box["y"].is_integer()
        assert all(one.right < other.left for one, other in combinations(rectangles, 2))
