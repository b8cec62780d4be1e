"""What a user gets: the wheel's contents, and types that resolve from the wheel and from an editable install."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def wheel_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that has the wheel, and our dependencies but not the checkout."""
    folder = tmp_path_factory.mktemp("consumer") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    found = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    site = Path(found.stdout.strip())
    installed = run(sys.executable, "-m", "pip", "install", "--no-deps", "--target", site, "--quiet", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    # As a path line, this environment's own .pth files (the editable install) are not followed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


@pytest.fixture(params=["wheel", "editable"])
def consumer(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    """Copies a file of calls into an empty project; gives it with the Python whose packages it uses."""
    python: Path = request.getfixturevalue("wheel_python") if request.param == "wheel" else Path(sys.executable)

    def prepare(name: str) -> tuple[Path, Path]:
        target = tmp_path / name
        target.write_text((HERE / name).read_text())
        return python, target

    return prepare


def test_wheel_holds_both_packages_their_types_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"inference_api", "inference_ext"}
    assert {"inference_api/py.typed", "inference_ext/py.typed"} <= set(names)
    assert any(name.endswith("LICENSE") for name in names)
    assert not [name for name in names if name.endswith((".pyc", ".png", ".jpg"))]
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "inference_ext").rglob("*.py")}
    assert code <= set(names)


def test_wheel_is_what_gets_imported(wheel_python: Path, tmp_path: Path) -> None:
    code = "import inference_ext, inference_api; print(inference_ext.__file__); print(inference_api.__file__)"
    done = run(wheel_python, "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert str(ROOT) not in done.stdout


def test_mypy_sees_every_type(consumer: Callable[[str], tuple[Path, Path]]) -> None:
    python, file = consumer("consumer.py")
    done = run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, file, cwd=file.parent)
    assert done.returncode == 0, done.stdout


def test_pyright_sees_every_type(consumer: Callable[[str], tuple[Path, Path]]) -> None:
    python, file = consumer("consumer.py")
    assert pyright_errors(python, file) == {}


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_every_mistake_is_reported(consumer: Callable[[str], tuple[Path, Path]], checker: str) -> None:
    python, file = consumer("mistakes.py")
    lines = file.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "# wrong:" in line}
    assert len(marked) == 20
    reported = pyright_errors(python, file) if checker == "pyright" else mypy_errors(python, file)
    assert set(reported) == marked


def pyright_errors(python: Path, file: Path) -> dict[int, str]:
    (file.parent / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "reportUnusedExpression": false}')
    done = run(sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", python, file.name, cwd=file.parent)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    return {
        entry["range"]["start"]["line"] + 1: entry["message"]
        for entry in report["generalDiagnostics"]
        if entry["severity"] == "error"
    }


def mypy_errors(python: Path, file: Path) -> dict[int, str]:
    done = run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, file.name, cwd=file.parent)
    errors = [line.split(":", 2) for line in done.stdout.splitlines() if ": error:" in line]
    return {int(number): message for _, number, message in errors}
