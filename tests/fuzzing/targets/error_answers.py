"""Answers with an error status: any body, any headers, one short line for the person who reads it."""

from __future__ import annotations

from typing import Any

import pytest

from inference_ext.errors import HTTPCallErrorError, HTTPServerConnectionError

from ..answering_server import list_models
from ..choices import Choices
from ..json_text import json_text
from ..mutation import any_json, mutated_bytes, mutated_json
from ..oracle import KEY, check_error

__all__ = ["SEEDS", "error_answers", "unspoiled_error"]

BODIES: tuple[Any, ...] = (
    {"message": f"no such thing, {KEY}", "inner_error_message": "why", "help_url": "https://help.invalid/a"},
    {"detail": [{"loc": ["body", "image", 0], "msg": "field required", "type": "missing"}]},
    {"detail": f"not {KEY}"},
    {"error": "broken"},
    [{"loc": ["query"], "msg": "bad"}, "words"],
    "words",
    {
        "message": "the workflow is wrong",
        "blocks_errors": [
            {
                "block_id": "b",
                "block_type": "t@v1",
                "block_details": KEY,
                "property_name": "p",
                "property_details": "d",
                "block_traceback": {"traceback": "t", "error_line": 3, "code_snippet": "c", "stdout": "o"},
            }
        ],
    },
)
_RETRY_AFTER = (
    b"1", b"-1", b"nan", b"inf", b"-inf", b"1e400", b"9" * 5000, b"Wed, 21 Oct 2015 07:28:00 GMT",
    b"Fri, 31 Dec 9999 23:59:59 GMT", b"Mon, 01 Jan 0001 00:00:00 -0000", b"Mon, 01 Jan 0001 00:00:00 +2359",
    b"Mon, 01 Jan 2024 00:00:00 +999999999999999", b"\xc3\xa9", b"\xff", b"1 Jan 10000 00:00:00", b"Mon, ,",
)  # fmt: skip
_REQUEST_IDS = (b"r-1", b"", b"\x1b[31m", b"a\tb", b"\xff\xfe", b"x" * 10_000, KEY.encode(), "é\u2028".encode())
_CONTENT_TYPES = (b"application/json", b"text/html", b"text/plain; charset=\xff", b"", b"text/plain")


def unspoiled_error(body: bytes, *, shell: int = 0) -> bytes:
    """Give the input that stands for an answer with this body and no headers."""
    return bytes([shell, 100, 0, 0, 0, 4]) + body


#: One for each body, with headers and without.
SEEDS = [
    *(bytes([shell, 4, 1, 0, 1, 0, 1, 0, 0, number]) for number in range(len(BODIES)) for shell in (0, 3)),
    *(unspoiled_error(json_text(body)) for body in BODIES),
]


def error_answers(data: bytes) -> None:
    """Answer a call with an error; what is raised is the error of this package that says so."""
    choices = Choices(data)
    under_asyncio = choices.below(4) == 3
    status = 400 + choices.below(200)
    lines = [
        *_maybe(b"Content-Type", _CONTENT_TYPES, choices),
        *_maybe(b"Retry-After", _RETRY_AFTER, choices),
        *_maybe(b"X-Request-Id", _REQUEST_IDS, choices),
    ]
    content = _content(choices)
    lines.append(b"Content-Length: %d" % len(content))
    answer = b"\r\n".join([b"HTTP/1.1 %d Error" % status, *lines, b"", content])
    with pytest.raises((HTTPCallErrorError, HTTPServerConnectionError)) as caught:  # the latter for a broken header
        list_models(answer, under_asyncio=under_asyncio)
    error = caught.value
    check_error(error)
    if isinstance(error, HTTPCallErrorError):
        assert error.status_code == status
        assert KEY not in repr(error.blocks_errors)


def _maybe(name: bytes, values: tuple[bytes, ...], choices: Choices) -> list[bytes]:
    kind = choices.below(4)
    if kind == 0:
        return []
    value = choices.pick(values)
    spoiled = mutated_bytes(value, choices).replace(b"\r\n", b"") if kind == 3 else value
    return [name + b": " + spoiled] * (1 + (kind == 2))


def _content(choices: Choices) -> bytes:
    kind = choices.below(5)
    if kind == 4:
        return choices.rest()
    if kind == 3:
        return json_text(any_json(choices))
    text = json_text(mutated_json(choices.pick(BODIES), choices))
    return mutated_bytes(text, choices) if kind == 2 else text
