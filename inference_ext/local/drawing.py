"""Predictions drawn on the image, as the server's `visualization`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inference_ext.local.http_errors import with_message

if TYPE_CHECKING:
    import numpy.typing as npt

    from inference_ext.local.registry import Model
    from inference_ext.local.requests.options import InferenceOptions

BLUE_BGR = (0xEA, 0x92, 0x48)
"""The one colour the server draws detections in (#4892EA)."""

ORANGE_BGR = (0x48, 0x92, 0xEA)
"""Plates of labels: the server swaps the channels there, and pictures should not differ from its own."""

JPEG_QUALITY = 90
FONT, FONT_SCALE = cv2.FONT_HERSHEY_SIMPLEX, 0.5
MARGIN = 10


def draw(model: Model, image: npt.NDArray[np.uint8], answer: dict[str, Any], options: InferenceOptions) -> bytes | None:
    """JPEG of the image with the predictions on it; `None` for semantic masks, which the server does not draw.

    Args:
        model: The model, for its task.
        image: BGR `uint8` (H, W, 3); not changed.
        answer: The answer as it goes out.
        options: Stroke width and labels.

    Raises:
        HTTPAnswerError: 500 for a classification without any prediction, as on the real server.

    """
    match model.task:
        case "semantic-segmentation":
            return None
        case "classification" | "multi-label-classification":
            return _draw_classes(image, answer, options)
        case _:
            return _draw_detections(image, answer, options)


def _draw_detections(image: npt.NDArray[np.uint8], answer: dict[str, Any], options: InferenceOptions) -> bytes:
    canvas = image.copy()
    for prediction in answer["predictions"]:
        left, right = prediction["x"] - prediction["width"] / 2, prediction["x"] + prediction["width"] / 2
        top, bottom = prediction["y"] - prediction["height"] / 2, prediction["y"] + prediction["height"] / 2
        corner = (int(left), int(top))
        cv2.rectangle(canvas, corner, (int(right), int(bottom)), BLUE_BGR, options.stroke_width)
        outline = prediction.get("points", ())
        if len(outline) > 2:
            corners = np.array([(int(point["x"]), int(point["y"])) for point in outline], np.int32)
            cv2.polylines(canvas, [corners], isClosed=True, color=BLUE_BGR, thickness=options.stroke_width)
        for point in prediction.get("keypoints", ()):
            cv2.circle(canvas, (round(point["x"]), round(point["y"])), options.stroke_width, BLUE_BGR, -1)
        if options.visualize_labels:
            _draw_label(canvas, corner, f"{prediction['class']} {prediction['confidence']:.2f}")
    encoded, data = cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not encoded:
        raise with_message(500, "The visualisation could not be encoded as JPEG.")
    return data.tobytes()


def _draw_label(canvas: npt.NDArray[np.uint8], corner: tuple[int, int], text: str) -> None:
    (text_width, text_height), _ = cv2.getTextSize(text, FONT, FONT_SCALE, 1)
    plate = np.full((text_height + 2 * MARGIN, text_width + 2 * MARGIN, 3), ORANGE_BGR, np.uint8)
    cv2.putText(plate, text, (MARGIN, MARGIN + text_height), FONT, FONT_SCALE, (255, 255, 255), 1)
    left, top = corner
    room = canvas[top : top + plate.shape[0], left : left + plate.shape[1]]
    room[:] = plate[: room.shape[0], : room.shape[1]]


def _draw_classes(image: npt.NDArray[np.uint8], answer: dict[str, Any], options: InferenceOptions) -> bytes:
    predictions: Any = answer["predictions"]
    if isinstance(predictions, dict):
        tags = cast("dict[str, dict[str, Any]]", predictions)
        best_first = sorted(tags.items(), key=lambda tag: tag[1]["confidence"], reverse=True)
        lines = [f"{name} {entry['confidence']:.2f}" for name, entry in best_first]
    elif predictions:
        lines = [f"{predictions[0]['class_id']} - {predictions[0]['class']} {predictions[0]['confidence']:.2f}"]
    else:
        raise with_message(500, "There is no prediction to draw: no class reached the confidence threshold.")
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default()
    blue = BLUE_BGR[::-1]
    # A stroke width below one would draw no frame at all.
    pen.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=blue, width=max(1, options.stroke_width))
    top = 0
    for line in lines:
        _, _, right, bottom = font.getbbox(line)
        height = int(bottom) + 2 * MARGIN
        pen.rectangle((0, top, int(right) + 2 * MARGIN, top + height), fill=blue)
        pen.text((MARGIN, top + MARGIN), line, font=font, fill=(255, 255, 255))
        top += height
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG")
    return buffer.getvalue()
