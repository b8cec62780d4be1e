"""Asking models that read images and write text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, overload

from ...images import ImageInput
from ...operations.core_models.answers import objects
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.language_models import LanguageModelPrompt
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["LanguageModels"]


class LanguageModels(ClientCore):
    """Florence-2, Moondream2, SmolVLM, Qwen-VL, PaliGemma and other models that answer in words."""

    @overload
    def infer_lmm(
        self,
        inference_input: ImageInput,
        model_id: str,
        prompt: str | None = None,
        model_id_in_path: bool = False,
        max_new_tokens: int | None = None,
        enable_thinking: bool | None = None,
    ) -> dict[str, Any]: ...
    @overload
    def infer_lmm(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str,
        prompt: str | None = None,
        model_id_in_path: bool = False,
        max_new_tokens: int | None = None,
        enable_thinking: bool | None = None,
    ) -> list[dict[str, Any]]: ...
    def infer_lmm(
        self,
        inference_input: Any,
        model_id: str,
        prompt: str | None = None,
        model_id_in_path: bool = False,
        max_new_tokens: int | None = None,
        enable_thinking: bool | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Ask a language model about one image, or the same about several.

        Up to `max_batch_size` images travel in one request.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: Such as `florence-2-base`, `moondream2/moondream2_2b_jul24` or `qwen3vl-2b-instruct`.
            prompt: Instruction or question; its wording depends on the model. Default: none.
            model_id_in_path: Send the model's id in the path too, for gateways that route by it.
            max_new_tokens: Longest answer in tokens, from 1 on. Default: the model's limit. Since server 1.1.2 at the
                latest (missing in 1.0.5).
            enable_thinking: Let models that can write out their reasoning. Default: the server's. Since server 1.1.2 at
                the latest (missing in 1.0.5).

        Returns:
            The server's answer as a dictionary, the text under `response`, or a list of them in input order.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not one JSON object per image.

        """
        plan = self._language_model_plan(
            inference_input,
            model_id=model_id,
            prompt=prompt,
            model_id_in_path=model_id_in_path,
            max_new_tokens=max_new_tokens,
            enable_thinking=enable_thinking,
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def infer_lmm_async(
        self,
        inference_input: ImageInput,
        model_id: str,
        prompt: str | None = None,
        model_id_in_path: bool = False,
        max_new_tokens: int | None = None,
        enable_thinking: bool | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def infer_lmm_async(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str,
        prompt: str | None = None,
        model_id_in_path: bool = False,
        max_new_tokens: int | None = None,
        enable_thinking: bool | None = None,
    ) -> list[dict[str, Any]]: ...
    async def infer_lmm_async(
        self,
        inference_input: Any,
        model_id: str,
        prompt: str | None = None,
        model_id_in_path: bool = False,
        max_new_tokens: int | None = None,
        enable_thinking: bool | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Ask a language model about images, under asyncio; see `infer_lmm`."""
        plan = self._language_model_plan(
            inference_input,
            model_id=model_id,
            prompt=prompt,
            model_id_in_path=model_id_in_path,
            max_new_tokens=max_new_tokens,
            enable_thinking=enable_thinking,
        )
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _language_model_plan(self, inference_input: object, **arguments: Any) -> Plan:
        settings = self._settings()
        asked = LanguageModelPrompt.make(settings.configuration, **arguments)
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input,
            lambda images: run_on_images(call, asked.path, images, asked.fields, objects, batched=True),
        )
        return steps, settings
