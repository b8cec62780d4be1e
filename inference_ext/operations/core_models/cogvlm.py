"""Asking CogVLM about an image: a feature that servers of today no longer have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from attrs import frozen

from ...errors import InvalidParameterError
from ..arguments import checked_text
from ..exchange import Steps
from .answers import objects
from .core_model import CoreModelCall, run_on_images
from .retired import RetiredFeature

__all__ = ["COGVLM", "CogVLMPrompt", "prompt_cogvlm"]

COGVLM = RetiredFeature(
    name="prompt_cogvlm", replacement="Use infer_lmm with a model such as Qwen-VL, SmolVLM or Florence-2."
)


@frozen
class CogVLMPrompt:
    """A question and the conversation before it; checked when it is made."""

    text: str
    history: list[list[str]] | None

    @classmethod
    def make(cls, *, text_prompt: str, chat_history: Sequence[tuple[str, str]] | None) -> CogVLMPrompt:
        """Check the arguments.

        Raises:
            InvalidParameterError: One of them is not acceptable.

        """
        history = None if chat_history is None else _checked_history(chat_history)
        return cls(text=checked_text("text_prompt", text_prompt), history=history)


def prompt_cogvlm(prompt: CogVLMPrompt, images: Sequence[object], model_call: CoreModelCall) -> Steps[list[Any]]:
    """Describe `POST /llm/cogvlm`; gives one answer per image."""
    fields = {"model_id": "cogvlm", "prompt": prompt.text, "history": prompt.history}
    return COGVLM.explaining(run_on_images(model_call, "/llm/cogvlm", images, fields, objects))


def _checked_history(value: object) -> list[list[str]]:
    if not _is_plain_sequence(value):
        raise InvalidParameterError(f"chat_history: expected a sequence of pairs of texts, got {type(value).__name__}")
    return [
        _checked_turn(f"chat_history[{position}]", turn)
        for position, turn in enumerate(cast("Sequence[object]", value))
    ]


def _checked_turn(name: str, value: object) -> list[str]:
    texts = list(cast("Sequence[object]", value)) if _is_plain_sequence(value) else []
    checked = [text for text in texts if isinstance(text, str)]
    if len(checked) != 2 or len(texts) != 2:
        raise InvalidParameterError(f"{name}: expected a pair of texts (what was asked, what was answered)")
    return checked


def _is_plain_sequence(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview)
