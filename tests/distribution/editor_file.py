"""A file as a user types it, about every public name, and where in it to ask."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from .public_names import PUBLIC_MODULES, callables_of, exported, models_within, operations, public_members

__all__ = ["EditorFile", "Place", "calls", "completions", "hovers"]

FORMS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")


@frozen
class Place:
    """Where to ask, and what is there."""

    label: str
    """The expression, with the class it is read from."""

    line: int
    column: int

    names: frozenset[str] = frozenset()
    """What the completion must offer."""

    value: Any = None
    """The function or class itself; `None` for fields."""


@frozen
class EditorFile:
    """Text that grows, with places in it."""

    lines: list[str] = field(factory=list[str])
    places: list[Place] = field(factory=list[Place])

    def add(self, line: str) -> None:
        """Add a line without a place."""
        self.lines.append(line)

    def ask(
        self, line: str, label: str, *, names: frozenset[str] = frozenset(), value: Any = None, closed_by: str = ""
    ) -> None:
        """Add a line; the place is its end, or what stands before the signs that close it."""
        self.places.append(Place(label, len(self.lines), len(line), names, value))
        self.lines.append(line + closed_by)

    def write(self, path: Path) -> Path:
        """Write the text to a file."""
        path.write_text("\n".join([*self.lines, ""]))
        return path


def _begun() -> EditorFile:
    file = EditorFile()
    for module in PUBLIC_MODULES:
        file.add(f"import {module}")
    file.add("from inference_api import models")
    groups = sorted({group for group, _ in operations()})
    file.add(f"from inference_api.api import {', '.join(groups)}")
    return file


def _exported_classes() -> Iterator[tuple[str, type[Any]]]:
    for module in PUBLIC_MODULES:
        for name, value in exported(module).items():
            if inspect.isclass(value):
                yield f"{module}.{name}", value


def _classes() -> Iterator[tuple[str, type[Any]]]:
    yield from _exported_classes()
    for model in sorted(models_within(kind for _, kind in _exported_classes()), key=lambda kind: kind.__name__):
        yield f"models.{model.__name__}", model


def completions() -> EditorFile:
    """Every module, object and field of a result, with the dot behind it."""
    file = _begun()
    for module in PUBLIC_MODULES:
        file.ask(f"{module}.", module, names=frozenset(exported(module)))
    for path, kind in _classes():
        members = frozenset(public_members(kind))
        if issubclass(kind, Enum):
            file.ask(f"{path}.", path, names=members)  # its members are for the class
            continue
        file.add(f"def complete(value: {path}):")
        if typing.is_typeddict(kind):
            file.ask('    value["', path, names=members, closed_by='"]')
            continue
        file.ask("    value.", path, names=members)
        for step, inner in _steps(kind):
            file.ask(f"    value.{step}.", f"{path}.{step}", names=frozenset(public_members(inner)))
    for group in sorted({group for group, _ in operations()}):
        names = frozenset(name for of, name in operations() if of == group)
        file.ask(f"{group}.", group, names=names)
    return file


def _steps(kind: type) -> Iterator[tuple[str, type[Any]]]:
    """From a result to the models in its fields: `predictions[0]`, `image`."""
    if not models_within([kind]):
        return
    for attribute in attrs.fields(kind):
        declared = str(attribute.type)
        for model in models_within([kind]):
            for shape, step in (("{}", "{}"), ("list[{}]", "{}[0]"), ("dict[str, {}]", '{}["a"]')):
                if declared == shape.format(model.__name__):
                    yield step.format(attribute.name), model


def hovers() -> EditorFile:
    """Every public name, where an editor shows what it is."""
    file = _begun()
    for module in PUBLIC_MODULES:
        for name, value in exported(module).items():
            documented = value if inspect.isclass(value) or inspect.isfunction(value) else None
            file.ask(f"{module}.{name}", f"{module}.{name}", value=documented)
    for path, kind in _classes():
        if typing.is_typeddict(kind):
            continue  # its fields are texts in the code, about which editors say nothing
        functions = callables_of(kind)
        file.add(f"def hover(value: {path}):")
        file.add("    pass")
        for name in sorted(public_members(kind)):
            file.ask(f"    value.{name}", f"{path}.{name}", value=functions.get(name))
    for group, name in operations():
        for form in FORMS:
            file.ask(f"{group}.{name}.{form}", f"{group}.{name}.{form}")
    return file


def calls() -> EditorFile:
    """Every public function and method, with the bracket that makes an editor show its parameters."""
    file = _begun()
    for module in PUBLIC_MODULES:
        for name, value in exported(module).items():
            if inspect.isfunction(value):
                file.ask(f"{module}.{name}(", f"{module}.{name}", value=value, closed_by=")")
    for path, kind in _exported_classes():
        functions: dict[str, Callable[..., Any]] = callables_of(kind)
        file.add(f"def call(value: {path}):")
        file.add("    pass")
        for name in sorted(functions):
            file.ask(f"    value.{name}(", f"{path}.{name}", value=functions[name], closed_by=")")
    return file
