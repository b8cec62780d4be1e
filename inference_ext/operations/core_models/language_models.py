"""Models that read an image and write text: Florence-2, Moondream2, SmolVLM, Qwen-VL, PaliGemma."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ...configuration import InferenceConfiguration
from ...configuration.state import checked_model_id
from ..arguments import checked_flag, checked_positive, optional_text
from .model_path import path_with_model
from .preprocessing import preprocessing_fields

__all__ = ["LanguageModelPrompt"]


@frozen
class LanguageModelPrompt:
    """What a language model is asked about the images of a call; checked when it is made."""

    path: str
    fields: dict[str, Any]

    @classmethod
    def make(
        cls,
        configuration: InferenceConfiguration,
        *,
        model_id: str,
        prompt: str | None,
        model_id_in_path: bool,
        max_new_tokens: int | None,
        enable_thinking: bool | None,
    ) -> LanguageModelPrompt:
        """Check the arguments.

        Raises:
            InvalidParameterError: One of them is not acceptable.

        """
        model_id = checked_model_id(model_id)
        in_path = checked_flag("model_id_in_path", model_id_in_path)
        return cls(
            path=path_with_model("/infer/lmm", model_id) if in_path else "/infer/lmm",
            fields={
                "model_id": model_id,
                # Empty text is a prompt too: some models are asked nothing.
                "prompt": prompt if prompt == "" else optional_text("prompt", prompt),
                "max_new_tokens": checked_positive("max_new_tokens", max_new_tokens),
                "enable_thinking": None
                if enable_thinking is None
                else checked_flag("enable_thinking", enable_thinking),
                **preprocessing_fields(configuration),
            },
        )
