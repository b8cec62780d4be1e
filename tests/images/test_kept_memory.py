"""Decoding and encoding one image after another takes the same memory again, not new pages of the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

PROGRAM = """
import resource, sys
from pathlib import Path
from inference_ext.images import ImageOptions, load_pixels, prepare_image

path = Path(sys.argv[1])
pixels = load_pixels(path)

def work():
    load_pixels(path)
    prepare_image(pixels, ImageOptions(), lambda url: b"")

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

for _ in range(3):
    work()
before = faults()
for _ in range(20):
    work()
print((faults() - before) / 20)
"""


def test_images_do_not_take_new_pages(tmp_path: Path) -> None:
    """A 720p image has 675 pages of 4 KB, decoded; glibc would give them back and take new ones for each."""
    picture = cv2.resize(np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8), (1280, 720))
    path = tmp_path / "picture.jpg"
    cv2.imwrite(str(path), picture)
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 60
