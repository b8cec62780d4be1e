"""Checking of what a model function returned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from inference_ext.local.registry import Model

Value = TypeVar("Value")


class ModelOutputError(Exception):
    """A model function returned something else than its task needs.

    Args:
        model: The model.
        complaint: What was expected and what came, one sentence.

    """

    def __init__(self, model: Model, complaint: str) -> None:
        super().__init__(f"Model {model.model_id} ({model.task}): {complaint}")


def expect_type(model: Model, value: Any, wanted: type[Value], where: str) -> Value:
    """The value itself if it has the wanted type."""
    if not isinstance(value, wanted):
        raise ModelOutputError(model, f"{where} has to be {wanted.__name__}, got {type(value).__name__}.")
    return value


def expect_fraction(model: Model, value: Any, where: str) -> float:
    """A confidence 0..1 as float."""
    number = expect_number(model, value, where)
    if not 0.0 <= number <= 1.0:
        raise ModelOutputError(model, f"{where} has to be a confidence from 0 to 1, got {number}.")
    return number


def expect_number(model: Model, value: Any, where: str) -> float:
    """A finite number as float; numpy scalars are numbers too."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ModelOutputError(model, f"{where} has to be a number, got {value!r}.") from None
    if not math.isfinite(number):
        raise ModelOutputError(model, f"{where} has to be finite, got {number}.")
    return number


def expect_class(model: Model, name: Any, where: str) -> int:
    """Class id of a class name."""
    if name not in model.class_names:
        raise ModelOutputError(model, f"{where} has to be one of {list(model.class_names)}, got {name!r}.")
    return model.class_names.index(name)
