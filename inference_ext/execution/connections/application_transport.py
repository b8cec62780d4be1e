"""A WSGI application in this process in the place of a server: httpx's transport, with the secret parameters joined."""

from __future__ import annotations

import httpx

from .secret_query import join_secret_query

__all__ = ["ApplicationTransport"]


class ApplicationTransport(httpx.WSGITransport):
    """For blocking calls; no socket is used."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Call the application."""
        join_secret_query(request)
        return super().handle_request(request)
