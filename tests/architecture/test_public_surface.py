"""Both shells offer the same calls, and every public name is documented and importable."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

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
TWINS = sorted(set(METHODS) - WITHOUT_NETWORK - {name for name in METHODS if name.endswith("_async")})


@pytest.mark.parametrize("name", TWINS)
def test_call_has_an_asyncio_twin_with_the_same_signature(name: str) -> None:
    if name == "close":
        assert inspect.iscoroutinefunction(METHODS["aclose"])
        return
    if name == "aclose":
        return
    twin = METHODS[f"{name}_async"]
    assert inspect.iscoroutinefunction(twin) or inspect.isasyncgenfunction(twin)
    assert inspect.signature(METHODS[name]).parameters == inspect.signature(twin).parameters


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


def test_names_for_type_checkers_and_at_run_time_are_the_same() -> None:
    tree = ast.parse(Path(inference_ext.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    typed = {alias.asname for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed == set(inference_ext.__all__) == set(dir(inference_ext))
