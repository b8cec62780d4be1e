"""A client whose connection is answered with any bytes, blocking and under asyncio."""

from __future__ import annotations

from ..answering_server import list_models
from ..oracle import KEY, only_our_errors
from .http_answers import ANSWERS

__all__ = ["SEEDS", "connections"]

SEEDS = [bytes([shell]) + answer for answer in ANSWERS for shell in (0, 3)]


def connections(data: bytes) -> None:
    """Read these bytes as the answer; the key stands where they say so, as a server may repeat it."""
    with only_our_errors():
        list_models(data[1:].replace(b"$KEY", KEY.encode()), under_asyncio=data[:1] == b"\3")
