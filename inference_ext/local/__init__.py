"""The embedded backend: real computer vision behind the Roboflow Inference server's HTTP contract.

It needs no weights, no API key and no network. It is made for development, demonstrations and tests::

    from inference_ext.local import Detection, LocalBackend, serve_in_thread

    backend = LocalBackend()

    @backend.register("bright-spots/1", task="object-detection", class_names=["spot"])
    def bright_spots(image):
        ...
        return [Detection(x_min=10, y_min=20, x_max=30, y_max=40, class_name="spot", confidence=0.9)]

    with serve_in_thread(backend) as url:
        ...

With the same model behind both, it answers what server 1.8.3 answers. Known differences:

- Images come as base64 or as an uploaded file; URLs, files on the server's disk and numpy arrays are refused (400).
- Where the real server fails with an internal error, this one says what is wrong (400, 404, 422) or answers.
- An unknown model is a 404, because there is no platform to ask.
- `allow_reduced_mask_resolution` is accepted, but masks always have the image's size.
- Workflows, pipelines and the foundation models are not served.

Needs the extra `local`: `pip install 'inference-ext[local]'`.
"""

from inference_ext.local.backend import LocalBackend
from inference_ext.local.http_server import serve, serve_in_thread
from inference_ext.local.predictions import (
    ClassScores,
    DetectedInstance,
    DetectedKeypoints,
    Detection,
    Keypoint,
    SemanticMap,
    TagScores,
)
from inference_ext.local.registry import PredictFunction, TaskType

__all__ = [
    "ClassScores",
    "DetectedInstance",
    "DetectedKeypoints",
    "Detection",
    "Keypoint",
    "LocalBackend",
    "PredictFunction",
    "SemanticMap",
    "TagScores",
    "TaskType",
    "serve",
    "serve_in_thread",
]
