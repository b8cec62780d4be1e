"""Calls that know their task: typed results, and no question to the model registry."""

from .classification import Classification
from .instance_segmentation import InstanceSegmentation
from .keypoint_detection import KeypointDetection
from .object_detection import ObjectDetection
from .semantic_segmentation import SemanticSegmentation

__all__ = ["TypedInference"]


class TypedInference(ObjectDetection, InstanceSegmentation, SemanticSegmentation, Classification, KeypointDetection):
    """Run a model of a known task; results are objects with every field typed.

    One image gives one result, a sequence a list of the same length and order. The keyword arguments replace the
    configuration's value for this call; `None` keeps it. Over v0 and v1 alike; in v1 no registry request is made
    unless downsizing needs the model's input size.

    All of them raise what `infer` raises, and `InvalidResponseError` when the model is of another task.
    """
