"""Both shells offer the same calls, and every public name is documented and importable."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_overloads

import pytest

import inference_ext
from inference_ext import InferenceHTTPClient

METHODS = {
    name: method
    for name, method in inspect.getmembers(InferenceHTTPClient, inspect.isfunction)
    if not name.startswith("_")
}
#: Methods that send nothing, so that there is nothing to await.
WITHOUT_NETWORK = {
    "configure",
    "select_api_v0",
    "select_api_v1",
    "select_model",
    "use_api_v0",
    "use_api_v1",
    "use_configuration",
    "use_model",
}
ENDINGS = {"close", "aclose"}  # one of each shell, each with its own name
TWINS = sorted({name.removesuffix("_async") for name in METHODS} - WITHOUT_NETWORK - ENDINGS)
#: What a blocking generator gives, in a word, and what its twin gives.
STREAMS = {"Generator": "AsyncGenerator"}


def described(method: Callable[..., Any]) -> tuple[list[inspect.Parameter], str]:
    """Names, kinds, defaults and annotations of the parameters, and the annotation of what is given back."""
    signature = inspect.signature(method)
    return list(signature.parameters.values()), str(signature.return_annotation)


def given_by_twin(annotation: str) -> str:
    """The annotation that an asyncio twin must have."""
    word, bracket, rest = annotation.partition("[")
    return STREAMS.get(word, word) + bracket + rest


@pytest.mark.parametrize("name", TWINS)
def test_call_has_an_asyncio_twin_with_the_same_signature(name: str) -> None:
    blocking, twin = METHODS[name], METHODS[f"{name}_async"]
    parameters, given = described(blocking)
    assert described(twin) == (parameters, given_by_twin(given))
    overloads = [described(overload) for overload in get_overloads(blocking)]
    expected = [(parameters, given_by_twin(given)) for parameters, given in overloads]
    assert [described(overload) for overload in get_overloads(twin)] == expected


@pytest.mark.parametrize("name", TWINS)
def test_one_twin_is_awaited_and_the_other_is_not(name: str) -> None:
    blocking, twin = METHODS[name], METHODS[f"{name}_async"]
    assert not inspect.iscoroutinefunction(blocking)
    assert not inspect.isasyncgenfunction(blocking)
    is_stream = inspect.signature(blocking).return_annotation.startswith("Generator[")
    assert inspect.isasyncgenfunction(twin) == is_stream
    assert inspect.iscoroutinefunction(twin) != is_stream
    for overload in get_overloads(twin):
        assert inspect.iscoroutinefunction(overload) != is_stream


@pytest.mark.parametrize("name", TWINS)
def test_twin_says_that_it_is_one_and_where_the_rest_is_told(name: str) -> None:
    documentation = inspect.getdoc(METHODS[f"{name}_async"]) or ""
    assert "asyncio" in documentation.splitlines()[0]
    (told,) = re.findall(r"see `(\w+)`", documentation)
    # The method itself, or the one that it is a kind of.
    assert told in TWINS
    assert name.startswith(told)


def test_both_shells_can_be_closed() -> None:
    assert inspect.iscoroutinefunction(METHODS["aclose"])
    assert not inspect.iscoroutinefunction(METHODS["close"])


def test_nothing_is_without_a_twin_but_what_sends_nothing() -> None:
    for name in WITHOUT_NETWORK:
        assert name in METHODS
        assert not inspect.iscoroutinefunction(METHODS[name])
        assert f"{name}_async" not in METHODS


@pytest.mark.parametrize("name", sorted(METHODS))
def test_public_method_is_documented_and_typed(name: str) -> None:
    method = METHODS[name]
    assert inspect.getdoc(method)
    signature = inspect.signature(method)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values())[1:]:
        assert parameter.annotation is not inspect.Parameter.empty
        assert parameter.kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)


def test_no_group_of_methods_hides_a_name_of_another() -> None:
    """The groups are bases of one class: a private helper of the same name in two of them would silently win once."""
    owners: dict[str, type] = {}
    for group in reversed(InferenceHTTPClient.__mro__):
        for name in vars(group):
            if name.startswith("__") or not group.__module__.startswith("inference_ext"):
                continue
            assert name not in owners, f"{name} of {owners.get(name)} is hidden by {group}"
            owners[name] = group


@pytest.mark.parametrize("name", inference_ext.__all__)
def test_public_name_can_be_imported(name: str) -> None:
    assert getattr(inference_ext, name) is not None


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = inference_ext.nothing


def test_the_version_is_that_of_the_distribution() -> None:
    assert inference_ext.__version__ == importlib.metadata.version("inference-ext")


def test_names_for_type_checkers_and_at_run_time_are_the_same() -> None:
    tree = ast.parse(Path(inference_ext.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    typed = {alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed == set(inference_ext.__all__) == set(dir(inference_ext))
