"""Find the addresses of a host, within a time limit.

The system's resolver takes as long as it likes (a minute, where a name server does not answer) and cannot be
interrupted. So it is asked in a thread of its own, which is left to itself when nobody waits for it any more.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address

__all__ = ["NameLookup"]


class NameLookup:
    """One question to the resolver.

    Args:
        host: Name or IP address.
        port: Number, or name of the service.
        when_done: Called in the thread that asked when there is an outcome.

    """

    def __init__(self, host: str, port: int | str, when_done: Callable[[], None] = lambda: None) -> None:
        self._ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        self._when_done = when_done
        self._over = threading.Event()
        self._found: list[tuple[int, int, int, str, tuple[object, ...]]] = []
        self._error: OSError | UnicodeError | None = TimeoutError("the name was not looked up in time")
        if _is_address(host):
            self._look_up()  # nobody is asked
        else:
            threading.Thread(target=self._look_up, name="inference-ext look-up", daemon=True).start()

    def wait(self, patience: float) -> None:
        """Wait for the outcome, or until the look-up is given up."""
        self._over.wait(max(0.0, patience))

    def give_up(self) -> None:
        """Let whoever waits for the outcome go on without."""
        self._over.set()

    def addresses(self) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        """Give what `socket.getaddrinfo` found, at least one.

        Raises:
            OSError: The name is not known, or (`TimeoutError`) there is no outcome yet.
            UnicodeError: It is none.

        """
        if self._error is not None:
            raise self._error
        return self._found

    def _look_up(self) -> None:
        try:
            found = self._ask()
        except (OSError, UnicodeError) as error:
            self._error = error
        else:
            self._found = [*found]
            self._error = None
        self._over.set()
        self._when_done()


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
