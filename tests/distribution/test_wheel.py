"""What is in the wheel, and that it is the wheel which gets imported."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .environment import ROOT, run


def test_it_holds_both_packages_their_types_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"inference_api", "inference_ext"}
    assert {"inference_api/py.typed", "inference_ext/py.typed"} <= set(names)
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if name.endswith((".pyc", ".png", ".jpg"))]
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "inference_ext").rglob("*.py")}
    assert code <= set(names)


def test_it_is_what_gets_imported(wheel_python: Path, tmp_path: Path) -> None:
    code = "import inference_ext, inference_api; print(inference_ext.__file__); print(inference_api.__file__)"
    done = run(wheel_python, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout
