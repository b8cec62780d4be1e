"""The project's virtual environment `.venv`, made or brought up to date when a script needs it.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

__all__ = ["ROOT", "ensure_environment", "run"]

ROOT = Path(__file__).resolve().parents[1]
_OLDEST_PYTHON = (3, 11)


def ensure_environment(extras: Sequence[str], groups: Sequence[str]) -> Path:
    """Install the project (editable) with these extras and dependency groups; gives the environment's Python.

    Nothing is done when pyproject.toml has not changed since the same set was installed.
    """
    if sys.version_info < _OLDEST_PYTHON:
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    folder = ROOT / ".venv"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = _fingerprint(extras, groups)
    stamp = folder / "installed.txt"
    installed = stamp.read_text().split() if stamp.is_file() and python.exists() else []
    if wanted in installed:
        return python
    if not python.exists():
        print(f"making the environment {folder}", flush=True)
        venv.create(folder, with_pip=True)
    print("installing the project and its dependencies", flush=True)
    run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1"])  # --group needs 25.1
    project = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    chosen = [part for group in groups for part in ("--group", f"{ROOT / 'pyproject.toml'}:{group}")]
    run([python, "-m", "pip", "install", "--quiet", "--editable", project, *chosen])
    stamp.write_text("\n".join([*installed, wanted]))
    return python


def run(command: Sequence[str | Path]) -> None:
    """Run a command in the project's folder; the script ends with its exit status when it fails."""
    status = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    if status:
        raise SystemExit(status)


def _fingerprint(extras: Sequence[str], groups: Sequence[str]) -> str:
    text = "\0".join([(ROOT / "pyproject.toml").read_text(encoding="utf-8"), sys.version, *extras, "", *groups])
    return hashlib.sha256(text.encode()).hexdigest()
