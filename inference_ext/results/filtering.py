"""Leaving predictions out of a typed result."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from numbers import Real
from typing import Any, TypeVar, cast

import attrs
from attrs import frozen

from ..errors import InvalidParameterError, InvalidResponseError

__all__ = ["Criteria", "read_criteria", "with_predictions"]

Model = TypeVar("Model")


@frozen
class Criteria:
    """What a prediction must be to stay; `None` where anything will do."""

    classes: frozenset[str] | None
    min_confidence: float | None
    min_area: float | None = None

    def accept(self, class_name: Any, confidence: Any, box: Any = None) -> bool:
        """Whether a prediction stays.

        A confidence or an area that is not a number (NaN) is below every limit.

        Args:
            class_name: Its class.
            confidence: Its confidence.
            box: What has its `width` and `height`, if it is a box.

        Raises:
            InvalidResponseError: What is compared is of a kind that cannot be.

        """
        try:
            return (
                (self.classes is None or class_name in self.classes)
                and (self.min_confidence is None or bool(confidence >= self.min_confidence))
                and (self.min_area is None or box is None or bool(box.width * box.height >= self.min_area))
            )
        except (TypeError, OverflowError) as error:
            raise InvalidResponseError(f"a prediction of the result cannot be filtered: {error}") from error


def read_criteria(
    classes: str | Collection[str] | None, min_confidence: float | None, min_area: float | None = None
) -> Criteria:
    """Check what a caller filters by.

    Raises:
        InvalidParameterError: A class is no name, or a limit is out of range; the message names it.

    """
    limit = None if min_confidence is None else _number("min_confidence", min_confidence, highest=1.0)
    area = None if min_area is None else _number("min_area", min_area, highest=sys.float_info.max)
    return Criteria(None if classes is None else _names(classes), limit, area)


def _names(classes: object) -> frozenset[str]:
    # A dictionary's keys would do, but one that is passed here was meant for something else.
    kind = type(classes).__name__
    if isinstance(classes, Mapping | bytes) or not isinstance(classes, Iterable):
        raise InvalidParameterError(f"classes: expected a class name or a collection of class names, got {kind}")
    names: list[object] = [classes] if isinstance(classes, str) else list(cast("Iterable[object]", classes))
    for name in names:
        if not isinstance(name, str) or not name:
            raise InvalidParameterError(
                f"classes: expected class names, none of them empty; got {name!r:.80} ({type(name).__name__})"
            )
    return frozenset(cast("list[str]", names))


def _number(argument: str, value: object, highest: float) -> float:
    # Also numpy's numbers.
    number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    if 0 <= number <= highest:
        return number
    limits = "from 0 to 1" if highest == 1 else "of square pixels, 0 or more"
    raise InvalidParameterError(f"{argument}: expected a number {limits}, or None; got {value!r:.80}")


def with_predictions(result: Model, predictions: object, *, is_smaller: bool, **others: Any) -> Model:
    """Copy a typed result with other predictions; what is not named is shared with the original.

    Args:
        result: The original; it stays as it is.
        predictions: Value of the copy's `predictions`.
        is_smaller: Whether predictions were left out. The picture that the server drew shows them, so it is left out
            then too.
        others: Further fields and their values.

    """
    made = copy(result)
    changes = {"predictions": predictions, **others}
    if is_smaller:
        fields: dict[str, Any] = attrs.fields_dict(cast("type[attrs.AttrsInstance]", type(result)))
        changes["visualization"] = fields["visualization"].default
    changes["additional_properties"] = dict(cast("Any", result).additional_properties)
    for name, value in changes.items():
        setattr(made, name, value)
    return made
