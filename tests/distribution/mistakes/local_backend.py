"""Wrong models of the embedded backend."""

import numpy as np
import numpy.typing as npt

from inference_ext.local import ClassScores, Detection, Keypoint, LocalBackend, serve_in_thread
from inference_ext.local.photographs import photograph

Pixels = npt.NDArray[np.uint8]


def boxes(image: Pixels) -> list[Detection]:
    return [Detection(0, 0, float(image.shape[1]), 9, "a")]


def two_images(first: Pixels, second: Pixels) -> list[Detection]:
    return boxes(first) + boxes(second)


def models(backend: LocalBackend) -> None:
    LocalBackend(models=False)  # wrong: the argument is called builtin_models
    LocalBackend(False)  # wrong: it has a name
    backend.register("a/1", class_names=["a"], predict=boxes)  # wrong: the task is missing
    backend.register("a/1", task="detection", class_names=["a"], predict=boxes)  # wrong: no such task
    backend.register("a/1", task="object-detection", class_names=5, predict=boxes)  # wrong: classes have names
    backend.register("a/1", task="object-detection", class_names=["a"], predict=3)  # wrong: not a function
    backend.register("a/1", task="object-detection", class_names=["a"], predict=two_images)  # wrong: one image
    backend.register("a/1", task="object-detection", class_names=["a"], input_size=640)  # wrong: two numbers
    backend.register("a/1", task="object-detection", class_names=["a"])(two_images)  # wrong: one image
    backend.model_ids.append("a/1")  # wrong: register


def predictions(detection: Detection) -> None:
    Detection(0, 0, 1, 1)  # wrong: the class is missing
    Detection(0, 0, 1, 1, "a", score=0.5)  # wrong: it is called confidence
    Detection(0, 0, 1, 1, class_name=3)  # wrong: classes have names
    Keypoint("nose", "1", "2")  # wrong: texts for numbers
    ClassScores(["a"])  # wrong: a score for each class
    detection.width  # wrong: it has corners
    detection.x_min = 3  # wrong: read only


def served(backend: LocalBackend) -> None:
    with serve_in_thread(backend, port="9001") as url:  # wrong: text for a number
        url.close()  # wrong: a text
    with serve_in_thread("http://localhost:9001"):  # wrong: no application
        pass
    photograph("cat").pixels  # wrong: load gives them
