"""Which times an outage explains."""

from __future__ import annotations

import pytest
from soaking.outages import Outages


@pytest.mark.parametrize(
    ("begun", "ended", "explained"),
    [
        (90, 99, False),
        (90, 100, True),
        (105, 106, True),
        (90, 300, True),
        (115, 130, True),
        (116, 130, False),
    ],
)
def test_an_outage_of_ten_seconds_with_five_of_grace(begun: float, ended: float, explained: bool) -> None:
    times = iter([100.0, 110.0])
    outages = Outages(grace=5.0, clock=lambda: next(times))
    with outages.outage("SIGKILL"):
        pass
    assert outages.explain(begun, ended) is explained


def test_an_outage_under_way_explains_all_that_comes() -> None:
    outages = Outages(grace=5.0, clock=lambda: 100.0)
    with outages.outage("SIGSTOP"):
        assert outages.explain(500, 501)
        assert not outages.explain(98, 99)
