"""The one module that knows httpx.

It sends one request at a time over kept-alive connections, blocking or under asyncio, and turns everything httpx may
raise into this package's errors.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import httpx
from attrs import field, frozen

from ..errors import HTTPServerConnectionError, InvalidURLImageInput, RequestTimeoutError
from ..operations.exchange import Answer, PreparedRequest
from .deadline import Deadline
from .error_answers import error_for_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Endpoint", "Pools", "Redirect", "Transport", "TransportLimits", "fetch_pinned"]

#: Seconds an idle connection is kept. The server closes at 5; closing later than it does loses requests.
_KEEP_ALIVE_SECONDS = 4.0
_MAX_CONNECTIONS = 256


@frozen
class TransportLimits:
    """Time limits of one attempt, in seconds."""

    connect_timeout: float
    request_timeout: float


@frozen
class Endpoint:
    """Where requests go."""

    base_url: str
    """Scheme, host, port and path prefix, without a trailing slash."""

    user_agent: str
    application: WSGIApplication | None = field(default=None, repr=False)
    """A WSGI application that is called in this process instead of a server behind a socket."""


class Transport:
    """Connections to one endpoint, and sending over them."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._pools = Pools(endpoint)

    def send(
        self, request: PreparedRequest, limits: TransportLimits, deadline: Deadline, secrets: tuple[str, ...]
    ) -> Answer:
        """Send one request and read the whole answer.

        Raises:
            HTTPCallErrorError: The answer has an error status.
            HTTPServerConnectionError: There was no complete answer.

        """
        client = self._pools.blocking_client()
        built = self._build(client, request, limits, deadline)
        with _translated_errors(request, self._endpoint.base_url):
            response = client.send(built, stream=True)
            try:
                content = _collected(response.iter_bytes(), request, deadline)
            finally:
                response.close()
        return _answer(request, response, content, secrets)

    async def send_async(
        self, request: PreparedRequest, limits: TransportLimits, deadline: Deadline, secrets: tuple[str, ...]
    ) -> Answer:
        """Send one request under asyncio; see `send`."""
        client = self._pools.async_client()
        built = self._build(client, request, limits, deadline)
        try:
            async with asyncio.timeout(deadline.check(request)):
                with _translated_errors(request, self._endpoint.base_url):
                    response = await client.send(built, stream=True)
                    try:
                        content = await response.aread()
                    finally:
                        await response.aclose()
        except RequestTimeoutError:
            raise
        except TimeoutError:
            raise deadline.passed(request) from None
        return _answer(request, response, content, secrets)

    def close(self) -> None:
        """Close the connections of blocking calls and refuse further calls."""
        self._pools.close()

    async def aclose(self) -> None:
        """Close the connections of this event loop and of blocking calls; refuse further calls."""
        await self._pools.aclose()

    def _build(
        self,
        client: httpx.Client | httpx.AsyncClient,
        request: PreparedRequest,
        limits: TransportLimits,
        deadline: Deadline,
    ) -> httpx.Request:
        left = deadline.check(request)
        headers = list(request.headers)
        if request.media_type is not None:
            headers.append(("content-type", request.media_type))
        return client.build_request(
            request.method,
            self._endpoint.base_url + request.path,
            params=list(request.query) or None,
            headers=headers,
            content=request.content or None,
            timeout=httpx.Timeout(min(limits.request_timeout, left), connect=min(limits.connect_timeout, left)),
        )


