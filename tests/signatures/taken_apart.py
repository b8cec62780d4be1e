"""Take a recorded request apart: which operation it is of, and what stands under which path of the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from email import message_from_bytes
from functools import cache
from typing import Any, TypeAlias

from recording_server import Request

from .accepted import NOTHING, Operation, Shape

__all__ = ["Values", "operation_of", "values_of"]

Values: TypeAlias = dict[str, list[Any]]
"""The values under each path, in the order they are sent. `null` is no value."""

#: Headers that every client sends, whatever it is asked for.
_HEADERS_OF_HTTP = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"}
)


def operation_of(request: Request, own: Iterable[str], others: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Give an operation's key and the values in its path.

    Args:
        request: What was recorded.
        own: Keys of the operations that the method says it uses, also such as the document lacks: they go before others
            that are as exact.
        others: Keys of all operations.

    """
    # A path with fewer parameters is the more exact one.
    for key in sorted([*own, *others], key=lambda key: key.count("{")):
        if match := _pattern(key).fullmatch(f"{request.method} {request.path}"):
            return key, match.groupdict()
    raise AssertionError(f"{request.method} {request.path} is no operation of the document")


@cache
def _pattern(key: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", key)
    names = len(parts) // 2
    pattern = ""
    for position, part in enumerate(parts):
        if position % 2 == 0:
            pattern += re.escape(part)
            continue
        # A model's id at the end of a path may hold slashes, unless all of the path is parameters.
        slashes = position == len(parts) - 2 and not parts[-1] and names == 1
        pattern += f"(?P<{part}>{'.+' if slashes else '[^/]+'})"
    return re.compile(pattern)


def values_of(request: Request, operation: Operation | None, in_path: Mapping[str, str]) -> Values:
    """Give what a request carries; `operation` is `None` when the document lacks it."""
    values: Values = {}
    for path, value in _parts(request, NOTHING if operation is None else operation.body, in_path):
        values.setdefault(path, []).append(value)
    return values


def _parts(request: Request, body: Shape, in_path: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, value in in_path.items():
        yield f"path.{name.lower()}", value
    for name, value in request.query.items():
        yield f"query.{name.lower()}", value
    for name, value in request.headers.items():
        if name not in _HEADERS_OF_HTTP:
            yield f"header.{name}", value
    if not request.body:
        return
    media_type = request.headers.get("content-type", "")
    if media_type == "application/json":
        yield from _leaves("body", json.loads(request.body), body)
    elif media_type.startswith("multipart/form-data"):
        form = message_from_bytes(f"content-type: {media_type}\r\n\r\n".encode() + request.body)
        for part in form.walk():
            if name := part.get_param("name", header="content-disposition"):
                yield f"form.{name}", part.get_payload(decode=True)
    else:
        yield "body", request.body


def _leaves(path: str, value: Any, shape: Shape) -> Iterator[tuple[str, Any]]:
    """Give the leaves of a JSON value, as deep as the document knows it; below what it does not know, all of them."""
    if value is None:
        return
    if isinstance(value, dict) and not _is_any_object(shape):
        for name, inner in value.items():
            if name in shape.fields:
                yield from _leaves(f"{path}.{name}", inner, shape.fields[name])
            elif shape.values is not None:
                yield from _leaves(f"{path}.*", inner, shape.values)
            else:
                yield from _leaves(f"{path}.{name}", inner, NOTHING)
    elif isinstance(value, list) and (shape.items is not None or (shape == NOTHING and _holds_objects(value))):
        for inner in value:
            yield from _leaves(f"{path}[]", inner, shape.items or NOTHING)
    else:
        yield path, value


def _is_any_object(shape: Shape) -> bool:
    return shape.is_leaf and not shape.fields and shape.values is None


def _holds_objects(value: list[Any]) -> bool:
    return any(isinstance(inner, dict) for inner in value)
