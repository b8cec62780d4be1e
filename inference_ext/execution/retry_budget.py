"""How many repeats a client may make while nothing succeeds."""

from __future__ import annotations

import threading

__all__ = ["RetryBudget"]


class RetryBudget:
    """Keeps a client from hammering a server that is down, however many calls it makes.

    Every repeat takes one from the budget, every success gives some back. A repeat that helped thus costs nothing,
    while a server that answers nobody gets each request once, and the repeats of the first few. Repeats that the
    server asked for with `Retry-After` are free: it is alive, and says when it wants them.

    Args:
        capacity: Most repeats in a row without a success. Enough for a server that closes all connections of a busy
            client at once, as one does that is deployed anew.

    """

    def __init__(self, capacity: int = 100) -> None:
        self._capacity = capacity
        self._left = capacity
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take a repeat out of the budget; tells whether there was one."""
        with self._lock:
            if self._left == 0:
                return False
            self._left -= 1
            return True

    def give_back(self, repeats: int) -> None:
        """Note a success.

        Args:
            repeats: Repeats it took. One that took none gives one back, too.

        """
        if self._left == self._capacity:  # the common case, without the lock
            return
        with self._lock:
            self._left = min(self._capacity, self._left + max(repeats, 1))
