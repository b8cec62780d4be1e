"""Where requests go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["MAX_CONNECTIONS", "Endpoint"]

#: Connections of one client at a time, for blocking calls and for each event loop.
MAX_CONNECTIONS = 256


@frozen
class Endpoint:
    """Where requests go."""

    base_url: str
    """Scheme, host, port and path prefix, without a trailing slash."""

    user_agent: str
    application: WSGIApplication | None = field(default=None, repr=False)
    """A WSGI application that is called in this process instead of a server behind a socket."""

    def headers(self) -> list[tuple[str, str]]:
        """Give the headers that every request carries."""
        # Answers are small and loopback or LAN is fast: undoing compression would cost more than it saves.
        return [("user-agent", self.user_agent), ("accept", "*/*"), ("accept-encoding", "identity")]
