"""What is public: read off the package as it runs, so that a new name cannot be forgotten by a test."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import inference_api.api
from inference_api import models

__all__ = [
    "NOT_FOR_USERS",
    "PUBLIC_MODULES",
    "callables_of",
    "exported",
    "models_within",
    "operations",
    "public_members",
]

#: Modules whose `__all__` is for users. Those of `inference_ext.http` hold the same objects under other paths.
PUBLIC_MODULES = ("inference_ext", "inference_ext.local", "inference_ext.local.photographs", "inference_ext.testing")

_OURS = ("inference_ext", "inference_api")

#: By class, what is not for users though it has no underscore.
NOT_FOR_USERS = {
    # Reading it raises with advice for people who come from inference-sdk; type checkers do not see it.
    "InferenceHTTPClient": {"webrtc"},
    # For the modules of `inference_ext.testing` among themselves.
    "ErrorStatus": {"content", "headers"},
    "InferenceScript": {"arrive", "described", "lock", "note_unexpected"},
    "ScriptedTarget": {"arrive", "fault_of", "forget_requests", "name", "put_back", "take", "unused"},
}


def exported(module: str) -> dict[str, Any]:
    """The names a module is for, with what they stand for."""
    loaded = importlib.import_module(module)
    return {name: getattr(loaded, name) for name in sorted(loaded.__all__)}


def operations() -> list[tuple[str, str]]:
    """Group and name of every operation of the generated layer."""
    return [
        (group, name)
        for group in inference_api.api.__all__
        for name in importlib.import_module(f"inference_api.api.{group}").__all__
    ]


def public_members(kind: type) -> set[str]:
    """Names of the attributes and methods that our packages give to objects of a class."""
    names: set[str] = set()
    for base in kind.__mro__:
        if _is_ours(base):
            names |= {*vars(base), *inspect.get_annotations(base), *_set_in_init(base)}
    hidden = {name for base in kind.__mro__ for name in NOT_FOR_USERS.get(base.__name__, ())}
    return {name for name in names if not name.startswith("_")} - hidden


def callables_of(kind: type) -> dict[str, Callable[..., Any]]:
    """The methods among the public members of a class, as functions whose first argument is the object or class."""
    found = {name: getattr(kind, name, None) for name in public_members(kind)}
    return {
        name: getattr(value, "__func__", value)
        for name, value in found.items()
        if inspect.isfunction(value) or inspect.ismethod(value)
    }


def models_within(kinds: Iterable[type]) -> set[type]:
    """The generated models that objects of these classes hold in their fields, at any depth."""
    found: set[type] = set()
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if attrs.has(kind) and any(base.__module__.startswith("inference_api") for base in kind.__mro__):
            # Annotations are texts here, and name each other's classes by imports for type checkers only.
            words = {word for one in attrs.fields(kind) for word in re.findall(r"\w+", str(one.type))}
            inner = {getattr(models, word) for word in words & set(models.__all__)} - found
            found |= {model for model in inner if attrs.has(model)}
            waiting += inner
    return found


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in _OURS


def _set_in_init(kind: type) -> set[str]:
    """Names of what a handwritten `__init__` sets on the object."""
    init = vars(kind).get("__init__")
    if init is None or attrs.has(kind) or not inspect.isfunction(init):
        return set()
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(init)))
    except OSError:  # made by the standard library, as for named tuples and data classes
        return set()
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    }
