"""Every call through inference-sdk 1.8.3 and through this library: equal, but for the table of differences."""

from __future__ import annotations

import os
import subprocess

import pytest

from differential.case import Case, Step
from differential.cases import ALL_CASES
from differential.intended import PAGE, Row, page_text, read_absences
from differential.libraries import PEER_VARIABLE, Comparator

#: Another way to call the class, and the peer's WebRTC module, which is not here.
_NOT_COMPARED = {"init", "webrtc"}


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.id)
def test_both_do_the_same_but_for_what_is_intended(case: Case, comparator: Comparator, rows: list[Row]) -> None:
    found = comparator.compare(case)
    unknown = [str(place) for place in found if not any(row.matches(case.id, place) for row in rows)]
    assert not unknown, "\n" + "\n".join(unknown)


def test_every_row_of_the_table_is_seen(comparator: Comparator, rows: list[Row]) -> None:
    for case in ALL_CASES:
        comparator.compare(case)
    seen = {
        (row.id, position)
        for case, found in comparator.found.items()
        for place in found
        for row in rows
        for position, at in enumerate(row.places)
        if at.matches(case, place)
    }
    stale = [
        f"{row.id}, place {position}"
        for row in rows
        for position, _ in enumerate(row.places)
        if (row.id, position) not in seen
    ]
    assert not stale, f"no call shows these any more; remove them from the table: {stale}"


def test_every_public_method_of_the_peer_is_called() -> None:
    listing = "import inference_sdk as s; print(*[n for n in dir(s.InferenceHTTPClient) if not n.startswith('_')])"
    command = [os.environ[PEER_VARIABLE], "-W", "ignore", "-c", listing]
    public = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    methods = {name.removesuffix("_async") for name in public}
    compared = {name for case in ALL_CASES for step in case.steps for name in _names(step)}
    assert methods - compared == _NOT_COMPARED


def _names(step: Step) -> set[str]:
    return {step.name, *(name for inner in step.inside for name in _names(inner))}


def test_case_names_and_rows_are_unique(rows: list[Row]) -> None:
    for names in ([case.id for case in ALL_CASES], [row.id for row in rows]):
        assert len(names) == len(set(names))


def test_the_page_shows_the_table(rows: list[Row]) -> None:
    assert PAGE.read_text(encoding="utf-8") == page_text(rows, read_absences()), "run scripts/differential_lane.py page"
