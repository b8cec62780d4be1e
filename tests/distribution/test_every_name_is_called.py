"""Nothing public is left out of the files of calls: a new method, argument or field fails here until it is in them."""

from __future__ import annotations

import ast
import importlib
import inspect
import shutil
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

import inference_ext

from .checked_calls import CALLS, Calls, read_calls
from .public_names import (
    NOT_FOR_USERS,
    PUBLIC_MODULES,
    callables_of,
    exported,
    models_within,
    operations,
    public_members,
)

EXPORTED = {name: value for module in PUBLIC_MODULES for name, value in exported(module).items()}
CLASSES = {name: value for name, value in EXPORTED.items() if inspect.isclass(value)}
FUNCTIONS = {name: value for name, value in EXPORTED.items() if inspect.isfunction(value)}
MODELS = {kind.__name__: kind for kind in models_within(CLASSES.values())}


@pytest.fixture(scope="module")
def calls() -> Calls:
    return read_calls()


def owners(kind: type) -> set[str]:
    """A class and its public bases: what all errors have is called on their base."""
    return {base.__name__ for base in kind.__mro__} & {*CLASSES, *MODELS}


def unchecked(kind: type, calls: Calls) -> set[str]:
    checked = {name for owner, name in calls.checked if owner in owners(kind)}
    done = {name for owner, name in calls.done if owner in owners(kind)}
    silent = {name for name, function in callables_of(kind).items() if gives_nothing(function)}
    return public_members(kind) - checked - (done & silent)


def gives_nothing(function: Callable[..., Any]) -> bool:
    return inspect.signature(function).return_annotation in (None, "None")


def test_every_exported_name_is_used(calls: Calls) -> None:
    assert_none_missing({"not in any file": set(EXPORTED) - calls.mentioned})


def test_every_method_and_field_has_its_type_checked(calls: Calls) -> None:
    assert_none_missing({kind.__name__: unchecked(kind, calls) for kind in [*CLASSES.values(), *MODELS.values()]})


def test_every_argument_of_every_method_is_passed(calls: Calls) -> None:
    missing: dict[str, set[str]] = {}
    for kind in CLASSES.values():
        for name, function in callables_of(kind).items():
            unused = [calls.unused_parameters((owner, name), function, skip=1) for owner in owners(kind)]
            missing[f"{kind.__name__}.{name}"] = set[str].intersection(*unused)
    assert_none_missing(missing)


def test_every_argument_of_every_function_is_passed(calls: Calls) -> None:
    assert_none_missing({name: calls.unused_parameters(("", name), one, skip=0) for name, one in FUNCTIONS.items()})
    checked = {name for _, name in calls.checked} | {
        name for name, one in FUNCTIONS.items() if ("", name) in calls.done and gives_nothing(one)
    }
    assert_none_missing({"unchecked": set(FUNCTIONS) - checked})


def test_what_is_made_is_made_with_every_argument(calls: Calls) -> None:
    made = [
        name
        for name, kind in CLASSES.items()
        if calls.calls["", name] and not issubclass(kind, Enum | Exception) and not typing.is_typeddict(kind)
    ]
    assert {"InferenceConfiguration", "InferenceHTTPClient", "LocalBackend", "URLPolicy"} <= set(made)
    assert_none_missing({name: calls.unused_parameters(("", name), CLASSES[name], skip=0) for name in made})


def test_every_answer_of_an_overloaded_method_is_checked(calls: Calls) -> None:
    missing: dict[str, set[str]] = {}
    for owner, kind in CLASSES.items():
        for name, function in callables_of(kind).items():
            answers = {str(inspect.signature(one).return_annotation) for one in typing.get_overloads(function)}
            if len(calls.types[owner, name]) < len(answers):
                missing[f"{owner}.{name} gives"] = answers
    assert_none_missing(missing)


def test_every_operation_of_the_generated_layer_is_checked(calls: Calls) -> None:
    assert len(operations()) > 80
    left_out = {name for _, name in operations() if (name, "sync") not in calls.checked | calls.done}
    assert_none_missing({"operations": left_out})
    forms = {"sync", "sync_detailed", "asyncio", "asyncio_detailed"}
    for name in ("infer_object_detection", "get_info", "head_dashboard"):
        assert {form for form in forms if (name, form) in calls.checked | calls.done} == forms


def test_every_kind_of_image_is_passed() -> None:
    kinds: Any = inference_ext.ImageInput
    (function,) = (
        node
        for node in ast.walk(ast.parse((CALLS / "inferring.py").read_text()))
        if isinstance(node, ast.FunctionDef) and node.name == "every_kind_of_image"
    )
    images = {one.arg for one in function.args.args[1:]}
    passed = {ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Call)}
    assert len(images) == len(kinds.split(" | "))
    assert {f"client.infer({image})" for image in images} <= passed


@pytest.mark.parametrize("module", ["client", "entities", "errors"])
def test_every_name_under_the_paths_of_inference_sdk_is_used(module: str) -> None:
    path = f"inference_ext.http.{module}"
    imported = {
        alias.name
        for node in ast.walk(ast.parse((CALLS / "sdk_paths.py").read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == path
        for alias in node.names
    }
    assert set(importlib.import_module(path).__all__) == imported


def test_what_is_not_for_users_is_still_there() -> None:
    bases = {base.__name__: base for kind in CLASSES.values() for base in kind.__mro__}
    assert_none_missing({name: names - set(dir(bases[name])) for name, names in NOT_FOR_USERS.items()})


def test_what_is_left_out_is_missed(tmp_path: Path) -> None:
    shutil.copytree(CALLS, tmp_path / "calls")
    inferring = tmp_path / "calls" / "inferring.py"
    inferring.write_text(inferring.read_text().replace("progress=", "model_id=").replace("infer_async", "infer"))
    (tmp_path / "calls" / "pipelines.py").unlink()
    calls = read_calls(tmp_path / "calls")
    missed = unchecked(inference_ext.InferenceHTTPClient, calls) - unchecked(
        inference_ext.InferenceHTTPClient, read_calls()
    )
    assert {"infer_async", "pause_inference_pipeline", "pause_inference_pipeline_async"} <= missed
    assert "infer" not in missed
    infer = inference_ext.InferenceHTTPClient.infer
    assert calls.unused_parameters(("InferenceHTTPClient", "infer"), infer, skip=1) == {"progress"}


def assert_none_missing(missing: Mapping[str, set[str]]) -> None:
    lines = [f"{where}: {', '.join(sorted(names))}" for where, names in missing.items() if names]
    assert not lines, "\n".join(["the files of calls leave out", *lines])
