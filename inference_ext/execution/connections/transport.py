"""Send one request and read its answer, blocking or under asyncio."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from typing import cast
from urllib.parse import urlencode

import httpx
from attrs import frozen

from ...errors import InvalidResponseError
from ...operations.exchange import Answer, PreparedRequest
from ..cancellation import Cancellation
from ..deadline import Deadline
from ..error_answers import error_for_answer
from ..redaction import Secrets
from .content_encoding import decompressed
from .outgoing_request import OutgoingRequest
from .pools import Pools
from .request_body import RequestBody
from .secret_query import secret_query
from .translated_errors import HTTPX_ERRORS, translated

__all__ = ["Transport", "TransportLimits"]

_LARGEST_DECOMPRESSED = 256 * 1024 * 1024
"""Bytes. The server compresses descriptions of workflow blocks, which have less than a hundredth of it."""


@frozen
class TransportLimits:
    """Time limits of one attempt, in seconds."""

    connect_timeout: float
    request_timeout: float


class Transport:
    """Sends requests to one endpoint over its connections."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._base_url = pools.endpoint.base_url
        self._headers = pools.endpoint.headers()
        # A client asks for the same few addresses again and again, and parsing one costs more than sending it.
        self._parsed_url = lru_cache(maxsize=64)(httpx.URL)

    def send(self, request: PreparedRequest, limits: TransportLimits, deadline: Deadline, secrets: Secrets) -> Answer:
        """Send one request and read the whole answer.

        Raises:
            HTTPCallErrorError: The answer has an error status.
            HTTPServerConnectionError: There was no complete answer.

        """
        cancellation = Cancellation.current()
        if cancellation is not None:
            cancellation.check(request)
        connections = self._pools.blocking()
        try:
            response = connections.handle_request(self._build(request, limits, deadline, secrets))
            # The stream itself: httpx's ways around it cost time.
            with closing(cast("httpx.SyncByteStream", response.stream)) as stream:
                answer = _answer(request, response, b"".join(stream))
        except HTTPX_ERRORS as error:
            failure = translated(error, request, self._base_url, deadline)
        else:
            return _success(request, answer, secrets)
        try:
            raise failure
        finally:
            del failure  # its traceback holds this frame

    async def send_async(
        self, request: PreparedRequest, limits: TransportLimits, deadline: Deadline, secrets: Secrets
    ) -> Answer:
        """Send one request under asyncio; see `send`."""
        connections = self._pools.asynchronous()
        try:
            response = await connections.handle_async_request(self._build(request, limits, deadline, secrets))
            stream = cast("httpx.AsyncByteStream", response.stream)
            try:
                answer = _answer(request, response, b"".join([part async for part in stream]))
            finally:
                await stream.aclose()
        except HTTPX_ERRORS as error:
            failure = translated(error, request, self._base_url, deadline)
        else:
            return _success(request, answer, secrets)
        try:
            raise failure
        finally:
            del failure  # its traceback holds this frame

    def _build(
        self, request: PreparedRequest, limits: TransportLimits, deadline: Deadline, secrets: Secrets
    ) -> httpx.Request:
        left = deadline.check(request)
        public = [(name, value) for name, value in request.query if value not in secrets]
        secret = [(name, value) for name, value in request.query if value in secrets]
        query = f"?{urlencode(public)}" if public else ""
        url = self._parsed_url(f"{self._base_url}{request.path}{query}")
        headers = [("host", url.netloc.decode("ascii")), *self._headers, *request.headers]
        length = sum(map(len, request.content))
        if length or request.method != "GET":
            headers.append(("content-length", str(length)))
        if request.media_type is not None:
            headers.append(("content-type", request.media_type))
        patience = min(limits.request_timeout, left)
        timeout = {
            "connect": min(limits.connect_timeout, left),
            "read": patience,
            "write": patience,
            "pool": left,
        }
        extensions = {"timeout": timeout, "deadline": deadline, **secret_query(secret)}
        return OutgoingRequest(
            request.method, url, headers=headers, stream=RequestBody(request.content), extensions=extensions
        )


def _answer(request: PreparedRequest, response: httpx.Response, content: bytes) -> Answer:
    headers: Mapping[str, str] = {name.lower(): value for name, value in response.headers.items()}
    if encoding := headers.get("content-encoding"):
        try:
            content = decompressed(content, encoding, _LARGEST_DECOMPRESSED, request)
        except InvalidResponseError:
            if response.is_success:
                raise
            content = b""  # the status says enough
    return Answer(str(request), response.status_code, headers, content)


def _success(request: PreparedRequest, answer: Answer, secrets: Secrets) -> Answer:
    if httpx.codes.is_success(answer.status):
        return answer
    raise error_for_answer(request, answer, secrets)
