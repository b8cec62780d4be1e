"""What the functions of `dataclasses` need of a class that is none: its fields."""

from __future__ import annotations

import dataclasses
from typing import Any

import attrs

__all__ = ["dataclass_fields"]


def dataclass_fields(kind: type[attrs.AttrsInstance]) -> dict[str, dataclasses.Field[Any]]:
    """Describe the fields of an attrs class as those of a dataclass.

    Set as its `__dataclass_fields__`, they make `dataclasses.replace`, `asdict` and `fields` work on its instances.
    The configuration of inference-sdk is a dataclass, and its users derive one from another in this way.
    """
    described = [
        (attribute.name, attribute.type or Any, dataclasses.field(default=attribute.default))
        for attribute in attrs.fields(kind)
    ]
    twin: Any = dataclasses.make_dataclass(kind.__name__, described)
    return {made.name: made for made in dataclasses.fields(twin)}
