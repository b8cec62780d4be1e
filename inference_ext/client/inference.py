"""`infer` and its variants: plain dictionaries, as the documented client returns them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, overload

from ..configuration import HTTPClientMode
from ..execution.progress import ProgressOption
from ..images import ImageInput
from .planning import InferencePlanning

__all__ = ["Inference"]


class Inference(InferencePlanning):
    """Run the platform's models on images, the result as the server's JSON.

    One image gives one `dict`; a sequence of images gives a `list` of the same length and order, also for one element.
    Coordinates are pixels of the image that was handed over.
    """

    @overload
    def infer(self, inference_input: ImageInput, model_id: str | None = None) -> dict[str, Any]: ...
    @overload
    def infer(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        progress: ProgressOption | None = None,
    ) -> list[dict[str, Any]]: ...
    def infer(
        self, inference_input: Any, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Run a model on one image or on several, in the mode that is selected.

        Args:
            inference_input: A path, an http(s) URL, base64 text, encoded bytes, a binary file, a numpy array
                ((height, width), (height, width, 3) in BGR or (height, width, 4) in BGRA; uint8, uint16, bool, or
                float in 0..1 or 0..255) or a PIL image; or a sequence of these.
            model_id: `project/version`. Default: the selected model.
            progress: Show how far a sequence has come: `True` for a bar on stderr (extra `progress`), or a function
                that takes a `Progress`, called in the thread (or task) of this call after every input that is
                finished. Default: the setting `show_progress`.

        Returns:
            The server's answer as a dictionary, or a list of them in input order. Boxes are centre `x`, `y` and
            `width`, `height` in pixels of the input. With `on_error="return"` an input that failed has its error
            object in the list.

        Raises:
            ModelNotSelectedError: No model is given or selected.
            InvalidInputFormatError: An input is not an image this client can read.
            ModelTaskTypeNotSupportedError: The model's task has no v1 route.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        return cast(
            "dict[str, Any] | list[dict[str, Any]]",
            self._run(*self._plan_inference(inference_input, model_id, settings=self._settings()), progress),
        )

    @overload
    async def infer_async(self, inference_input: ImageInput, model_id: str | None = None) -> dict[str, Any]: ...
    @overload
    async def infer_async(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        progress: ProgressOption | None = None,
    ) -> list[dict[str, Any]]: ...
    async def infer_async(
        self, inference_input: Any, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Run a model under asyncio; see `infer`. Files are read and images encoded in worker threads."""
        plan = self._plan_inference(inference_input, model_id, settings=self._settings())
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan, progress))

    @overload
    def infer_from_api_v0(self, inference_input: ImageInput, model_id: str | None = None) -> dict[str, Any]: ...
    @overload
    def infer_from_api_v0(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        progress: ProgressOption | None = None,
    ) -> list[dict[str, Any]]: ...
    def infer_from_api_v0(
        self, inference_input: Any, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Run a model through `POST /{project}/{version}`, whatever mode is selected; see `infer`.

        Every image is a request of its own. `class_agnostic_nms`, `max_candidates` and `fix_batch_size` have no
        parameter on this route: setting one warns. `class_filter` is applied to the answer, and
        `visualize_predictions` asks for `format="image_and_json"`.

        Raises:
            InvalidModelIdentifier: `model_id` is not `project/version`.
            APIKeyNotProvided: The server is the hosted API and there is no key.

        """
        plan = self._plan_inference(inference_input, model_id, settings=self._settings(HTTPClientMode.V0))
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan, progress))

    @overload
    async def infer_from_api_v0_async(
        self, inference_input: ImageInput, model_id: str | None = None
    ) -> dict[str, Any]: ...
    @overload
    async def infer_from_api_v0_async(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        progress: ProgressOption | None = None,
    ) -> list[dict[str, Any]]: ...
    async def infer_from_api_v0_async(
        self, inference_input: Any, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Run a model through v0 under asyncio; see `infer_from_api_v0`."""
        plan = self._plan_inference(inference_input, model_id, settings=self._settings(HTTPClientMode.V0))
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan, progress))

    @overload
    def infer_from_api_v1(self, inference_input: ImageInput, model_id: str | None = None) -> dict[str, Any]: ...
    @overload
    def infer_from_api_v1(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        progress: ProgressOption | None = None,
    ) -> list[dict[str, Any]]: ...
    def infer_from_api_v1(
        self, inference_input: Any, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Run a model through `POST /infer/{task}`, whatever mode is selected; see `infer`.

        The model's task is asked from the server's model registry at the first call and remembered.

        Raises:
            ModelNotInitializedError: The registry does not list the model after loading it.

        """
        plan = self._plan_inference(inference_input, model_id, settings=self._settings(HTTPClientMode.V1))
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan, progress))

    @overload
    async def infer_from_api_v1_async(
        self, inference_input: ImageInput, model_id: str | None = None
    ) -> dict[str, Any]: ...
    @overload
    async def infer_from_api_v1_async(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str | None = None,
        *,
        progress: ProgressOption | None = None,
    ) -> list[dict[str, Any]]: ...
    async def infer_from_api_v1_async(
        self, inference_input: Any, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Run a model through v1 under asyncio; see `infer_from_api_v1`."""
        plan = self._plan_inference(inference_input, model_id, settings=self._settings(HTTPClientMode.V1))
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan, progress))
