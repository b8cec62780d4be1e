"""Six networks whose answers are known exactly: they look for pure red, green and blue pixels.

A pixel is red when its red channel is above one half and the other two are not; green and blue likewise.
Each network shapes that into the raw output that the server expects of its task, so that everything the
server does itself (decoding, resizing, thresholds, NMS, scaling back, response building) is the real thing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from real_server.inside.onnx_graph import FLOAT, GraphBuilder, Shape

__all__ = [
    "COLOURS",
    "HALF",
    "IMAGENET",
    "KEYPOINTS",
    "SIDE",
    "Normalisation",
    "classification",
    "detection",
    "instance_segmentation",
    "keypoint_detection",
    "multi_label_classification",
    "semantic_segmentation",
]

SIDE = 640
"""Width and height of the networks' input in pixels."""
COLOURS = ["red", "green", "blue"]
CONFIDENCES = [0.9, 0.8, 0.7]
"""Of a red, green and blue box."""
KEYPOINTS = ["center", "top_left", "bottom_right"]
KEYPOINT_CONFIDENCES = [0.95, 0.85, 0.75]
PROTOTYPES = 32
"""Mask prototypes of a YOLO segmentation head; three are used."""
MASK_STRIDE = 4
INPUT_SHAPE: Shape = ["batch", 3, SIDE, SIDE]


@dataclass(frozen=True)
class Normalisation:
    """Per channel, what the server subtracts and divides by after scaling pixels to 0..1."""

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]


HALF = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@dataclass(frozen=True)
class Boxes:
    """Tensors of shape (batch, 1, 3): one value per colour, in input pixels; 0 where it is absent."""

    center_x: str
    center_y: str
    width: str
    height: str
    left: str
    top: str
    present: str
    """1 where the colour occurs, else 0."""
    scores: str
    """Shape (batch, 3, 3): class by box; the colour's confidence on the diagonal, else 0."""

    @property
    def rows(self) -> list[str]:
        """The rows that every YOLO head begins with."""
        return [self.center_x, self.center_y, self.width, self.height, self.scores]


def detection() -> bytes:
    """Build boxes around each colour: a YOLOv8 head of shape (batch, 4 + 3, 3)."""
    graph = GraphBuilder()
    boxes = _boxes(graph, _colour_masks(graph))
    return graph.build(INPUT_SHAPE, [(graph.add("Concat", *boxes.rows, axis=1), "output0", ["batch", 7, 3])])


def instance_segmentation() -> bytes:
    """Build the same boxes with masks: a box takes one of three prototypes, which are the colour masks."""
    graph = GraphBuilder()
    masks = _colour_masks(graph)
    boxes = _boxes(graph, masks)
    choice = np.zeros((1, PROTOTYPES, 3), np.float32)
    choice[0, :3, :3] = np.eye(3)
    # Adding zero times a batched tensor gives the constant its batch dimension.
    coefficients = graph.add("Add", graph.add("Mul", boxes.present, graph.constant(0.0)), graph.constant(choice))
    small = graph.add("MaxPool", masks, kernel_shape=[MASK_STRIDE] * 2, strides=[MASK_STRIDE] * 2)
    logits = graph.add("Sub", graph.add("Mul", small, graph.constant(20.0)), graph.constant(10.0))
    missing = graph.constant([0, 0, 0, 0, 0, PROTOTYPES - 3, 0, 0], np.int64)
    prototypes = graph.add("Pad", logits, missing, graph.constant(0.0), mode="constant")
    head = graph.add("Concat", *boxes.rows, coefficients, axis=1)
    side = SIDE // MASK_STRIDE
    return graph.build(
        INPUT_SHAPE,
        [
            (head, "output0", ["batch", 7 + PROTOTYPES, 3]),
            (prototypes, "output1", ["batch", PROTOTYPES, side, side]),
        ],
    )


def keypoint_detection() -> bytes:
    """Build the same boxes with three key points each: the centre and two corners."""
    graph = GraphBuilder()
    boxes = _boxes(graph, _colour_masks(graph))
    right = graph.add("Add", boxes.left, boxes.width)
    bottom = graph.add("Add", boxes.top, boxes.height)
    places = [(boxes.center_x, boxes.center_y), (boxes.left, boxes.top), (right, bottom)]
    points: list[str] = []
    for (x, y), confidence in zip(places, KEYPOINT_CONFIDENCES, strict=True):
        points += [x, y, graph.add("Mul", boxes.present, graph.constant(confidence))]
    head = graph.add("Concat", *boxes.rows, *points, axis=1)
    return graph.build(INPUT_SHAPE, [(head, "output0", ["batch", 7 + 3 * len(places), 3])])


