"""Models that turn images and texts into vectors of one space: what CLIP and the Perception Encoder have in common."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from attrs import frozen

from ...errors import InvalidParameterError
from ..exchange import Exchange, Steps, call
from .core_model import CoreModelCall, run_on_images
from .embeddings import split_embeddings, with_embeddings

__all__ = ["DualEncoder", "checked_texts", "embed_images", "embed_texts"]


@frozen
class DualEncoder:
    """Where a model of this kind is reached."""

    route: str
    """Path that `/embed_image`, `/embed_text` and `/compare` follow."""

    version_field: str
    """Field of the body that chooses the variant."""

    version_argument: str
    """What the client's methods call the variant, for messages."""


def embed_images(
    encoder: DualEncoder, version: str | None, images: Sequence[object], model_call: CoreModelCall
) -> Steps[list[Any]]:
    """Describe `POST {route}/embed_image`; gives one answer with one vector per image, in order."""
    path = f"{encoder.route}/embed_image"
    fields = {encoder.version_field: version}
    return run_on_images(model_call, path, images, fields, split_embeddings, batched=True)


def embed_texts(
    encoder: DualEncoder, version: str | None, text: str | list[str], model_call: CoreModelCall
) -> Steps[dict[str, Any]]:
    """Describe `POST {route}/embed_text`; gives one answer with one vector per text, in order."""
    path = f"{encoder.route}/embed_text"
    fields = {"text": text, encoder.version_field: version}
    yield from model_call.check(path, fields)
    count = 1 if isinstance(text, str) else len(text)
    return (yield from call(Exchange(model_call.request(path, fields), partial(with_embeddings, count=count))))


def checked_texts(name: str, value: object) -> str | list[str]:
    """Give one text, or a sequence of texts as a list. Empty text is text: encoders have a vector for it.

    Raises:
        InvalidParameterError: It is something else, or an empty sequence.

    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence):
        raise InvalidParameterError(f"{name}: expected text or a sequence of texts, got {type(value).__name__}")
    texts = cast("Sequence[object]", value)
    if not texts:
        raise InvalidParameterError(f"{name}: expected at least one text, got an empty sequence")
    checked: list[str] = []
    for position, text in enumerate(texts):
        if not isinstance(text, str):
            raise InvalidParameterError(f"{name}[{position}]: expected text, got {type(text).__name__}")
        checked.append(text)
    return checked
