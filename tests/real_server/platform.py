"""Reads what the server asked the platform's stand-in, and looks for keys where none may be."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from real_server.platform_stand_in import GOOD_KEY, OTHER_KEY, UNKNOWN_KEY

from inference_ext import HTTPClientError
from tests.real_server import wire


@dataclass(frozen=True)
class Question:
    """One request of the server's to the platform."""

    path: str
    query: dict[str, str]
    """Without the key."""
    key: str | None


@dataclass(frozen=True)
class Platform:
    """The stand-in."""

    url: str

    def asked(self, path: str | None = None) -> list[Question]:
        """Return all questions so far, or those with this path."""
        questions = [Question(**fields) for fields in wire.get(self.url, "/asked").json]
        return [question for question in questions if path in (None, question.path)]


def tells_no_key(error: HTTPClientError) -> None:
    """Assert that no form in which an error can be shown holds a key."""
    shown = [str(error), repr(error), *traceback.format_exception(error), *map(str, error.args)]
    for key in (GOOD_KEY, OTHER_KEY, UNKNOWN_KEY):
        assert not any(key in text for text in shown)
