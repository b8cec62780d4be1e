"""The faults: what a server does in place of the right answer, and what must come of it."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from typing import Any

from raw_server import reply, reset

from inference_ext import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InvalidResponseError,
    RequestTimeoutError,
)
from tests.reliability.fault_server import Act, Hit

__all__ = ["FAULTS", "Fault"]

ALWAYS = 1000
REQUEST_ID = "request-0123456789"
RETRIES = 2


@dataclass(frozen=True)
class Fault:
    """One row of the table."""

    group: str
    name: str
    act: Act
    error: type[HTTPClientError] | None = None
    """What must be raised; `None` when the right result must come."""

    status: int | None = None
    words: str = ""
    """What the error must say."""

    repeats: int = 0
    """Repeats that the client must make of requests that may be repeated."""

    times: int = ALWAYS
    """How often the fault comes before the right answer does."""

    not_for: tuple[str, ...] = ()
    """Calls to which it cannot happen."""

    lasts: tuple[float, float] = (0.0, 8.0)
    """Seconds the call must take at least, and at most."""

    settings: dict[str, Any] = field(default_factory=dict)
    address: Callable[[str], str] = str
    """The client's address of the server, from the right one."""

    before_any_input: bool = False
    """Whether it comes before the first input is looked at."""


def _answering(body: bytes, *lines: str, status: str = "200 OK", content_type: str = "application/json") -> Act:
    raw = reply(body, *lines, status=status).replace(b"application/json", content_type.encode())

    def act(hit: Hit) -> bool:
        # A server that echoes the request it did not like.
        sent = json.dumps(hit.head.decode("latin-1") + hit.body.decode("latin-1"))
        echoed = body.replace(b'"ECHO"', sent.encode())
        hit.connected.sendall(raw if echoed == body else reply(echoed, *lines, status=status))
        return True

    return act


def _refusing(status: str, body: Any, *lines: str) -> Act:
    return _answering(json.dumps(body).encode(), f"x-request-id: {REQUEST_ID}", *lines, status=status)


def _retry_date(hit: Hit) -> bool:
    date = formatdate(time.time() + 2, usegmt=True)
    return _refusing("429 Too Many Requests", {"message": "later"}, f"Retry-After: {date}")(hit)


def _sending(part: Callable[[Hit], bytes], *, by: Callable[[Any], None] | None) -> Act:
    """Send a beginning and end the connection (`by`), or stand still."""

    def act(hit: Hit) -> bool:
        hit.connected.sendall(part(hit))
        if by is None:
            hit.over.wait(20)
        else:
            time.sleep(0.02)  # so that it arrives before the end does
            by(hit.connected)
        return False

    return act


def _nothing(_: Hit) -> bytes:
    return b""


def _half_head(_: Hit) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: appl"


