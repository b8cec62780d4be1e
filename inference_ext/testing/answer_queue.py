"""The answers of one model, workflow or route, in the order in which requests get them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Generic, TypeVar

__all__ = ["AnswerQueue", "NothingScriptedError"]

E = TypeVar("E")


class NothingScriptedError(Exception):
    """A request came for which the script has no answer; the message tells the caller why."""


class AnswerQueue(Generic[E]):
    """First the answers that are given once, then the one for all the rest. Not safe between threads by itself.

    Args:
        name: What they are the answers of, for messages.

    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._in_order: deque[E] = deque()
        self._scripted = 0
        self._for_the_rest: E | None = None
        self._rest_is_used = False

    def add(self, entries: Sequence[E]) -> None:
        """Script answers that are given once each."""
        self._in_order.extend(entries)
        self._scripted += len(entries)

    def set_rest(self, entry: E) -> None:
        """Script the answer of all requests that find no other."""
        self._for_the_rest = entry
        self._rest_is_used = False

    def take(self, count: int) -> list[E]:
        """Take the next answers, all or none.

        Raises:
            NothingScriptedError: There are not so many.

        """
        left = len(self._in_order)
        if left < count and self._for_the_rest is None:
            wanted = "one" if count == 1 else f"{count} for one request"
            had = "none was scripted" if not self._scripted else f"{left} of {self._scripted} scripted are left"
            raise NothingScriptedError(
                f"{self._name} has no answer for this request: {had}, it needs {wanted}. "
                "Add some with answers_in_order, or one for all the rest with answers_with."
            )
        taken = [self._in_order.popleft() for _ in range(min(count, left))]
        if len(taken) < count and self._for_the_rest is not None:
            self._rest_is_used = True
            taken += [self._for_the_rest] * (count - len(taken))
        return taken

    def put_back(self, entries: Sequence[E]) -> None:
        """Put back what was taken last and not given to anybody."""
        self._in_order.extendleft(entry for entry in reversed(entries) if entry is not self._for_the_rest)

    def unused(self) -> list[str]:
        """Say in words which answers nobody got."""
        told: list[str] = []
        if self._in_order:
            told.append(f"{self._name}: {len(self._in_order)} of {self._scripted} answers in order")
        if self._for_the_rest is not None and not self._rest_is_used:
            told.append(f"{self._name}: the answer of answers_with")
        return told
