"""Error statuses become errors with the server's own words.

The server has many shapes of error bodies (`message`, `detail` as text or list, `error`, plain text, HTML of a proxy
in front). The words are taken from whichever is there, cut, and freed of anything secret: a 422 echoes the request,
key and image included, so of its entries only place and message are used.
"""

from __future__ import annotations

from typing import Any

import orjson

from ..errors import HTTPCallErrorError
from ..json_types import is_array, is_object
from ..operations.exchange import Answer
from ..operations.workflow_block_errors import read_block_errors
from .redaction import Secrets
from .retry import parse_retry_after

__all__ = ["error_for_answer", "readable"]

_LONGEST_MESSAGE = 1000
_LONGEST_REQUEST_ID = 200
_NOT_JSON = object()


def error_for_answer(request: object, answer: Answer, secrets: Secrets) -> HTTPCallErrorError:
    """Make the error for an answer with an error status."""
    body = _decoded(answer.content)
    is_json = body is not _NOT_JSON
    message = _json_message(body) if is_json else _text_message(answer.media_type, answer.content)
    request_id = answer.headers.get("x-request-id")
    error = HTTPCallErrorError(
        description=f"{request} answered {answer.status}",
        status_code=answer.status,
        api_message=None if message is None else readable(message, secrets),
        request_id=None if request_id is None else readable(request_id, secrets, _LONGEST_REQUEST_ID),
    )
    error.retry_after = parse_retry_after(answer.headers.get("retry-after"))
    error.help_url = _help_url(body, secrets)
    error.blocks_errors = read_block_errors(body, lambda text: _cut(secrets.redact(text)))
    return error


def readable(text: str, secrets: Secrets, longest: int = _LONGEST_MESSAGE) -> str:
    """Bring a server's words to one line of readable length, without secrets."""
    words = " ".join(secrets.redact(text).split())
    if not words.isprintable():
        words = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in words)
    return _cut(words, longest)


def _cut(text: str, longest: int = _LONGEST_MESSAGE) -> str:
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"


def _decoded(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _NOT_JSON


def _help_url(body: Any, secrets: Secrets) -> str | None:
    url = body.get("help_url") if is_object(body) else None
    return readable(url, secrets) if isinstance(url, str) and url else None


def _text_message(media_type: str, content: bytes) -> str | None:
    text = content.decode("utf-8", errors="replace").strip()
    return "an HTML page" if "html" in media_type else text or None


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
            steps = entry.get("loc")
            place = ".".join(str(step) for step in steps if isinstance(step, str | int)) if is_array(steps) else ""
            message = entry.get("msg")
            words = message.strip() if isinstance(message, str) else ""
            texts.append(f"{place}: {words}" if place else words)
        elif isinstance(entry, str):
            texts.append(entry)
    return "; ".join(text for text in texts if text) or None
