"""Checks of a call's arguments, made before anything is sent. Every error names the argument."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, cast

from ..errors import InvalidParameterError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = [
    "checked_choice",
    "checked_flag",
    "checked_fraction",
    "checked_json",
    "checked_names",
    "checked_objects",
    "checked_positive",
    "checked_text",
    "optional_text",
]

_BYTES = (bytes, bytearray, memoryview)


def checked_text(name: str, value: object) -> str:
    """Give a text that is not empty.

    Raises:
        InvalidParameterError: It is something else.

    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidParameterError(f"{name}: expected text, got {value!r}")
    return value


def optional_text(name: str, value: object) -> str | None:
    """Give `None` or a text that is not empty.

    Raises:
        InvalidParameterError: It is something else.

    """
    return None if value is None else checked_text(name, value)


def checked_choice(name: str, value: object, choices: Sequence[str]) -> str:
    """Give one of the texts that are allowed.

    Raises:
        InvalidParameterError: It is none of them.

    """
    if not isinstance(value, str) or value not in choices:
        raise InvalidParameterError(f"{name}: expected one of {', '.join(map(repr, choices))}, got {value!r}")
    return value


def checked_flag(name: str, value: object) -> bool:
    """Give a boolean; 0, 1 and texts are refused, as they are usually a mistake.

    Raises:
        InvalidParameterError: It is something else.

    """
    if not isinstance(value, bool) and isinstance(value, np.bool_):
        return bool(cast("npt.NDArray[Any]", value).tolist())
    if not isinstance(value, bool):
        raise InvalidParameterError(f"{name}: expected True or False, got {value!r}")
    return value


def checked_fraction(name: str, value: object) -> float | None:
    """Give `None` or a number from 0 to 1.

    Raises:
        InvalidParameterError: It is something else.

    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) <= 1:
        raise InvalidParameterError(f"{name}: expected a number from 0 to 1, got {value!r}")
    return float(value)


def checked_positive(name: str, value: object) -> int | None:
    """Give `None` or a whole number from 1 on.

    Raises:
        InvalidParameterError: It is something else.

    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise InvalidParameterError(f"{name}: expected a whole number from 1 on, got {value!r}")
    return int(value)


def checked_names(name: str, value: object) -> list[str]:
    """Give a sequence of texts, at least one, as a list. A bare text is refused: it would be taken letter by letter.

    Raises:
        InvalidParameterError: It is something else.

    """
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise InvalidParameterError(f"{name}: expected a sequence of texts, at least one, got {value!r}")
    entries = cast("Sequence[object]", value)
    return [checked_text(f"{name}[{position}]", entry) for position, entry in enumerate(entries)]


def checked_objects(name: str, value: object) -> list[dict[str, Any]]:
    """Give a sequence of mappings as JSON objects.

    Raises:
        InvalidParameterError: It is something else, or holds what has no JSON form.

    """
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise InvalidParameterError(f"{name}: expected a sequence of dictionaries, got {type(value).__name__}")
    entries = cast("Sequence[object]", value)
    for position, entry in enumerate(entries):
        if not isinstance(entry, Mapping):
            raise InvalidParameterError(f"{name}[{position}]: expected a dictionary, got {type(entry).__name__}")
    return [checked_json(f"{name}[{position}]", entry) for position, entry in enumerate(entries)]


def checked_json(name: str, value: object) -> Any:
    """Bring a value into JSON's types: numpy scalars and arrays become numbers and lists, tuples become lists.

    Raises:
        InvalidParameterError: It has no JSON form: another type, a number that is not finite, a key that is no text.

    """
    kind = type(value).__name__
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, np.ndarray | np.generic):
        return checked_json(name, cast("npt.NDArray[Any]", value).tolist())
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return _checked_finite(name, float(value))
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value)
        return {_checked_key(name, key): checked_json(f"{name}[{key!r}]", entry) for key, entry in entries.items()}
    if isinstance(value, Sequence) and not isinstance(value, _BYTES):
        items = cast("Sequence[object]", value)
        return [checked_json(f"{name}[{position}]", item) for position, item in enumerate(items)]
    raise InvalidParameterError(f"{name}: {kind} has no JSON form")


def _checked_finite(name: str, number: float) -> float:
    # JSON has no such numbers; encoders write null in their place.
    if not math.isfinite(number):
        raise InvalidParameterError(f"{name}: expected a finite number, got {number}")
    return number


def _checked_key(name: str, key: object) -> str:
    if not isinstance(key, str):
        raise InvalidParameterError(f"{name}: expected keys of text, got {key!r}")
    return key
