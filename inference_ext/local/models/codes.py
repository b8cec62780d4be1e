"""QR codes and barcodes by OpenCV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from inference_ext.local.predictions import Detection

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = ("qr_code", "barcode")

LARGEST_ENLARGED = 1600
"""Images with longer sides are not searched a second time at twice their size."""

READ, ONLY_SEEN = 0.95, 0.5
"""Confidence of a code that could be read, and of one that was only located."""


@dataclass(frozen=True, eq=False)
class Code:
    """One code.

    Attributes:
        kind: `qr_code` or `barcode`.
        text: What it says; empty when it was located but could not be read.
        corners: (4, 2) pixels, in order around the code.

    """

    kind: str
    text: str
    corners: npt.NDArray[np.float64]


def read_codes(image: npt.NDArray[np.uint8]) -> list[Code]:
    """Locate and read the codes in a BGR `uint8` image (H, W, 3)."""
    return [*_qr_codes(image), *_barcodes(image)]


def predict(image: npt.NDArray[np.uint8]) -> list[Detection]:
    """Boxes around the codes in a BGR `uint8` image (H, W, 3)."""
    detections: list[Detection] = []
    for code in read_codes(image):
        (x_min, y_min), (x_max, y_max) = code.corners.min(axis=0), code.corners.max(axis=0)
        detections.append(
            Detection(
                x_min=float(x_min),
                y_min=float(y_min),
                x_max=float(x_max),
                y_max=float(y_max),
                class_name=code.kind,
                confidence=READ if code.text else ONLY_SEEN,
            )
        )
    return detections


def _qr_codes(image: npt.NDArray[np.uint8]) -> list[Code]:
    codes = _qr_codes_at(image, 1)
    if codes or max(image.shape) > LARGEST_ENLARGED:
        return codes
    # OpenCV misses codes whose modules are few pixels wide; twice as large it finds most of them.
    return _qr_codes_at(np.asarray(cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8), 2)


def _qr_codes_at(image: npt.NDArray[np.uint8], scale: int) -> list[Code]:
    """Codes in an image that was enlarged `scale` times; corners in pixels of the original."""
    found, texts, corners, _ = cv2.QRCodeDetector().detectAndDecodeMulti(image)
    return _codes("qr_code", texts, np.asarray(corners) / scale) if found else []


def _barcodes(image: npt.NDArray[np.uint8]) -> list[Code]:
    found, texts, _types, corners = cv2.barcode.BarcodeDetector().detectAndDecodeWithType(image)
    # Textures are often located as barcodes but never read as one: EAN and UPC have a check digit.
    return [code for code in _codes("barcode", texts, corners) if code.text] if found else []


def _codes(kind: str, texts: Any, corners: Any) -> list[Code]:
    quadrangles = np.asarray(corners, np.float64).reshape(-1, 4, 2)
    return [Code(kind, str(text), quadrangle) for text, quadrangle in zip(texts, quadrangles, strict=True)]
