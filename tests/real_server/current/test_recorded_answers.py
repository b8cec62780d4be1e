"""The recording that the embedded backend is tested against is still what the real server says.

tests/local compares the embedded backend with recorded answers, because that needs no server. Here the same calls
go to the real server, so that the recording cannot fall behind it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.local.record_real_server import record
from tests.local.wire_cases import CASES, Case
from tests.real_server.comparing import comparable

RECORDING = Path(__file__).parents[2] / "local" / "recorded_answers.json"
RECORDED: dict[str, dict[str, Any]] = json.loads(RECORDING.read_text(encoding="utf-8"))
FIRST_STATEFUL = next(index for index, case in enumerate(CASES) if case.name == "clear")
STATELESS, STATEFUL = CASES[:FIRST_STATEFUL], CASES[FIRST_STATEFUL:]
"""Up to the first `clear` the cases may run in any order; from there on the registry remembers the case before."""


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out the cold start headers, which tell how often this server was used before."""
    headers = {name: value for name, value in answer["headers"].items() if "cold-start" not in name}
    return {"status": answer["status"], "headers": headers, "body": comparable(answer["body"])}


@pytest.mark.parametrize("case", STATELESS, ids=[case.name for case in STATELESS])
def test_one_call(base: str, case: Case) -> None:
    assert stable(record(base, case)) == stable(RECORDED[case.name])


def test_the_registry_calls_in_their_order(base: str) -> None:
    for case in STATEFUL:
        assert stable(record(base, case)) == stable(RECORDED[case.name]), case.name
