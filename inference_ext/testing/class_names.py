"""The names a scripted model knows: told by the test, or gathered from its answers."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import InvalidParameterError

__all__ = ["Names"]


#: Ids beyond are kept in the answer and play no role for others.
_HIGHEST_ID = 10_000


class Names:
    """Class names or key point names with their ids.

    Args:
        argument: The argument of `InferenceScript.model` that tells them, for messages.
        told: What the test told: all names, each at the position that is its id. `None`: every new name gets the id
            that was recorded with it, or the lowest one that is free.

    """

    def __init__(self, argument: str, told: Sequence[str] | None) -> None:
        self._argument = argument
        self._is_told = told is not None
        self._ids: dict[str, int] = {name: position for position, name in enumerate(told or ())}

    @property
    def all(self) -> tuple[str, ...]:
        """All names, each at the position that is its id; gaps are filled."""
        names = {position: name for name, position in self._ids.items()}
        return tuple(names.get(position, f"unnamed-{position}") for position in range(max(names, default=-1) + 1))

    @property
    def is_told(self) -> bool:
        """Whether the test told them."""
        return self._is_told

    def id_of(self, name: str, place: str, recorded: int | None = None) -> int:
        """Give the id of a name.

        Args:
            name: The name.
            place: Where it stands, for messages.
            recorded: The id that stands beside it; it is the answer then.

        Raises:
            InvalidParameterError: The test told all names, and this is none of them.

        """
        if name not in self._ids:
            if self._is_told:
                raise InvalidParameterError(
                    f"{place} names {name!r}, which is not among {self._argument}={[*self._ids]}"
                )
            taken = set(self._ids.values())
            is_usable = recorded is not None and 0 <= recorded <= _HIGHEST_ID and recorded not in taken
            free = next(position for position in range(len(taken) + 1) if position not in taken)
            self._ids[name] = recorded if is_usable and recorded is not None else free
        return self._ids[name] if recorded is None else recorded
