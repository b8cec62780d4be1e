"""The wheel, built from this checkout, and an environment that has it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Collection, Mapping
from pathlib import Path

__all__ = ["ROOT", "build_wheel", "install_wheel", "run"]

ROOT = Path(__file__).parents[2]
_SECONDS = 300


def run(
    *command: str | Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command that must find only what its Python has installed."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MYPYPATH")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**inherited, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder."""
    built = run(
        sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def install_wheel(wheel: Path, folder: Path, *, without: Collection[str] = ()) -> Path:
    """Make an environment that has the wheel, and our dependencies but not the checkout; gives its Python.

    Names in `without` are those of modules and stubs that it lacks.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    found = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    site = Path(found.stdout.strip())
    installed = run(sys.executable, "-m", "pip", "install", "--no-deps", "--target", site, "--quiet", wheel, cwd=folder)
    assert installed.returncode == 0, installed.stderr
    dependencies = Path(sysconfig.get_path("purelib"))
    if without:
        links = folder / "dependencies"
        links.mkdir()
        for path in dependencies.iterdir():
            if path.suffix != ".pth" and path.stem not in without:
                (links / path.name).symlink_to(path)
        dependencies = links
    # As a path line, this environment's own .pth files (the editable install) are not followed.
    (site / "dependencies.pth").write_text(str(dependencies))
    return python
