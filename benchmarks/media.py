"""The photographs and videos of the benchmarks: made, not downloaded, and the same every time.

Photographs compress neither like noise nor like flat colour: their detail falls off with its size (1/f), they have
edges, and a sensor's noise lies over all of it. One texture made that way is 3840 x 2160; smaller photographs are cut
out of it at different places, a video pans over it. A 1080p JPEG of quality 90 has about 460 KB.

`python -m benchmarks.media FOLDER SCALE` writes everything into a folder, unless it is there already. Reading the
names back needs the standard library only, so that both libraries' environments can.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

__all__ = ["FULL", "QUICK", "SCALES", "SQUARES", "Media", "Scale", "main"]

_JPEG_QUALITY = 90
_FRAMES_PER_SECOND = 30

#: Square photographs by the kind they are found under; when only the harness is tried, a quarter as large.
SQUARES = {f"{side}px": side for side in (128, 256, 512, 1024, 2048)}


@dataclass(frozen=True)
class Scale:
    """How large everything is."""

    name: str
    sides: dict[str, tuple[int, int]]
    """Width and height of the photographs of each kind, in pixels."""

    photographs: int
    """Different photographs of each kind; lists go through them again and again."""

    stream_lengths: tuple[int, ...]
    """Numbers of files and frames for which there are directories and videos."""


FULL = Scale(
    "full",
    {
        "4k": (3840, 2160),
        "1080p": (1920, 1080),
        "720p": (1280, 720),
        "small": (96, 96),
        **{kind: (side, side) for kind, side in SQUARES.items()},
    },
    photographs=20,
    stream_lengths=(4, 200, 300),
)
QUICK = Scale(
    "quick",
    {
        "4k": (1600, 900),
        "1080p": (480, 270),
        "720p": (320, 180),
        "small": (32, 32),
        **{kind: (side // 4, side // 4) for kind, side in SQUARES.items()},
    },
    photographs=5,
    stream_lengths=(4, 8, 12),
)
SCALES = {scale.name: scale for scale in (FULL, QUICK)}


@dataclass(frozen=True)
class Media:
    """Where everything is."""

    folder: Path
    scale: Scale

    def photograph(self, kind: str, number: int = 0) -> Path:
        """One photograph, a JPEG."""
        return self.folder / kind / f"photograph-{number:03}.jpg"

    def paths(self, kind: str, count: int) -> list[str]:
        """As many paths as asked for; neighbours are different photographs."""
        different = [str(self.photograph(kind, number)) for number in range(self.scale.photographs)]
        return list(islice(cycle(different), count))

    def pixels(self, kind: str) -> Pixels:
        """The first photograph before it was compressed: uint8, (height, width, 3), BGR."""
        import numpy as np

        pixels: Pixels = np.load(self.folder / kind / "pixels.npy")
        return pixels

    def directory(self, count: int) -> Path:
        """A directory of 720p photographs."""
        return self.folder / f"directory-{count}"

    def video(self, frames: int) -> Path:
        """A 720p video."""
        return self.folder / f"video-{frames}.mp4"


def make(media: Media) -> None:
    """Write all photographs, directories and videos."""
    import cv2
    import numpy as np

    shutil.rmtree(media.folder, ignore_errors=True)
    texture = _texture(*media.scale.sides["4k"])
    for kind, (width, height) in media.scale.sides.items():
        (media.folder / kind).mkdir(parents=True)
        for number in range(1 if kind == "4k" else media.scale.photographs):
            pixels = _cut_out(texture, width, height, number)
            if number == 0:
                np.save(media.folder / kind / "pixels.npy", pixels)
            _write(media.photograph(kind, number), pixels)
    for count in media.scale.stream_lengths:
        media.directory(count).mkdir()
        for number, path in enumerate(media.paths("720p", count)):
            os.link(path, media.directory(count) / f"{number:05}.jpg")
        size = media.scale.sides["720p"]
        writer = cv2.VideoWriter(str(media.video(count)), cv2.VideoWriter.fourcc(*"mp4v"), _FRAMES_PER_SECOND, size)
        for number in range(count):
            writer.write(_cut_out(texture, *size, number, step=3))
        writer.release()
    (media.folder / "complete").write_text(_fingerprint())


def is_made(media: Media) -> bool:
    """Whether the folder is complete, made by this very module."""
    marker = media.folder / "complete"
    return marker.is_file() and marker.read_text() == _fingerprint()


def _fingerprint() -> str:
    import cv2

    return hashlib.sha256(Path(__file__).read_bytes() + cv2.__version__.encode()).hexdigest()


def _texture(width: int, height: int) -> Pixels:
    import cv2
    import numpy as np

    random = np.random.default_rng(1)
    picture = np.full((height, width, 3), 120, np.float32)
    cells = 2
    while cells < width:
        # Twice as fine, half as strong; colour varies less than brightness does.
        strength = 85 * cells**-0.4
        grid = random.normal(0, strength, (max(2, cells * height // width), cells, 1))
        tint = random.normal(0, 0.3 * strength, (*grid.shape[:2], 3))
        picture += cv2.resize((grid + tint).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
        cells *= 2
    for _ in range(160):
        x, y = (int(random.integers(0, side)) for side in (width, height))
        radius = int(random.integers(max(2, width // 160), max(3, width // 24)))
        colour = tuple(float(value) for value in random.integers(20, 235, 3))
        overlay = np.zeros((height, width), np.uint8)
        cv2.ellipse(overlay, (x, y), (radius, radius * 2 // 3), float(random.integers(0, 180)), 0, 360, 255, -1)
        # The shape lets the texture through, as a surface of another colour does.
        picture[overlay > 0] = 0.45 * picture[overlay > 0] + 0.55 * np.array(colour, np.float32)
    picture += random.normal(0, 3.0, picture.shape).astype(np.float32)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _cut_out(texture: Pixels, width: int, height: int, number: int, step: int = 97) -> Pixels:
    import numpy as np

    spare_x, spare_y = texture.shape[1] - width, texture.shape[0] - height
    left = number * step % (spare_x + 1) if spare_x else 0
    top = number * (step * 2 // 3) % (spare_y + 1) if spare_y else 0
    return np.ascontiguousarray(texture[top : top + height, left : left + width])


def _write(path: Path, pixels: Pixels) -> None:
    import cv2

    done, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    if not done:
        raise OSError(f"{path} could not be encoded")
    path.write_bytes(encoded.tobytes())


def main() -> None:
    """Make what is missing; ends with one line on standard output."""
    media = Media(Path(sys.argv[1]), SCALES[sys.argv[2]])
    if not is_made(media):
        make(media)
    print("made")


if __name__ == "__main__":
    main()
