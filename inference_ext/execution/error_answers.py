"""Error statuses become errors with the server's own words.

The server has many shapes of error bodies (`message`, `detail` as text or list, `error`, plain text, HTML of a proxy
in front). The words are taken from whichever is there, cut, and freed of anything secret: a 422 echoes the request,
key and image included, so of its entries only place and message are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson

from ..errors import HTTPCallErrorError
from ..json_types import is_array, is_object
from ..operations.workflow_block_errors import read_block_errors
from .retry import parse_retry_after

__all__ = ["error_for_answer", "redact"]

_LONGEST_MESSAGE = 1000
_REDACTED = "***"
_NOT_JSON = object()


def error_for_answer(
    request: object, status: int, headers: Mapping[str, str], content: bytes, secrets: tuple[str, ...]
) -> HTTPCallErrorError:
    """Make the error for an answer with an error status."""
    body = _decoded(content)
    message = _text_message(headers.get("content-type", ""), content) if body is _NOT_JSON else _json_message(body)
    error = HTTPCallErrorError(
        description=f"{request} answered {status}",
        status_code=status,
        api_message=None if message is None else redact(message, secrets),
        request_id=headers.get("x-request-id"),
    )
    error.retry_after = parse_retry_after(headers.get("retry-after"))
    error.help_url = _help_url(body, secrets)
    error.blocks_errors = read_block_errors(body, partial(redact, secrets=secrets))
    return error


def redact(text: str, secrets: tuple[str, ...]) -> str:
    """Replace every secret in a text and cut it to a readable length."""
    for secret in secrets:
        text = text.replace(secret, _REDACTED)
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}... ({len(text)} characters)"


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _NOT_JSON


def _help_url(body: Any, secrets: tuple[str, ...]) -> str | None:
    url = body.get("help_url") if is_object(body) else None
    return redact(url, secrets) if isinstance(url, str) and url else None


def _text_message(content_type: str, content: bytes) -> str | None:
    text = content[: 4 * _LONGEST_MESSAGE].decode("utf-8", errors="replace").strip()
    return "an HTML page" if "html" in content_type.lower() else text or None


def _json_message(body: Any) -> str | None:
    if is_object(body):
        return _message_of_object(body)
    if is_array(body):
        return _message_of_list(body)
    return None if body is None else str(body)


def _message_of_object(body: dict[str, Any]) -> str | None:
    for name in ("message", "detail", "error"):
        value = body.get(name)
        if isinstance(value, str) and value:
            inner = body.get("inner_error_message")
            return f"{value} ({inner})" if isinstance(inner, str) and inner not in ("", "None", value) else value
        if is_array(value):
            return _message_of_list(value)
    return None


def _message_of_list(entries: list[Any]) -> str | None:
    texts: list[str] = []
    for entry in entries:
        if is_object(entry):
            place = ".".join(str(part) for part in entry.get("loc") or ())
            words = str(entry.get("msg", "")).strip()
            texts.append(f"{place}: {words}" if place else words)
        elif isinstance(entry, str):
            texts.append(entry)
    return "; ".join(text for text in texts if text) or None
