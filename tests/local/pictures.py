"""Codes and markers drawn into real photographs."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

# EAN-13: the ten left-hand patterns, and which of the first six digits are mirrored for each leading digit.
LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def qr_code(text: str, module: int = 6) -> Image:
    """BGR picture of a QR code with its quiet zone."""
    encoded = cv2.QRCodeEncoder.create().encode(text)
    large = np.kron(encoded, np.ones((module, module), np.uint8))
    return _framed(np.asarray(large, np.uint8), 4 * module)


def aruco_marker(number: int, size: int = 120) -> Image:
    """BGR picture of a marker of the 4x4 dictionary with a white margin of a fifth of its size."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return _framed(np.asarray(cv2.aruco.generateImageMarker(dictionary, number, size), np.uint8), size // 5)


def ean13(digits: str, module: int = 3, height: int = 120) -> Image:
    """BGR picture of an EAN-13 barcode for twelve digits; the check digit is added."""
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))
    code = digits + str(-total % 10)
    right = ["".join("10"[int(bit)] for bit in pattern) for pattern in LEFT]
    mirrored = [pattern[::-1] for pattern in right]
    parity = PARITY[int(code[0])]
    halves = (
        "".join((LEFT if kind == "L" else mirrored)[int(digit)] for kind, digit in zip(parity, code[1:7], strict=True)),
        "".join(right[int(digit)] for digit in code[7:]),
    )
    bits = "101" + halves[0] + "01010" + halves[1] + "101"
    row = np.repeat(np.array([0 if bit == "1" else 255 for bit in bits], np.uint8), module)
    return _framed(np.tile(row, (height, 1)), 12 * module)


def pasted(photograph: Image, picture: Image, x: int, y: int) -> Image:
    """The photograph with a picture on it at the given top left corner."""
    result = photograph.copy()
    result[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return result


def _framed(grey: Image, margin: int) -> Image:
    framed = cv2.copyMakeBorder(grey, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(255,))
    return np.asarray(cv2.cvtColor(framed, cv2.COLOR_GRAY2BGR), np.uint8)
