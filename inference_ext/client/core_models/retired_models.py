"""Models that servers of today no longer have: they answer on old servers and name their replacement on others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, overload

from ...errors import InvalidParameterError
from ...images import ImageInput, is_image_list
from ...operations.core_models.cogvlm import COGVLM, CogVLMPrompt, prompt_cogvlm
from ...operations.core_models.gaze import GAZE, detect_gazes
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["RetiredModels"]


class RetiredModels(ClientCore):
    """Gaze detection and CogVLM, for self-hosted servers that are old enough (v1 only).

    Both raise `FeatureDeprecatedError`, with what to use in their place, when the server says that it has no such
    route (404, 405 or 410), and `WrongClientModeError` in v0.
    """

    @overload
    def detect_gazes(self, inference_input: ImageInput) -> dict[str, Any]: ...
    @overload
    def detect_gazes(self, inference_input: Sequence[ImageInput]) -> list[dict[str, Any]]: ...
    def detect_gazes(self, inference_input: Any) -> dict[str, Any] | list[dict[str, Any]]:
        """Find faces and the direction they look to, on a server that still can.

        Up to `max_batch_size` images travel in one request.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.

        Returns:
            For each image the server's answer: `predictions` with `face` (a box and landmarks, pixels of the input),
            `yaw` and `pitch` in radians.

        Raises:
            FeatureDeprecatedError: The server no longer has the route. There is no replacement of the same kind; the
                closest is a key point model of faces with `detect_keypoints`.
            WrongClientModeError: The mode is v0.
            InvalidInputFormatError: An input is not an image this client can read.
            HTTPCallErrorError: The server answered with another error status.
            HTTPServerConnectionError: There was no complete answer.

        """
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*self._gaze_detection(inference_input)))

    @overload
    async def detect_gazes_async(self, inference_input: ImageInput) -> dict[str, Any]: ...
    @overload
    async def detect_gazes_async(self, inference_input: Sequence[ImageInput]) -> list[dict[str, Any]]: ...
    async def detect_gazes_async(self, inference_input: Any) -> dict[str, Any] | list[dict[str, Any]]:
        """Find faces and the direction they look to under asyncio; see `detect_gazes`."""
        return cast(
            "dict[str, Any] | list[dict[str, Any]]", await self._run_async(*self._gaze_detection(inference_input))
        )

    def prompt_cogvlm(
        self,
        visual_prompt: ImageInput,
        text_prompt: str,
        chat_history: Sequence[tuple[str, str]] | None = None,
    ) -> dict[str, Any]:
        """Ask CogVLM about an image, on a server that still has it.

        Args:
            visual_prompt: One image in any accepted form (see `infer`).
            text_prompt: The question.
            chat_history: The conversation before it, as pairs of texts: what was asked and what was answered.

        Returns:
            The server's answer: `response` is the text.

        Raises:
            FeatureDeprecatedError: The server no longer has the route: use `infer_lmm`.
            WrongClientModeError: The mode is v0.
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: `visual_prompt` is not an image this client can read.
            HTTPCallErrorError: The server answered with another error status.
            HTTPServerConnectionError: There was no complete answer.

        """
        return cast("dict[str, Any]", self._run(*self._cogvlm_prompt(visual_prompt, text_prompt, chat_history)))

    async def prompt_cogvlm_async(
        self,
        visual_prompt: ImageInput,
        text_prompt: str,
        chat_history: Sequence[tuple[str, str]] | None = None,
    ) -> dict[str, Any]:
        """Ask CogVLM about an image under asyncio; see `prompt_cogvlm`."""
        plan = self._cogvlm_prompt(visual_prompt, text_prompt, chat_history)
        return cast("dict[str, Any]", await self._run_async(*plan))

    # -- the plans, shared by both shells

    def _gaze_detection(self, images: object) -> Plan:
        settings = self._settings()
        GAZE.check_mode(settings.mode)
        model_call = self._core_model_call(settings)
        return one_or_many(images, lambda inputs: detect_gazes(inputs, model_call)), settings

    def _cogvlm_prompt(self, image: object, text_prompt: str, chat_history: Sequence[tuple[str, str]] | None) -> Plan:
        settings = self._settings()
        COGVLM.check_mode(settings.mode)
        prompt = CogVLMPrompt.make(text_prompt=text_prompt, chat_history=chat_history)
        if is_image_list(image):
            raise InvalidParameterError("visual_prompt: expected one image, got a sequence; ask about one at a time")
        model_call = self._core_model_call(settings)
        return one_or_many(image, lambda inputs: prompt_cogvlm(prompt, inputs, model_call)), settings
