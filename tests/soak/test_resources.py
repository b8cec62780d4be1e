"""What counts as growth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from soaking.resources import Sample, find_growth, find_kept_memory, medians_of_quarters, take_sample

Course = Callable[[int], float]


def samples(megabytes: Course = lambda _: 200, descriptors: Course = lambda _: 30) -> list[Sample]:
    return [Sample(index, megabytes(index), descriptors(index), 20, 9, 300_000) for index in range(100)]


def test_what_goes_up_and_down_is_flat() -> None:
    assert find_growth(samples(lambda index: 200 + 40 * (index % 2), lambda index: 30 + index % 7)) == []


def test_what_settles_before_the_second_quarter_is_flat() -> None:
    assert find_growth(samples(lambda index: 100 if index < 20 else 200)) == []


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (samples(megabytes=lambda index: 200 + index), "megabytes: 237.0 in the second quarter, 287.0 in the last"),
        (
            samples(descriptors=lambda index: 30 + index // 5),
            "descriptors: 37.0 in the second quarter, 47.0 in the last",
        ),
    ],
)
def test_growth_is_found(held: list[Sample], told: str) -> None:
    assert find_growth(held) == [told]


@pytest.mark.parametrize(("more", "findings"), [(15_000, 0), (15_001, 1), (-500, 0)])
def test_memory_that_is_held_on_to_is_found(more: int, findings: int) -> None:
    first = samples()[0]
    assert len(find_kept_memory(first, replace(first, blocks=first.blocks + more))) == findings


def test_too_few_samples_are_no_proof() -> None:
    (finding,) = find_growth(samples()[:15])
    assert "too few" in finding


def test_quarters_have_all_samples() -> None:
    quarters = medians_of_quarters(samples(megabytes=lambda index: index))
    assert [quarter["megabytes"] for quarter in quarters] == [12, 37, 62, 87]


def test_a_sample_of_this_process() -> None:
    sample = take_sample(3)
    assert sample.megabytes > 10
    assert sample.descriptors >= 3
    assert sample.threads >= 1
    assert sample.tasks == 3
