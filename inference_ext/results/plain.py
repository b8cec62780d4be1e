"""A result as the plain dictionary, whichever form it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

from ..errors import InvalidParameterError

__all__ = ["AnyResult", "Dumps", "plain_result"]


@runtime_checkable
class Dumps(Protocol):
    """A typed result, as far as its dictionary goes."""

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object."""
        ...


AnyResult: TypeAlias = Mapping[str, Any] | Dumps
"""A typed result, or the dictionary that `infer` gives."""


def plain_result(result: AnyResult) -> dict[str, Any]:
    """Give the dictionary of one image's result.

    Raises:
        InvalidParameterError: It is neither a dictionary nor a typed result, such as a list of results.

    """
    if isinstance(result, Mapping):
        return dict(result)
    if isinstance(cast("object", result), Dumps):
        return result.to_dict()
    raise InvalidParameterError(
        f"result: expected one image's result, a dictionary or a typed result; got {type(result).__name__}"
    )
