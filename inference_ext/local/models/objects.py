"""Separate objects by their closed outlines: edges, filled; touching objects cut apart at the neck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from inference_ext.local.predictions import DetectedInstance

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = ("object",)

LONGEST_SIDE = 640
"""Larger images are segmented at this size."""

SMALLEST_PART, LARGEST_PART = 0.0008, 0.5
"""Objects smaller or larger than these parts of the image are left out."""

CORE = 0.65
"""An object's core is what lies at least this far inside, relative to its deepest point. Cores grow back into
objects, and two that touch have two cores."""

STRONG_EDGE = 180.0
"""Mean gradient along the outline that counts as full contrast, in grey levels as the 3x3 Sobel filter sums them."""


def predict(image: npt.NDArray[np.uint8]) -> list[DetectedInstance]:
    """Objects that stand out from what surrounds them, in a BGR `uint8` image (H, W, 3).

    The confidence is high for strong outlines and convex shapes.
    """
    height, width = image.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    shrunk = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    small = np.asarray(shrunk, np.uint8)
    gradient_x, gradient_y = _gradients(small)
    strength = np.hypot(gradient_x, gradient_y).astype(np.float32)
    filled = _filled_outlines(gradient_x, gradient_y, strength)
    instances: list[DetectedInstance] = []
    for mask in _separated(filled):
        area = int(mask.sum())
        if not SMALLEST_PART * mask.size < area < LARGEST_PART * mask.size:
            continue
        full = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR) if scale < 1 else mask
        rows, columns = np.nonzero(full.any(axis=1))[0], np.nonzero(full.any(axis=0))[0]
        instances.append(
            DetectedInstance(
                x_min=float(columns[0]),
                y_min=float(rows[0]),
                x_max=float(columns[-1] + 1),
                y_max=float(rows[-1] + 1),
                class_name="object",
                confidence=_confidence(mask, strength),
                mask=full.astype(np.bool_),
            )
        )
    return instances


def _gradients(image: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (0, 0), 1.4)
    horizontal = cv2.Sobel(grey, cv2.CV_32F, 1, 0)
    vertical = cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(horizontal, np.float32), np.asarray(vertical, np.float32)


def _filled_outlines(
    gradient_x: npt.NDArray[np.float32], gradient_y: npt.NDArray[np.float32], strength: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """0/1 mask of everything inside closed edges."""
    # Otsu wants 8 bits; the gradient of 8-bit grey levels reaches 4 * 255.
    level, _ = cv2.threshold(np.clip(strength / 4, 0, 255).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    high = max(40.0, 4 * level)
    edges = cv2.Canny(gradient_x.astype(np.int16), gradient_y.astype(np.int16), 0.4 * high, high, L2gradient=True)
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, _disc(3))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(edges.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, (1,), cv2.FILLED)
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_OPEN, _disc(4)), np.uint8)


def _separated(filled: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.uint8]]:
    """One 0/1 mask per object: connected parts, cut where two cores meet, thin appendages removed."""
    depth = np.asarray(cv2.distanceTransform(filled, cv2.DIST_L2, 5), np.float32)
    count, parts = cv2.connectedComponents(filled)
    masks: list[npt.NDArray[np.uint8]] = []
    for number in range(1, count):
        part = parts == number
        core = (part & (depth > CORE * depth[part].max())).astype(np.uint8)
        cores = np.asarray(cv2.connectedComponents(core)[1], np.int32)
        core_count = int(cores.max()) + 1
        owner = _nearest_core(cores) if core_count > 2 else np.where(part, 1, 0)
        for core_number in range(1, core_count):
            piece = (part & (owner == core_number)).astype(np.uint8)
            # Without any background the depth is boundless; half the picture is deep enough.
            deepest = min(float(depth[piece > 0].max(initial=0)), max(filled.shape) / 2)
            reach = max(1, round(0.4 * deepest))
            masks.append(np.asarray(cv2.morphologyEx(piece, cv2.MORPH_OPEN, _disc(reach)), np.uint8))
    return masks


def _nearest_core(cores: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """The number of the nearest core for every pixel."""
    apart = (cores == 0).astype(np.uint8)
    labelled = cast("Any", cv2).distanceTransformWithLabels(apart, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    cells = np.asarray(labelled[1], np.int32)
    number_of_cell = np.zeros(int(cells.max()) + 1, np.int32)
    number_of_cell[cells[cores > 0]] = cores[cores > 0]
    nearest: npt.NDArray[np.int32] = number_of_cell[cells]
    return nearest


def _confidence(mask: npt.NDArray[np.uint8], strength: npt.NDArray[np.float32]) -> float:
    """Contrast along the outline times how nearly convex the shape is."""
    outline = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, _disc(2)) > 0
    contrast = min(1.0, float(strength[outline].mean()) / STRONG_EDGE)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull_area = cv2.contourArea(cv2.convexHull(max(contours, key=cv2.contourArea)))
    convexity = min(1.0, float(mask.sum()) / max(1.0, hull_area))
    return contrast * convexity**4


def _disc(radius: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)
