"""The values that pass between a described call and whatever sends it.

A call is a generator of effects (`Steps`). It yields an `Exchange` (one request), a `Batch` (many requests, in a
window) or `Shared` steps and gets the result back; what it returns is the call's result. The blocking and the asyncio
engine drive the same generator, so the logic of a call is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeAlias, TypeVar, cast

import orjson
from attrs import field, frozen

from ..errors import HTTPClientError, InvalidResponseError
from ..json_types import is_object

__all__ = [
    "Answer",
    "Batch",
    "Effect",
    "Exchange",
    "Job",
    "PreparedRequest",
    "Shared",
    "Steps",
    "StreamJob",
    "call",
    "call_batch",
    "call_shared",
]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")


@frozen
class PreparedRequest:
    """One HTTP request, complete but for the server's address. Its `repr` shows no key and no image."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = field(default=(), repr=False)
    headers: Sequence[tuple[str, str]] = field(default=(), repr=False)
    content: Sequence[bytes] = field(default=(), repr=False)
    """The body in pieces that are sent one after another: an image's megabyte of text is not copied once more."""

    media_type: str | None = None
    repeatable: bool = True
    """Whether sending it twice does no harm, so that a failed attempt may be repeated."""

    def __str__(self) -> str:
        """Method and path; never the query, which may hold a key."""
        return f"{self.method} {self.path}"


@frozen
class Answer:
    """A success answer of the server."""

    request: str
    """Method and path of the request, for messages."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Names in lower case."""

    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """Content type without parameters, in lower case; empty when the server sent none."""
        return self.headers.get("content-type", "")[:200].partition(";")[0].strip().lower()

    def json(self) -> Any:
        """Decode the body.

        Raises:
            InvalidResponseError: It is not JSON (a proxy's HTML page, a body cut short, nothing at all).

        """
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(self.content)
        # Behind the block: that error holds the body, which may repeat the request, so it must not be chained.
        raise InvalidResponseError(
            f"{self.request} answered {self.status} with a body that is not JSON "
            f"(content type {self.media_type or 'missing'}, {len(self.content)} bytes)"
        )

    def json_object(self) -> dict[str, Any]:
        """Decode a body that must be one JSON object.

        Raises:
            InvalidResponseError: It is something else.

        """
        body = self.json()
        if is_object(body):
            return body
        raise self.unexpected("one JSON object", body)

    def unexpected(self, expected: str, got: object) -> InvalidResponseError:
        """Make the error for a body of the wrong shape."""
        return InvalidResponseError(
            f"{self.request} answered {self.status}: expected {expected}, got {type(got).__name__}"
        )


@frozen
class Exchange(Generic[T_co]):
    """One request and how to read its answer."""

    request: PreparedRequest
    read: Callable[[Answer], T_co]


Job: TypeAlias = Callable[[], Exchange[T]]
"""Prepares one exchange. This is the part that reads files, encodes images and may take long: engines run it in
worker threads."""


@frozen
class StreamJob(Generic[T, R]):
    """One item of a stream."""

    exchange: Job[T]

    beside: Callable[[], Any] | None
    """Work for the same item while the server is at it, which may take long; begun behind the exchange. Raises nothing
    of this package."""

    finish: Callable[[T | HTTPClientError, Any], R | HTTPClientError]
    """Makes the item out of what came of both, or an error that ends the stream; `None` stands for work there was
    not."""


@frozen
class Batch(Generic[T_co]):
    """Many exchanges, sent in a sliding window; results come back in order."""

    jobs: Sequence[Job[Sequence[T_co]]]
    """Each gives the results of its own inputs, in order."""

    sizes: Sequence[int]
    """Number of inputs of each job."""


@frozen
class Shared(Generic[T_co]):
    """Steps that calls going on at the same time need only once, such as asking what a model is."""

    key: str
    """The same for steps that give the same."""

    steps: Callable[[], Steps[T_co]]


Effect: TypeAlias = "Exchange[Any] | Batch[Any] | Shared[Any]"
Steps: TypeAlias = Generator[Effect, Any, R]


def call(exchange: Exchange[T]) -> Steps[T]:
    """Send one exchange from within steps, with `yield from`; gives what it read."""
    return cast("T", (yield exchange))


def call_shared(shared: Shared[T]) -> Steps[T]:
    """Run shared steps from within steps, with `yield from`; gives their result."""
    return cast("T", (yield shared))


def call_batch(batch: Batch[T]) -> Steps[list[T]]:
    """Send a batch from within steps, with `yield from`; gives one result per input."""
    return cast("list[T]", (yield batch))