class Pools:
    """The httpx clients for one endpoint: one for blocking calls, one for each event loop.

    Args:
        endpoint: Where requests go.
        query: Query parameters added to every request.
        headers: Headers added to every request.
        timeout: Seconds a request may stand still, for requests that do not say.

    """

    def __init__(
        self,
        endpoint: Endpoint,
        query: Mapping[str, str] | None = None,
        headers: Sequence[tuple[str, str]] = (),
        timeout: float = 120.0,
    ) -> None:
        self._endpoint = endpoint
        # Answers are small and loopback or LAN is fast: undoing compression would cost more than it saves.
        identity = [("user-agent", endpoint.user_agent), ("accept-encoding", "identity")]
        self._options: dict[str, Any] = {
            "params": dict(query or {}),
            "headers": [*identity, *headers],
            "timeout": timeout,
            # Keep-alive equal to the maximum: httpx's pool loses requests when it has to close idle connections.
            "limits": httpx.Limits(
                max_connections=_MAX_CONNECTIONS,
                max_keepalive_connections=_MAX_CONNECTIONS,
                keepalive_expiry=_KEEP_ALIVE_SECONDS,
            ),
        }
        self._lock = threading.Lock()
        self._closed = False
        self._blocking: httpx.Client | None = None
        self._per_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[httpx.AsyncClient, AsyncGenerator[None]]] = (
            WeakKeyDictionary()
        )

    def blocking_client(self) -> httpx.Client:
        """Give the pool of blocking calls; made at the first call."""
        with self._lock:
            self._check_open()
            if self._blocking is None:
                application = self._endpoint.application
                if application is not None:
                    self._blocking = httpx.Client(transport=httpx.WSGITransport(application), **self._options)
                else:
                    self._blocking = httpx.Client(verify=_ssl_context(), **self._options)
            return self._blocking

    def async_client(self) -> httpx.AsyncClient:
        """Give the pool of the running event loop; made at the loop's first call."""
        loop = asyncio.get_running_loop()
        with self._lock:
            self._check_open()
            known = self._per_loop.get(loop)
            if known is not None:
                return known[0]
            application = self._endpoint.application
            if application is not None:
                client = httpx.AsyncClient(transport=_ThreadedTransport(application), **self._options)
            else:
                client = httpx.AsyncClient(verify=_ssl_context(), **self._options)
            self._per_loop[loop] = (client, _close_with_loop(client))
            return client

    def close(self) -> None:
        """Close the blocking pool and refuse further calls; pools of event loops end with their loops."""
        with self._lock:
            self._closed = True
            client, self._blocking = self._blocking, None
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close the pool of the running event loop and the blocking one; refuse further calls."""
        with self._lock:
            known = self._per_loop.pop(asyncio.get_running_loop(), None)
        if known is not None:
            await known[1].aclose()
        self.close()

    def _check_open(self) -> None:
        if self._closed:
            raise HTTPServerConnectionError("this client is closed: make a new one, or close it later")


class _ThreadedTransport(httpx.AsyncBaseTransport):
    """Calls an in-process application from asyncio without holding up the event loop."""

    def __init__(self, application: WSGIApplication) -> None:
        self._blocking = httpx.WSGITransport(application)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await asyncio.to_thread(self._handled, request)

    def _handled(self, request: httpx.Request) -> httpx.Response:
        response = self._blocking.handle_request(request)
        content = response.read()
        return httpx.Response(response.status_code, headers=response.headers, content=content, request=request)


@cache
def _ssl_context() -> ssl.SSLContext:
    # Building one takes 30 ms; it holds no state of a client.
    return httpx.create_ssl_context()


def _close_with_loop(client: httpx.AsyncClient) -> AsyncGenerator[None]:
    """Make a guard that closes a pool when the running event loop ends.

    A loop finishes the asynchronous generators that are still open before it closes (`shutdown_asyncgens`, which
    `asyncio.run` calls). That makes one the only place that runs inside the loop at its end.
    """

    async def guard() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await client.aclose()

    started = guard()
    # Up to the yield nothing is awaited, so one step starts it; being started is what makes the loop know it.
    with suppress(StopIteration):
        started.__anext__().send(None)
    return started


# -- answers and errors


def _collected(chunks: Iterable[bytes], request: object, deadline: Deadline) -> bytes:
    parts: list[bytes] = []
    for chunk in chunks:
        # A body that drips in keeps every read alive; only the deadline ends it.
        deadline.check(request)
        parts.append(chunk)
    return b"".join(parts)


def _answer(request: PreparedRequest, response: httpx.Response, content: bytes, secrets: tuple[str, ...]) -> Answer:
    headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
    if response.is_success:
        return Answer(str(request), response.status_code, headers, content)
    raise error_for_answer(request, response.status_code, headers, content, secrets)


@contextmanager
def _translated_errors(request: object, address: str | None = None) -> Generator[None]:
    """Turn what httpx raises into this package's errors.

    Args:
        request: Words for the request.
        address: The server's address, where the request does not name it. It holds no key.

    The cause is not chained: httpx's errors carry the request, whose address may hold the API key.

    """
    server = "the server" if address is None else f"the server at {address}"
    try:
        yield
    except httpx.ConnectTimeout:
        raise RequestTimeoutError(f"{request}: no connection to {server} within connect_timeout") from None
    except httpx.TimeoutException:
        raise RequestTimeoutError(f"{request}: the server stood still for request_timeout") from None
    except httpx.ConnectError as error:
        raise HTTPServerConnectionError(f"{request}: no connection to {server}: {_reason(error)}") from None
    except (httpx.TransportError, httpx.StreamError, httpx.DecodingError) as error:
        raise HTTPServerConnectionError(f"{request}: no complete answer: {_reason(error)}") from None
    except httpx.InvalidURL as error:
        raise HTTPServerConnectionError(f"{request}: the address cannot be used: {error}") from None


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__


# -- images behind URLs


@frozen
class Redirect:
    """An answer that names another address."""

    location: str


def fetch_pinned(url: str, address: str, limit: int, deadline: Deadline) -> bytes | Redirect:
    """Get a URL from one address that was checked before, so that a second look-up cannot lead elsewhere.

    Args:
        url: The http or https URL; its host name goes into the `Host` header and the TLS handshake.
        address: IP address to connect to.
        limit: Most bytes to read.
        deadline: When to give up.

    Raises:
        InvalidURLImageInput: The answer is no success, or larger than the limit.
        HTTPServerConnectionError: There was no complete answer.

    """
    original = httpx.URL(url)
    name = f"image URL '{original.copy_with(query=None, fragment=None)}'"
    left = deadline.check(name)
    # A client of its own without keep-alive: a connection pinned for one host must never serve another.
    with (
        _translated_errors(name),
        httpx.Client(verify=_ssl_context(), trust_env=False, timeout=left) as client,
        client.stream(
            "GET",
            original.copy_with(host=address, fragment=None),
            headers={"host": original.netloc.decode("ascii"), "user-agent": "inference-ext"},
            extensions={"sni_hostname": original.host},
        ) as response,
    ):
        if response.has_redirect_location:
            return Redirect(response.headers["location"])
        if not response.is_success:
            raise InvalidURLImageInput(f"{name} answered {response.status_code}")
        return _collected_up_to(limit, response.iter_bytes(), name, deadline)


def _collected_up_to(limit: int, chunks: Iterable[bytes], name: str, deadline: Deadline) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        deadline.check(name)
        size += len(chunk)
        if size > limit:
            raise InvalidURLImageInput(f"{name} is larger than {limit} bytes (URLPolicy.max_bytes)")
        parts.append(chunk)
    return b"".join(parts)
