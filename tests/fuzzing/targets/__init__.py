"""The targets by their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

from .connections import SEEDS as CONNECTION_SEEDS
from .connections import connections
from .error_answers import SEEDS as ERROR_SEEDS
from .error_answers import error_answers
from .http_answers import SEEDS as HTTP_SEEDS
from .http_answers import http_answers
from .images import IMAGE_SEEDS, TEXT_SEEDS, image_bytes, image_texts
from .results import PICTURE_SEEDS, RESULT_SEEDS, picture_results, results
from .success_answers import SEEDS as SUCCESS_SEEDS
from .success_answers import success_answers

__all__ = ["TARGETS", "Target"]


@frozen
class Target:
    """Something that is given bytes."""

    run: Callable[[bytes], None]
    seeds: Sequence[bytes]
    """Bytes that lead far in."""


TARGETS = {
    "http_answers": Target(http_answers, HTTP_SEEDS),
    "connections": Target(connections, CONNECTION_SEEDS),
    "error_answers": Target(error_answers, ERROR_SEEDS),
    "success_answers": Target(success_answers, SUCCESS_SEEDS),
    "results": Target(results, RESULT_SEEDS),
    "picture_results": Target(picture_results, PICTURE_SEEDS),
    "image_bytes": Target(image_bytes, IMAGE_SEEDS),
    "image_texts": Target(image_texts, TEXT_SEEDS),
}
