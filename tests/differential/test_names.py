"""Every name of inference-sdk 1.8.3 is here, with the same arguments and defaults, or the page says why it is not."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import subprocess
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest

import inference_ext
from differential.intended import Absence, read_absences
from differential.libraries import PEER_VARIABLE
from inference_ext import InferenceConfiguration, InferenceHTTPClient

#: What sends nothing, so that there is nothing to await.
_WITHOUT_NETWORK = {
    "__init__",
    "configure",
    "init",
    "select_api_v0",
    "select_api_v1",
    "select_model",
    "use_api_v0",
    "use_api_v1",
    "use_configuration",
    "use_model",
}
#: Defaults that differ, each with its row in the table of differences.
_OTHER_DEFAULTS = {"max_concurrent_requests": (1, 8)}


@pytest.fixture(scope="module")
def peer() -> dict[str, Any]:
    command = [os.environ[PEER_VARIABLE], "-W", "ignore", str(Path(__file__).with_name("names.py"))]
    listing: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return listing


@pytest.fixture(scope="module")
def absences() -> list[Absence]:
    return read_absences()


def is_here(name: str) -> bool:
    """Whether a name such as `.http.errors:HTTPCallErrorError.status_code` is found in this library."""
    path, _, rest = name.partition(":")
    owner, _, member = rest.partition(".")
    try:
        made = getattr(importlib.import_module(f"inference_ext{path}"), owner)
    except (ImportError, AttributeError):
        return False
    return not member or hasattr(made, member) or member in _of_an_instance(made)


def _of_an_instance(made: Any) -> set[str]:
    """What instances alone have: the fields of attrs classes and what an error is made with."""
    if attrs.has(made):
        return {field.name for field in attrs.fields(made)}
    return set(inspect.signature(made).parameters) if issubclass(made, Exception) else set()


def is_explained(name: str, absences: list[Absence], kind: Callable[[Absence], Any]) -> bool:
    return any(pattern.fullmatch(name) for absence in absences for pattern in kind(absence))


def test_every_name_is_here_or_explained(peer: dict[str, Any], absences: list[Absence]) -> None:
    assert len(peer["names"]) > 200
    explained = {name for name in peer["names"] if is_explained(name, absences, lambda absence: absence.names)}
    assert [name for name in peer["names"] if name not in explained and not is_here(name)] == []
    # The property that explains itself is there for programs, not for `hasattr`.
    assert [name for name in explained if is_here(name) and not name.endswith(".webrtc")] == []


def test_every_environment_variable_is_read_or_explained(peer: dict[str, Any], absences: list[Absence]) -> None:
    package = Path(inference_ext.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    for variable in peer["environment"]:
        explained = is_explained(variable, absences, lambda absence: absence.variables)
        assert (f'"{variable}"' in source) is not explained, variable


def test_no_explanation_is_out_of_date(peer: dict[str, Any], absences: list[Absence]) -> None:
    for absence in absences:
        for pattern in absence.names:
            assert any(pattern.fullmatch(name) for name in peer["names"]), pattern.pattern
        for pattern in absence.variables:
            assert any(pattern.fullmatch(variable) for variable in peer["environment"]), pattern.pattern


def test_every_method_takes_the_same_arguments(peer: dict[str, Any]) -> None:
    assert len(peer["signatures"]) > 70
    for method, expected in peer["signatures"].items():
        shared, own = _parameters(method, len(expected))
        assert shared == expected, method
        # What is ours alone can neither be taken for one of theirs by its position nor be missing.
        assert all(by_name and default for _, by_name, default in own), method


def test_every_method_has_a_twin_with_the_same_arguments(peer: dict[str, Any]) -> None:
    for method, expected in peer["signatures"].items():
        if method in _WITHOUT_NETWORK or method.endswith("_async"):
            continue
        shared, _ = _parameters(f"{method}_async", len(expected))
        assert shared == expected, method


def _parameters(method: str, count: int) -> tuple[list[Any], list[Any]]:
    parameters = list(inspect.signature(getattr(InferenceHTTPClient, method)).parameters.values())
    if parameters and parameters[0].name == "self":
        parameters = parameters[1:]
    described = [
        [
            parameter.name,
            parameter.kind is parameter.KEYWORD_ONLY,
            [] if parameter.default is parameter.empty else [parameter.default],
        ]
        for parameter in parameters
    ]
    return described[:count], described[count:]


def test_every_setting_is_here_with_its_default(peer: dict[str, Any]) -> None:
    assert len(peer["settings"]) == 36
    ours = InferenceConfiguration()
    for name, default in peer["settings"].items():
        value: Any = getattr(ours, name)
        plain: Any = value.value if isinstance(value, Enum) else list(value) if isinstance(value, tuple) else value
        assert (default, plain) == _OTHER_DEFAULTS.get(name, (default, default)), name
