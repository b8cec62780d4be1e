"""Connections and look-ups that leave this machine are refused."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

LOOPBACK = ("127.", "::1")


def checked_connect(connect: Callable[..., Any]) -> Callable[..., Any]:
    """`socket.connect` for addresses of this machine alone."""

    def checked(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise ConnectionRefusedError(f"a page's program wanted to reach {address[0]}")
        return connect(self, address)

    return checked


def checked_look_up(look_up: Callable[..., Any]) -> Callable[..., Any]:
    """`socket.getaddrinfo` for addresses and `localhost` alone."""

    def checked(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "localhost") and not str(name)[:1].isdigit() and ":" not in str(name):
            raise socket.gaierror(f"a page's program asked for {name}")
        return look_up(host, *arguments, **options)

    return checked