def classification() -> bytes:
    """Build logits: ten times the fraction of the picture that has the colour; the server applies softmax."""
    graph = GraphBuilder()
    masks = _colour_masks(graph, HALF)
    fractions = graph.add("ReduceMean", masks, axes=[2, 3], keepdims=0)
    logits = graph.add("Mul", fractions, graph.constant(10.0))
    return graph.build(INPUT_SHAPE, [(logits, "output0", ["batch", 3])])


def multi_label_classification() -> bytes:
    """Build probabilities: 0.95 for each colour that occurs, else 0.05."""
    graph = GraphBuilder()
    masks = _colour_masks(graph, HALF)
    present = graph.add("ReduceMax", masks, axes=[2, 3], keepdims=0)
    scores = graph.add("Add", graph.add("Mul", present, graph.constant(0.9)), graph.constant(0.05))
    return graph.build(INPUT_SHAPE, [(scores, "output0", ["batch", 3])])


def semantic_segmentation() -> bytes:
    """Build logits per pixel: 10 for the class that is there, 0 for the others; class 0 is the background."""
    graph = GraphBuilder()
    masks = _colour_masks(graph, IMAGENET)
    background = graph.add("Sub", graph.constant(1.0), graph.add("ReduceMax", masks, axes=[1], keepdims=1))
    logits = graph.add("Mul", graph.add("Concat", background, masks, axis=1), graph.constant(10.0))
    return graph.build(INPUT_SHAPE, [(logits, "output0", ["batch", 4, SIDE, SIDE])])


def _colour_masks(graph: GraphBuilder, normalisation: Normalisation | None = None) -> str:
    """Return a tensor of shape (batch, 3, SIDE, SIDE): 1 where a pixel has the pure colour, else 0."""
    pixels = "images"
    if normalisation is not None:
        deviation = graph.constant(np.reshape(normalisation.deviation, (1, 3, 1, 1)))
        mean = graph.constant(np.reshape(normalisation.mean, (1, 3, 1, 1)))
        pixels = graph.add("Add", graph.add("Mul", pixels, deviation), mean)
    bright = graph.add("Cast", graph.add("Greater", pixels, graph.constant(0.5)), to=FLOAT)
    dark = graph.add("Sub", graph.constant(1.0), bright)
    red, green, blue = graph.add_many("Split", 3, bright, axis=1, split=[1, 1, 1])
    no_red, no_green, no_blue = graph.add_many("Split", 3, dark, axis=1, split=[1, 1, 1])
    return graph.add(
        "Concat",
        graph.add("Mul", graph.add("Mul", red, no_green), no_blue),
        graph.add("Mul", graph.add("Mul", green, no_red), no_blue),
        graph.add("Mul", graph.add("Mul", blue, no_red), no_green),
        axis=1,
    )


def _boxes(graph: GraphBuilder, masks: str) -> Boxes:
    """Return the bounding box of each colour's pixels."""
    columns = graph.add("ReduceMax", masks, axes=[2], keepdims=0)
    rows = graph.add("ReduceMax", masks, axes=[3], keepdims=0)
    left, right = _extent(graph, columns)
    top, bottom = _extent(graph, rows)
    half = graph.constant(0.5)

    def unsqueezed(tensor: str) -> str:
        return graph.add("Unsqueeze", tensor, axes=[1])

    present = unsqueezed(graph.add("ReduceMax", columns, axes=[2], keepdims=0))
    return Boxes(
        center_x=unsqueezed(graph.add("Mul", graph.add("Add", left, right), half)),
        center_y=unsqueezed(graph.add("Mul", graph.add("Add", top, bottom), half)),
        # Relu: an absent colour has its right edge left of its left edge.
        width=unsqueezed(graph.add("Relu", graph.add("Sub", right, left))),
        height=unsqueezed(graph.add("Relu", graph.add("Sub", bottom, top))),
        left=unsqueezed(left),
        top=unsqueezed(top),
        present=present,
        scores=graph.add("Mul", present, graph.constant(np.diag(CONFIDENCES)[None])),
    )


def _extent(graph: GraphBuilder, occupied: str) -> tuple[str, str]:
    """Return the first occupied position and the one after the last, per colour: (batch, 3) each."""
    ascending = graph.constant(np.arange(1, SIDE + 1).reshape(1, 1, SIDE))
    descending = graph.constant(np.arange(SIDE, 0, -1).reshape(1, 1, SIDE))
    from_end = graph.add("ReduceMax", graph.add("Mul", occupied, descending), axes=[2], keepdims=0)
    first = graph.add("Sub", graph.constant(float(SIDE)), from_end)
    after_last = graph.add("ReduceMax", graph.add("Mul", occupied, ascending), axes=[2], keepdims=0)
    return first, after_last
