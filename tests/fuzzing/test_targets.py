"""A result or an error of this package comes out of everything that is read, soon and in little memory."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .choices import Choices
from .memory import limited_memory
from .mutation import mutated_bytes
from .regressions import REGRESSIONS
from .targets import TARGETS, Target

MEGABYTES = 1536
SECONDS = 20
"""For one input; far more than any takes, as the machine may be busy."""

EXAMPLES = {
    "http_answers": 600,
    "connections": 60,
    "error_answers": 80,
    "success_answers": 250,
    "results": 500,
    "picture_results": 250,
    "image_bytes": 250,
    "image_texts": 100,
}
"""Inputs for each target, so that all take a few seconds. `scripts/fuzz.py` goes on for longer."""


def spoiled(seed: bytes, choices: bytes) -> bytes:
    return mutated_bytes(seed, Choices(choices))


def continued(seed: bytes, rest: bytes) -> bytes:
    return seed[:1] + rest


def inputs(target: Target) -> SearchStrategy[bytes]:
    """Any bytes, and those that lead far in with a few places spoiled."""
    seeds = st.sampled_from(target.seeds)
    return (
        st.binary(max_size=200)
        | st.builds(spoiled, seeds, st.binary(max_size=60))
        | st.builds(continued, seeds, st.binary(max_size=200))
    )


def check(name: str, data: bytes) -> None:
    began = time.monotonic()
    TARGETS[name].run(data)
    assert time.monotonic() - began < SECONDS


def test_every_target_is_tried() -> None:
    assert EXAMPLES.keys() == TARGETS.keys() == REGRESSIONS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_what_leads_far_in(name: str) -> None:
    with limited_memory(MEGABYTES):
        for seed in TARGETS[name].seeds:
            check(name, seed)


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, each in REGRESSIONS.items() for data in each])
def test_what_once_went_wrong(name: str, data: bytes) -> None:
    with limited_memory(MEGABYTES):
        check(name, data)


@pytest.mark.parametrize("name", TARGETS)
def test_anything(name: str) -> None:
    @settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @example(b"")
    @given(inputs(TARGETS[name]))
    def run(data: bytes) -> None:
        check(name, data)

    with limited_memory(MEGABYTES):
        run()
