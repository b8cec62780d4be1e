"""The photographs that scikit-image's wheel carries: real pictures without a download.

Only pictures whose source and licence scikit-image states are listed. The files stay where scikit-image installed
them; importing this module imports neither scikit-image nor OpenCV's decoders.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference_ext.errors import InvalidParameterError, MissingDependencyError
from inference_ext.local.extra import missing_extra

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["PHOTOGRAPHS", "Photograph", "photograph"]


@dataclass(frozen=True)
class Photograph:
    """One picture."""

    name: str
    """Short name."""

    shows: str
    """What is on it."""

    source: str
    """Where it comes from."""

    licence: str
    """Its licence, as scikit-image states it."""

    file_name: str
    """Its file in scikit-image's data folder."""

    @property
    def path(self) -> Path:
        """The picture's file.

        Raises:
            MissingDependencyError: scikit-image is not installed, or does not carry the file.

        """
        path = skimage_data_folder() / self.file_name
        if not path.is_file():
            raise MissingDependencyError(
                f"the installed scikit-image does not carry {self.file_name}: install a version from 0.24 on"
            )
        return path

    def load(self) -> npt.NDArray[np.uint8]:
        """Pixels: BGR `uint8` (H, W, 3); grey pictures have three equal channels.

        Raises:
            MissingDependencyError: scikit-image is not installed, or does not carry the file.

        """
        image = cv2.imdecode(np.frombuffer(self.path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        return np.asarray(image, np.uint8)


def skimage_data_folder() -> Path:
    """Data folder of the installed scikit-image, found without importing it.

    Raises:
        MissingDependencyError: scikit-image is not installed.

    """
    found = find_spec("skimage")
    if found is None or not found.submodule_search_locations:
        raise missing_extra("scikit-image")
    return Path(next(iter(found.submodule_search_locations))) / "data"


_CC0 = "CC0"

PHOTOGRAPHS: dict[str, Photograph] = {
    picture.name: picture
    for picture in (
        Photograph("astronaut", "portrait of Eileen Collins", "NASA Great Images", "public domain", "astronaut.png"),
        Photograph("brick", "brick wall, grey", "CC0Textures, Bricks25", _CC0, "brick.png"),
        Photograph("camera", "man with a camera, grey", "Lav Varshney", _CC0, "camera.png"),
        Photograph("cat", "Chelsea the cat", "Stefan van der Walt", _CC0, "chelsea.png"),
        Photograph(
            "clock", "wall clock, motion blurred, grey", "Stefan van der Walt", "public domain", "clock_motion.png"
        ),
        Photograph("coffee", "cup of coffee", "Rachel Michetti, Pikolo Espresso Bar", _CC0, "coffee.png"),
        Photograph(
            "coins", "Greek coins from Pompeii, grey", "Brooklyn Museum", "no known copyright restrictions", "coins.png"
        ),
        Photograph("grass", "grass, grey", "DeviantArt, linolafett", _CC0, "grass.png"),
        Photograph("gravel", "gravel, grey", "CC0Textures, Gravel04", _CC0, "gravel.png"),
        Photograph("hubble", "Hubble eXtreme Deep Field", "NASA, HubbleSite", "public domain", "hubble_deep_field.jpg"),
        Photograph("retina", "human retina", "Mikael Häggström, Wikimedia Commons", _CC0, "retina.jpg"),
        Photograph("rocket", "launch of DSCOVR on Falcon 9", "SpaceX", "public domain", "rocket.jpg"),
    )
}
"""All pictures by name."""


def photograph(name: str) -> Photograph:
    """One picture by name.

    Raises:
        InvalidParameterError: There is no picture of that name; the message lists the names.

    """
    if name not in PHOTOGRAPHS:
        raise InvalidParameterError(f"There is no photograph {name!r}; there are: {', '.join(PHOTOGRAPHS)}.")
    return PHOTOGRAPHS[name]
