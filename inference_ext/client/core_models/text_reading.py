"""Reading text in images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast, overload

from ...images import ImageInput
from ...operations.core_models.ocr import OCRRequest, read_text
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["TextReading"]

OCRModel = Literal["doctr", "trocr", "easy_ocr", "pp_ocr"]


class TextReading(ClientCore):
    """Optical character recognition, in v0 and v1."""

    @overload
    def ocr_image(
        self,
        inference_input: ImageInput,
        model: OCRModel = "doctr",
        version: str | None = None,
        quantize: bool | None = None,
        generate_bounding_boxes: bool | None = None,
        language_codes: Sequence[str] | None = None,
    ) -> dict[str, Any]: ...
    @overload
    def ocr_image(
        self,
        inference_input: Sequence[ImageInput],
        model: OCRModel = "doctr",
        version: str | None = None,
        quantize: bool | None = None,
        generate_bounding_boxes: bool | None = None,
        language_codes: Sequence[str] | None = None,
    ) -> list[dict[str, Any]]: ...
    def ocr_image(
        self,
        inference_input: Any,
        model: OCRModel = "doctr",
        version: str | None = None,
        quantize: bool | None = None,
        generate_bounding_boxes: bool | None = None,
        language_codes: Sequence[str] | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Read the text of images; every image is a request of its own.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            model: `"doctr"` (print of several lines), `"trocr"` (one line), `"easy_ocr"` (many scripts) or `"pp_ocr"`
                (PP-OCR).
            version: Weights of the model; default: the server's. TrOCR: `trocr-small-printed`, `trocr-base-printed`,
                `trocr-large-printed`. EasyOCR: such as `english_g2`. PP-OCR: `{detection}-{recognition}`, each
                `none`, `tiny`, `small` or `medium`, or one word for both; `none` leaves a stage out.
            quantize: EasyOCR only: smaller, faster weights that read a little worse.
            generate_bounding_boxes: docTR only: also give a box for each word in `predictions`.
            language_codes: EasyOCR only: languages such as `["en", "de"]`, of the script that `version` reads.

        Returns:
            For each image the server's answer: `result` is all text in one string, `predictions` the boxes (centre
            `x`, `y`, `width`, `height` in pixels of the input) where the model gives them.

        Raises:
            InvalidParameterError: `model` or another argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._reading(inference_input, model, version, quantize, generate_bounding_boxes, language_codes)
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def ocr_image_async(
        self,
        inference_input: ImageInput,
        model: OCRModel = "doctr",
        version: str | None = None,
        quantize: bool | None = None,
        generate_bounding_boxes: bool | None = None,
        language_codes: Sequence[str] | None = None,
    ) -> dict[str, Any]: ...
    @overload
    async def ocr_image_async(
        self,
        inference_input: Sequence[ImageInput],
        model: OCRModel = "doctr",
        version: str | None = None,
        quantize: bool | None = None,
        generate_bounding_boxes: bool | None = None,
        language_codes: Sequence[str] | None = None,
    ) -> list[dict[str, Any]]: ...
    async def ocr_image_async(
        self,
        inference_input: Any,
        model: OCRModel = "doctr",
        version: str | None = None,
        quantize: bool | None = None,
        generate_bounding_boxes: bool | None = None,
        language_codes: Sequence[str] | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Read the text of images under asyncio; see `ocr_image`."""
        plan = self._reading(inference_input, model, version, quantize, generate_bounding_boxes, language_codes)
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _reading(
        self,
        images: object,
        model: str,
        version: str | None,
        quantize: bool | None,
        generate_bounding_boxes: bool | None,
        language_codes: Sequence[str] | None,
    ) -> Plan:
        settings = self._settings()
        wanted = OCRRequest.make(
            model=model,
            version=version,
            quantize=quantize,
            generate_bounding_boxes=generate_bounding_boxes,
            language_codes=language_codes,
        )
        model_call = self._core_model_call(settings)
        return one_or_many(images, lambda inputs: read_text(wanted, inputs, model_call)), settings
