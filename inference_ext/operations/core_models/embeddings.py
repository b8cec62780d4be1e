"""Read answers that hold one vector per input."""

from __future__ import annotations

from typing import Any

from ...errors import InvalidResponseError
from ...json_types import is_array
from ..exchange import Answer

__all__ = ["split_embeddings", "with_embeddings"]


def with_embeddings(answer: Answer, count: int) -> dict[str, Any]:
    """Read an answer with `count` vectors in its list `embeddings`, in the order of the inputs.

    Raises:
        InvalidResponseError: It is something else, or there are more or fewer vectors.

    """
    body = answer.json_object()
    vectors = body.get("embeddings")
    if not is_array(vectors):
        raise answer.unexpected("an object with the list 'embeddings'", vectors)
    if len(vectors) != count:
        raise InvalidResponseError(f"{answer.request} answered {len(vectors)} embeddings for {count} inputs")
    return body


def split_embeddings(answer: Answer, count: int) -> list[dict[str, Any]]:
    """Give the answer once per input, each with its own vector alone and everything else kept.

    Raises:
        InvalidResponseError: See `with_embeddings`.

    """
    body = with_embeddings(answer, count)
    return [{**body, "embeddings": [vector]} for vector in body["embeddings"]]