def _half_body(hit: Hit) -> bytes:
    return reply(hit.right[: len(hit.right) // 2], length=len(hit.right))


def _half_chunked(hit: Hit) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n" % len(hit.right) + hit.right[: len(hit.right) // 2]


def _drip(start: Callable[[Hit], bytes]) -> Act:
    def act(hit: Hit) -> bool:
        with suppress(OSError):
            hit.connected.sendall(start(hit))
            while not hit.over.wait(0.05):
                hit.connected.sendall(b"x")
        return False

    return act


def _truncated_json(hit: Hit) -> bool:
    hit.connected.sendall(reply(hit.right[: len(hit.right) // 2]))
    return True


def _gzipped(change: Callable[[bytes], bytes]) -> Act:
    def act(hit: Hit) -> bool:
        hit.connected.sendall(reply(change(gzip.compress(hit.right)), "Content-Encoding: gzip"))
        return True

    return act


def _greeting(hit: Hit) -> bool:
    hit.connected.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    return False


def _without_type(hit: Hit) -> bool:
    hit.connected.sendall(reply(hit.right).replace(b"Content-Type: application/json\r\n", b""))
    return True


def _closing_silently(hit: Hit) -> bool:
    hit.connected.sendall(reply(hit.right))
    return False


def _batch(change: Callable[[list[Any]], list[Any]]) -> Act:
    def act(hit: Hit) -> bool:
        right = json.loads(hit.right)
        hit.connected.sendall(reply(json.dumps(change(right if isinstance(right, list) else [right])).encode()))
        return True

    return act


_STATUSES = {
    408: "408 Request Timeout",
    429: "429 Too Many Requests",
    502: "502 Bad Gateway",
    503: "503 Service Unavailable",
    504: "504 Gateway Timeout",
}
_refused = partial(Fault, "error statuses", error=HTTPCallErrorError)
_transient = [
    fault
    for code, status in _STATUSES.items()
    for fault in (
        Fault(
            "passing faults",
            f"{code} once",
            _refusing(status, {"message": "busy"}),
            HTTPCallErrorError,
            code,
            "busy",
            repeats=1,
            times=1,
        ),
        Fault(
            "lasting faults",
            f"{code} always",
            _refusing(status, {"message": "busy"}),
            HTTPCallErrorError,
            code,
            "busy",
            repeats=RETRIES,
        ),
    )
]
_ENDS = {"RST": reset, "FIN": lambda connected: connected.close()}
_PLACES = {
    "before the head": _nothing,
    "inside the head": _half_head,
    "inside the body": _half_body,
    "inside a chunk": _half_chunked,
}
_broken = [
    Fault(
        group,
        f"{end} {place} {often}",
        _sending(part, by=by),
        HTTPServerConnectionError,
        words="no complete answer",
        repeats=repeats,
        times=times,
    )
    for end, by in _ENDS.items()
    for place, part in _PLACES.items()
    for group, often, repeats, times in (
        ("passing faults", "once", 1, 1),
        ("lasting faults", "always", RETRIES, ALWAYS),
    )
]
_quick = {"request_timeout": 0.4}
_wrong = partial(Fault, "answers that are none", error=InvalidResponseError, words="answered 200")
_unlike_v0 = ("one image, v0",)
_unlike_inference = ("workflow", "saved workflow", "control call")

FAULTS: tuple[Fault, ...] = (
    *_transient,
    Fault(
        "passing faults",
        "503 burst: twice",
        _refusing(_STATUSES[503], {"message": "busy"}),
        HTTPCallErrorError,
        503,
        "busy",
        repeats=2,
        times=2,
    ),
    Fault(
        "passing faults",
        "429 once, Retry-After in seconds",
        _refusing(_STATUSES[429], {"message": "later"}, "Retry-After: 1"),
        HTTPCallErrorError,
        429,
        "later",
        repeats=1,
        times=1,
        lasts=(1.0, 8.0),
    ),
    Fault(
        "passing faults",
        "429 once, Retry-After as a date",
        _retry_date,
        HTTPCallErrorError,
        429,
        "later",
        repeats=1,
        times=1,
        lasts=(0.9, 8.0),
    ),
    Fault(
        "lasting faults",
        "429, Retry-After beyond the deadline",
        _refusing(_STATUSES[429], {"message": "later"}, "Retry-After: 3600"),
        HTTPCallErrorError,
        429,
        "later",
    ),
    *_broken,
    _refused("400 `{message}`", _refusing("400 Bad Request", {"message": "bad image"}), status=400, words="bad image"),
    _refused(
        "400 `{message, help_url}`",
        _refusing("400 Bad Request", {"message": "bad", "help_url": "https://help.example/#e"}),
        status=400,
        words="bad (see https://help.example/#e)",
    ),
    _refused(
        "400 of a workflow, `{message, error_type, inner_error_message, blocks_errors}`",
        _refusing(
            "400 Bad Request",
            {
                "message": "outer",
                "error_type": "X",
                "context": "c",
                "inner_error_type": "Y",
                "inner_error_message": "inner",
                "blocks_errors": [{"block_id": "b", "property_details": "ECHO"}],
            },
        ),
        status=400,
        words="outer (inner)",
    ),
    _refused(
        "401 `{status, message}`",
        _refusing("401 Unauthorized", {"status": 401, "message": "Unauthorized api_key ECHO"}),
        status=401,
        words="Unauthorized api_key",
    ),
    *(
        _refused(f"{code} `{{message}}`", _refusing(f"{code} No", {"message": "no"}), status=code, words="no")
        for code in (402, 403, 423, 501, 507)
    ),
    _refused("404 `{detail}`", _refusing("404 Not Found", {"detail": "Not Found"}), status=404, words="Not Found"),
    _refused(
        "404 `{error, hint}`", _refusing("404 Not Found", {"error": "none", "hint": "h"}), status=404, words="none"
    ),
    _refused(
        "410 `{message, feature, removal_release}`",
        _refusing("410 Gone", {"message": "removed", "error_type": "F", "feature": "gaze", "removal_release": "1"}),
        status=410,
        words="removed",
    ),
    _refused(
        "404 of a pipeline, `{message, error_type, inner_error_type}`",
        _refusing("404 Not Found", {"message": "no such pipeline", "error_type": "X", "inner_error_type": "Y"}),
        status=404,
        words="no such pipeline",
    ),
    _refused(
        "422 that echoes the request",
        _refusing(
            "422 Unprocessable Entity",
            {"detail": [{"type": "missing", "loc": ["body", "image"], "msg": "Field required", "input": "ECHO"}]},
        ),
        status=422,
        words="body.image: Field required",
    ),
    _refused(
        "500 `{message}`", _refusing("500 No", {"message": "Internal error."}), status=500, words="Internal error."
    ),
    _refused("500 that echoes the request", _refusing("500 No", {"message": "ECHO"}), status=500, words="***"),
    _refused(
        "500 plain text",
        _answering(b"Internal Server Error", f"x-request-id: {REQUEST_ID}", status="500 No", content_type="text/plain"),
        status=500,
        words="Internal Server Error",
    ),
    _refused(
        "500 HTML",
        _answering(b"<html>proxy</html>", f"x-request-id: {REQUEST_ID}", status="500 No", content_type="text/html"),
        status=500,
        words="an HTML page",
    ),
    _refused("500 empty", _answering(b"", f"x-request-id: {REQUEST_ID}", status="500 No"), status=500),
    _refused(
        "500 JSON cut short",
        _answering(b'{"message": "x', f"x-request-id: {REQUEST_ID}", status="500 No"),
        status=500,
        words='{"message": "x',
    ),
    _refused("500 JSON list", _refusing("500 No", ["a", "b"]), status=500, words="a; b"),
    _refused("500 JSON text", _refusing("500 No", "just text"), status=500, words="just text"),
    _refused("500 JSON null", _refusing("500 No", None), status=500),
    _refused("302 to elsewhere", _refusing("302 Found", {}, "Location: https://elsewhere.example/"), status=302),
    _wrong("200 JSON cut short", _truncated_json, words="not JSON"),
    _wrong("200 HTML", _answering(b"<html>log in</html>", content_type="text/html"), words="not JSON"),
    _wrong("200 empty", _answering(b""), words="not JSON"),
    _wrong("200 `7`", _answering(b"7")),
    _wrong("200 `null`", _answering(b"null")),
    _wrong('200 `"text"`', _answering(b'"text"')),
    _wrong("200 `[7]`", _answering(b"[7]"), words="answered"),
    _wrong("200 that echoes the request", _answering(b'["ECHO"]'), words="answered"),
    _wrong(
        "a result short",
        _batch(lambda results: results[1:]),
        not_for=(*_unlike_v0, *_unlike_inference),
        words="results for",
    ),
    _wrong(
        "a result too many",
        _batch(lambda results: [*results, results[0]]),
        not_for=(*_unlike_v0, *_unlike_inference),
        words="results for",
    ),
    Fault(
        "answers that are none",
        "not HTTP",
        _greeting,
        HTTPServerConnectionError,
        words="is not HTTP/1.1",
        settings={"max_retries": 0},
    ),
    _wrong("200 gzip that is none", _answering(b"{}", "Content-Encoding: gzip"), words="cannot be decompressed"),
    _wrong("200 gzip cut short", _gzipped(lambda packed: packed[:-9]), words="cut short"),
    _wrong("200 of an unknown encoding", _answering(b"{}", "Content-Encoding: br"), words="not known"),
    Fault("answers that are right", "no Content-Type", _without_type),
    Fault("answers that are right", "gzip that nobody asked for", _gzipped(lambda packed: packed)),
    Fault("answers that are right", "the connection closed behind each answer", _closing_silently),
    *(
        Fault(
            "standstill",
            f"standstill {place}",
            _sending(part, by=None),
            RequestTimeoutError,
            words="stood still",
            settings=_quick,
            lasts=(0.35, 8.0),
        )
        for place, part in _PLACES.items()
    ),
    *(
        Fault(
            "standstill",
            f"a byte now and then, {place}",
            _drip(part),
            RequestTimeoutError,
            words="within 0.8 s in all",
            settings={**_quick, "total_timeout": 0.8},
            lasts=(0.7, 8.0),
        )
        for place, part in {"in the head": _half_head, "in the body": lambda _: reply(b"", length=100_000)}.items()
    ),
    Fault(
        "no connection",
        "unknown host",
        _without_type,
        HTTPServerConnectionError,
        words="no connection to",
        address=lambda url: url.replace("127.0.0.1", "no-such-host.invalid"),
        repeats=RETRIES,
        before_any_input=True,
    ),
    Fault(
        "no connection",
        "refused",
        _without_type,
        HTTPServerConnectionError,
        words="no connection to",
        address=lambda _: "http://127.0.0.1:9",
        repeats=RETRIES,
        before_any_input=True,
    ),
    Fault(
        "no connection",
        "no TLS there",
        _without_type,
        HTTPServerConnectionError,
        words="no connection to",
        address=lambda url: url.replace("http:", "https:"),
        repeats=RETRIES,
        before_any_input=True,
    ),
)
