"""Without the libraries of the extras everything else works, and what needs one names its extra."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys

sys.modules[{library!r}] = None  # as if it were not installed
from inference_ext import MissingDependencyError
from inference_ext.results.typed import read_classification, read_keypoints, read_objects, read_semantic

size = {{"width": 8, "height": 6}}
box = {{"x": 4, "y": 3, "width": 2, "height": 2, "confidence": 0.5, "class": "a", "class_id": 1}}
results = [
    read_objects({{"image": size, "predictions": [box]}}),
    read_keypoints({{"image": size, "predictions": []}}),
    read_classification({{"image": size, "predictions": [], "top": "", "confidence": 0.0}}),
    read_classification({{"image": size, "predictions": {{}}, "predicted_classes": []}}),
]
for result in results:
    assert result.to_csv() and result.to_json() and repr(result) and result._repr_html_() is not None
    try:
        result.{method}()
    except MissingDependencyError as error:
        assert isinstance(error, ImportError)
        print(error)
"""


@pytest.mark.parametrize(("library", "method"), [("supervision", "to_supervision"), ("pandas", "to_pandas")])
def test_the_error_names_the_extra(library: str, method: str) -> None:
    program = PROGRAM.format(library=library, method=method)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    for line in lines:
        assert line.startswith(f"{method} needs {library}, which cannot be imported (")
        assert line.endswith(f": pip install 'inference-ext[{library}]'")


def test_results_load_neither() -> None:
    code = (
        "import sys, inference_ext.results.typed, inference_ext.results.csv_table; "
        "print([name for name in ('supervision', 'pandas', 'cv2', 'PIL', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
