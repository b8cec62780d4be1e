"""Docstrings of methods say since which server a route, an argument or a setting is understood."""

from __future__ import annotations

import inspect
import re

import pytest
from inference_api.availability import OPERATIONS, PARAMETERS, VERSIONS, Availability

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS

from .exposure import causes, causes_of_settings


def note(known: Availability) -> str:
    return f"Since server {known.since} at the latest (missing in {known.missing_in})"


def newest(known: set[Availability]) -> Availability:
    return max(known, key=lambda each: VERSIONS.index(each.since))


def availability(operation: str, path: str) -> Availability | None:
    """Where a parameter is known from; None for one that is as old as its operation."""
    place, _, name = path.partition(".")
    if place not in {"body", "query"}:
        return None
    return PARAMETERS.get(operation, {}).get(name.replace("[]", ""))


def of_argument(doings: frozenset[tuple[str, str]]) -> Availability | None:
    """Since when an argument has an effect; None when some route knew it from its beginning."""
    known = {availability(operation, path) for operation, path in doings}
    newer = {each for each in known if each is not None and each.missing_in is not None}
    return newest(newer) if newer and None not in known else None


def words(text: str | None) -> str:
    return " ".join((text or "").split())


def argument_text(method: str, argument: str) -> str:
    """What the docstring of a method, or of the one it refers to, says about one argument."""
    docstring = inspect.getdoc(getattr(InferenceHTTPClient, method)) or ""
    found = re.search(rf"^ {{4}}{argument}: (.*(?:\n {{8}}.*|\n(?=\n {{8}}))*)", docstring, re.MULTILINE)
    if found:
        return words(found[1])
    elsewhere = re.search(r"see `(\w+)`", docstring, re.IGNORECASE)
    assert elsewhere, f"{method} does not describe {argument}"
    return argument_text(elsewhere[1], argument)


@pytest.mark.parametrize("method", ROUTES_OF_CALLS)
def test_arguments_that_old_servers_pass_over_say_so(method: str) -> None:
    known = {argument: of_argument(frozenset(doings)) for argument, doings in causes(method).items()}
    needed = {argument: note(each) for argument, each in known.items() if each is not None}
    assert {argument: text for argument, text in needed.items() if text not in argument_text(method, argument)} == {}


@pytest.mark.parametrize("method", ROUTES_OF_CALLS)
def test_methods_without_a_route_on_old_servers_say_so(method: str) -> None:
    known = {OPERATIONS[route] for route in ROUTES_OF_CALLS[method] if route in OPERATIONS}
    if known and all(each.missing_in is not None for each in known):
        oldest = min(known, key=lambda each: VERSIONS.index(each.since))
        assert note(oldest) in words(inspect.getdoc(getattr(InferenceHTTPClient, method)))


def test_settings_that_old_servers_pass_over_say_so() -> None:
    doings: dict[str, set[tuple[str, str]]] = {}
    for method in ROUTES_OF_CALLS:
        for setting, its in causes_of_settings(method).items():
            doings.setdefault(setting, set()).update(its)
    known = {setting: of_argument(frozenset(its)) for setting, its in doings.items()}
    needed = {setting: note(each) for setting, each in known.items() if each is not None}
    assert {setting: text for setting, text in needed.items() if text not in setting_text(setting)} == {}


def setting_text(setting: str) -> str:
    """The docstring below the setting."""
    source = inspect.getsource(InferenceConfiguration)
    found = re.search(rf"^    {setting}:.*?\"\"\"(.*?)\"\"\"", source, re.MULTILINE | re.DOTALL)
    assert found, f"{setting} is not described"
    return words(found[1])
