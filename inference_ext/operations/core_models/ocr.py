"""Reading text in images: docTR, TrOCR, EasyOCR, PP-OCR."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from ...errors import InvalidParameterError
from ..arguments import checked_flag, checked_names, optional_text
from ..exchange import Steps
from .answers import objects
from .core_model import CoreModelCall, run_on_images

__all__ = ["OCRRequest", "read_text"]

_ROUTES = {
    "doctr": "/doctr/ocr",
    "trocr": "/ocr/trocr",
    "easy_ocr": "/easy_ocr/ocr",
    "pp_ocr": "/ocr/pp-ocr",
}


@frozen
class OCRRequest:
    """Which model reads and how; checked when it is made."""

    path: str
    fields: dict[str, Any]

    @classmethod
    def make(
        cls,
        *,
        model: str,
        version: str | None,
        quantize: bool | None,
        generate_bounding_boxes: bool | None,
        language_codes: Sequence[str] | None,
    ) -> OCRRequest:
        """Check the arguments.

        Raises:
            InvalidParameterError: One of them is not acceptable.

        """
        name = model.lower() if isinstance(model, str) else None
        if name not in _ROUTES:
            raise InvalidParameterError(f"model: expected one of {', '.join(map(repr, _ROUTES))}, got {model!r}")
        return cls(
            path=_ROUTES[name],
            fields={
                f"{name}_version_id": optional_text("version", version),
                "quantize": _optional_flag("quantize", quantize),
                "generate_bounding_boxes": _optional_flag("generate_bounding_boxes", generate_bounding_boxes),
                "language_codes": None if language_codes is None else checked_names("language_codes", language_codes),
            },
        )


def read_text(wanted: OCRRequest, images: Sequence[object], model_call: CoreModelCall) -> Steps[list[Any]]:
    """Describe the POST to the model's route; one image per request, as TrOCR takes no more."""
    return run_on_images(model_call, wanted.path, images, wanted.fields, objects)


def _optional_flag(name: str, value: object) -> bool | None:
    return None if value is None else checked_flag(name, value)
