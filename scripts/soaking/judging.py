"""Whether an answer is the right one; AssertionError when it is not."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from soaking.pictures import numbered_scene
from tests.real_server import models
from tests.real_server.expected import check, check_boxes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.real_server.scenes import Scene

__all__ = ["check_file", "check_frame", "check_info", "check_models", "check_output", "checks", "directory_checks"]

TOLERANCE = 2.0
"""Pixels that the coding of a video may move an edge."""
KNOWN_MODELS = {model.model_id for model in models.ALL}


def checks(model: models.Model, scenes: Sequence[Scene]) -> list[Callable[[Any], None]]:
    """Give the checks of exact answers, one for each scene."""
    return [partial(check, model, scene) for scene in scenes]


def directory_checks(numbers: Sequence[int]) -> list[Callable[[Any], None]]:
    """Give the checks of a directory stream, one for each file."""
    return [partial(check_item, f"{index:04d}.png", number) for index, number in enumerate(numbers)]


def check_file(number: int, answer: Any) -> None:
    """Judge an answer of `models.MASKS` about a file with the picture of that number."""
    check(models.MASKS, numbered_scene(number), answer)


def check_item(name: str, number: int, item: Any) -> None:
    """Judge an item of a directory stream: which file, its pixels, the answer of `models.SEMANTIC`."""
    path, pixels, answer = item
    _expect(Path(path).name == name, f"{path} in the place of {name}")
    scene = numbered_scene(number)
    _expect(np.array_equal(pixels, scene.bgr), f"other pixels than those of {name}")
    check(models.SEMANTIC, scene, answer)


def check_frame(position: int, number: int, item: Any) -> None:
    """Judge an item of a video stream."""
    reference, pixels, answer = item
    scene = numbered_scene(number)
    _expect(reference == position, f"frame {reference} in the place of {position}")
    _expect(pixels.shape == (scene.height, scene.width, 3), f"pixels of shape {pixels.shape}")
    check_boxes(scene, answer, TOLERANCE)


def check_output(scene: Scene, output: Any) -> None:
    """Judge one output of the workflow that finds the coloured rectangles."""
    found = output["predictions"]
    _expect(found["image"] == {"width": scene.width, "height": scene.height}, f"image {found['image']}")
    check_boxes(scene, found)


def check_info(version: str, info: Any) -> None:
    """Judge what the server says about itself."""
    _expect(info.version == version, f"version {info.version}")


def check_models(loaded: Any) -> None:
    """Judge the list of loaded models; which of them are there depends on the other calls."""
    ids = {model.model_id for model in loaded.models}
    _expect(ids <= KNOWN_MODELS, f"models {ids}")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)
