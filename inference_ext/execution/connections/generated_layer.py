"""What the generated layer sends with: httpx clients over the connections of a client of ours.

The key is put into a request on its way to the connection, behind httpx's clients: they log the address of every
request, and their frames hold it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import httpx

from ...errors import HTTPClientError
from .outgoing_request import OutgoingRequest
from .secret_query import secret_query
from .translated_errors import HTTPX_ERRORS, translated

if TYPE_CHECKING:
    from collections.abc import Generator

    from .pools import Pools

__all__ = ["GeneratedLayerClients"]


class GeneratedLayerClients:
    """httpx clients over the connections of a client, with its key in every request.

    Args:
        pools: The connections.
        query: Query parameters added to every request.
        headers: Headers added to every request.
        timeout: Seconds a request may stand still.

    """

    def __init__(
        self, pools: Pools, query: Mapping[str, str], headers: Sequence[tuple[str, str]], timeout: float
    ) -> None:
        self._pools = pools
        self._key = _Key(query, headers)
        self._timeout = timeout

    def blocking_client(self) -> httpx.Client:
        """Give the client of blocking calls. It holds nothing that must be closed."""
        transport = _BlockingTransport(self._pools.blocking(), self._key)
        return httpx.Client(transport=transport, headers=self._pools.endpoint.headers(), timeout=self._timeout)

    def async_client(self) -> httpx.AsyncClient:
        """Give the client of the running event loop."""
        transport = _AsyncTransport(self._pools.asynchronous(), self._key)
        return httpx.AsyncClient(transport=transport, headers=self._pools.endpoint.headers(), timeout=self._timeout)


class _Key:
    def __init__(self, query: Mapping[str, str], headers: Sequence[tuple[str, str]]) -> None:
        self._query = dict(query)
        self._headers = headers

    def put_into(self, request: httpx.Request) -> OutgoingRequest:
        headers = [*request.headers.multi_items(), *self._headers]
        extensions = {**request.extensions, **secret_query([*self._query.items()])}
        return OutgoingRequest(
            request.method, request.url, headers=headers, stream=request.stream, extensions=extensions
        )


class _BlockingTransport(httpx.BaseTransport):
    def __init__(self, transport: httpx.BaseTransport, key: _Key) -> None:
        self._transport = transport
        self._key = key

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with _in_our_errors(request):
            response = self._transport.handle_request(self._key.put_into(request))
        response.stream = _BlockingStream(cast("httpx.SyncByteStream", response.stream), request)
        return response


class _BlockingStream(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, request: httpx.Request) -> None:
        self._stream = stream
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        with _in_our_errors(self._request):
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _AsyncTransport(httpx.AsyncBaseTransport):
    def __init__(self, transport: httpx.AsyncBaseTransport, key: _Key) -> None:
        self._transport = transport
        self._key = key

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _in_our_errors(request):
            response = await self._transport.handle_async_request(self._key.put_into(request))
        response.stream = _AsyncStream(cast("httpx.AsyncByteStream", response.stream), request)
        return response


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, request: httpx.Request) -> None:
        self._stream = stream
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_our_errors(self._request):
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def _in_our_errors(request: httpx.Request) -> Generator[None]:
    failure: HTTPClientError | None = None
    try:
        yield
    except HTTPX_ERRORS as error:
        failure = translated(error, f"{request.method} {request.url.path}")
    if failure is not None:
        try:
            raise failure
        finally:
            del failure  # its traceback holds this frame
