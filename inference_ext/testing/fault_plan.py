"""Which request meets which fault."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ..errors import InvalidParameterError
from .faults import Fault, checked_fault

__all__ = ["FaultPlan"]


@dataclass
class _Following:
    """A fault of the next requests."""

    fault: Fault
    left: int | None
    """How many more requests meet it; `None`: all."""

    played: int = 0


class FaultPlan:
    """The faults of one model, workflow or route, or of the whole script. Not safe between threads by itself.

    Args:
        name: What the requests are about, for messages.

    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._arrived = 0
        self._numbered: dict[int, Fault] = {}
        self._from_then_on: tuple[int, Fault] | None = None
        self._following: deque[_Following] = deque()

    def inject(self, fault: Fault, times: int | None, at: int | None) -> None:
        """Plan a fault; see `ScriptedTarget.inject`.

        Raises:
            InvalidParameterError: It could never be met, or an argument is not acceptable.

        """
        fault = checked_fault(fault)
        if times is not None and not _is_count(times):
            raise InvalidParameterError(f"inject: times has to be a whole number of at least 1, or None, got {times!r}")
        if at is None:
            if self._following and self._following[-1].left is None:
                raise InvalidParameterError(
                    f"inject: all further requests of {self._name} meet {self._following[-1].fault!r} already; "
                    "clear_faults() takes it back"
                )
            self._following.append(_Following(fault, times))
            return
        if not _is_count(at):
            raise InvalidParameterError(f"inject: at has to be a number from 1 on, got {at!r}")
        if at <= self._arrived:
            raise InvalidParameterError(
                f"inject: request {at} of {self._name} has been answered already, {self._arrived} have arrived"
            )
        self._inject_at(fault, times, at)

    def _inject_at(self, fault: Fault, times: int | None, at: int) -> None:
        if times is None:
            if self._from_then_on is not None:
                raise InvalidParameterError(
                    f"inject: from request {self._from_then_on[0]} of {self._name} on, {self._from_then_on[1]!r} is "
                    "planned already; clear_faults() takes it back"
                )
            self._from_then_on = (at, fault)
            return
        numbers = range(at, at + times)
        taken = [number for number in numbers if number in self._numbered]
        if taken:
            raise InvalidParameterError(
                f"inject: request {taken[0]} of {self._name} meets {self._numbered[taken[0]]!r} already"
            )
        self._numbered.update(dict.fromkeys(numbers, fault))

    def clear(self) -> None:
        """Drop all faults that were not met; the counting of requests goes on."""
        self._numbered.clear()
        self._following.clear()
        self._from_then_on = None

    def arrive(self) -> int:
        """Count a request; gives its number, from 1 on."""
        self._arrived += 1
        return self._arrived

    def fault_of(self, number: int) -> Fault | None:
        """Take the fault of a request that arrived; one that was planned by number goes first."""
        if number in self._numbered:
            return self._numbered.pop(number)
        if self._from_then_on is not None and number >= self._from_then_on[0]:
            return self._from_then_on[1]
        if not self._following:
            return None
        first = self._following[0]
        first.played += 1
        if first.left is not None:
            first.left -= 1
            if first.left == 0:
                self._following.popleft()
        return first.fault

    def unused(self) -> list[str]:
        """Say in words which faults no request has met."""
        numbered = [f"{self._name}: {fault!r} of request {number}" for number, fault in self._numbered.items()]
        if self._from_then_on is not None and self._arrived < self._from_then_on[0]:
            numbered.append(f"{self._name}: {self._from_then_on[1]!r} from request {self._from_then_on[0]} on")
        following = [
            f"{self._name}: {each.fault!r}" + (f", {each.left} times" if each.left and each.left > 1 else "")
            for each in self._following
            if each.left is not None or not each.played
        ]
        return numbered + following


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
