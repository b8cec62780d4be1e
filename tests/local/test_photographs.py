"""The photographs, and what importing the room costs."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from inference_ext.errors import InvalidParameterError, MissingDependencyError
from inference_ext.local.photographs import PHOTOGRAPHS, photograph


@pytest.mark.parametrize("name", sorted(PHOTOGRAPHS))
def test_every_photograph_is_on_disk_and_has_a_source_and_a_licence(name: str) -> None:
    picture = photograph(name)
    pixels = picture.load()
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert min(pixels.shape[:2]) >= 300
    assert pixels.std() > 10
    assert picture.path.is_file()
    assert picture.source
    assert picture.licence in ("CC0", "public domain", "no known copyright restrictions")


def test_the_pixels_are_bgr() -> None:
    suit = photograph("astronaut").load()[300:380, 120:200].reshape(-1, 3).mean(axis=0)
    assert suit[2] > suit[0] + 60  # orange: much red, little blue


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(InvalidParameterError, match="coins"):
        photograph("lena")


def test_without_scikit_image_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference_ext.local.photographs.find_spec", lambda _name: None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'inference-ext\[local\]'"):
        photograph("coins").load()


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


def test_importing_the_room_imports_neither_scikit_image_nor_a_client() -> None:
    names = run(
        "import sys, inference_ext.local, inference_ext.local.photographs as p\n"
        "inference_ext.local.LocalBackend(); p.photograph('coins').load()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules}))\n"
        "print(sorted(name for name in sys.modules if name.startswith('inference_ext.')))\n"
    )
    for absent in (
        "'skimage'",
        "'scipy'",
        "'httpx'",
        "'inference_api'",
        "inference_ext.client",
        "inference_ext.execution",
    ):
        assert absent not in names, names
    assert "inference_ext.local.backend" in names


@pytest.mark.parametrize(
    ("package", "use"), [("werkzeug", ""), ("skimage", "M.faces.predict(I)"), ("skimage", "M.sharpness.predict(I)")]
)
def test_a_missing_package_names_the_extra(package: str, use: str) -> None:
    said = run(
        f"import sys; sys.modules[{package!r}] = None\n"
        "try:\n"
        "    import numpy; from inference_ext.local import models as M; import inference_ext.local.models.sharpness\n"
        "    I = numpy.random.default_rng(0).integers(0, 255, (64, 64, 3), numpy.uint8)\n"
        f"    {use}\n"
        "except ImportError as error: print(type(error).__name__, error)\n"
    )
    assert "MissingDependencyError" in said, said
    assert "pip install 'inference-ext[local]'" in said
