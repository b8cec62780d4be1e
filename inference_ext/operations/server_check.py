"""Asking, before a call is sent, whether the server's version can serve it.

A server that does not know an option passes over it without a word, and the answer looks like any other. So not only
the route of a call is checked, but every option in its query or body that the caller chose: by an argument, or by a
setting of `InferenceConfiguration`. Not checked are

- what a call cannot be without, such as the image and the model's id: it is as old as the route;
- what the client sends unasked: options at the value they have when nobody chooses one. A server that does not know
  them does the same without them, and a call must not fail on an old server because of a choice nobody made;
- the key, and the labels `source` and `source_info`: they do not change an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..json_types import is_array, is_object
from .exchange import Effect, Steps

__all__ = ["ServerCheck", "chosen_options", "no_server_check"]

ServerCheck: TypeAlias = "Callable[[str, Iterable[str]], Steps[None]]"
"""Steps that refuse a call the server is too old or too new for: its method and path, and the names of its options."""

_LABELS = ("source", "source_info")


def no_server_check(route: str, options: Iterable[str]) -> Generator[Effect, Any, None]:
    """Check nothing."""
    del route, options
    return
    yield


def chosen_options(sent: Mapping[str, Any], unasked: Mapping[str, Any]) -> Iterator[str]:
    """Give the names on the wire of what the caller chose; of what stands within objects, dotted ones too.

    Args:
        sent: Names and values of a query or a body; `None` is not sent.
        unasked: What is sent when the caller chooses nothing.

    """
    for name, value in sent.items():
        if value is None or name in _LABELS or (name in unasked and value == unasked[name]):
            continue
        yield name
        inner = unasked.get(name)
        for entry in value if is_array(value) else (value,):
            if is_object(entry):
                yield from (f"{name}.{option}" for option in chosen_options(entry, inner if is_object(inner) else {}))
