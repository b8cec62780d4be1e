"""A request of httpx that does not show the query of its address."""

from __future__ import annotations

import httpx

__all__ = ["OutgoingRequest"]


class OutgoingRequest(httpx.Request):
    """Its `repr` stands among the variables of every crash report, and the query may hold the API key."""

    def __repr__(self) -> str:
        """Show method and address without query."""
        return f"<{type(self).__name__}({self.method!r}, {str(self.url.copy_with(query=None))!r})>"
