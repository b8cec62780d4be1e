"""What has to be installed to run a server version: like the version before it, all that it pulls in resolved anew."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from real_server.cache import Requirements, tested_version
from real_server.commands import run_logged
from real_server.interpreter import SERVERS_PYTHON
from schema_tools.layout import version_numbers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["resolved_requirements"]

RESOLVING_LIMIT = 10 * 60.0
"""Seconds; a few are usual."""
_OPTIONS = ("--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links")
_OPENCV = re.compile(r"(?m)^(opencv-[\w-]+)==(\S+)$")


def resolved_requirements(version: str, like: Requirements, log: Path) -> Requirements:
    """Return the requirements kept under `scripts/real_server/versions`; makes them when there are none.

    Args:
        version: The server's version.
        like: The version whose list is taken over, but for the server itself.
        log: What the resolver prints goes there.

    Raises:
        LaneError: There is no such version, or its requirements contradict each other; with the resolver's words.

    """
    requirements = tested_version(version)
    if requirements.constraints.exists():
        return requirements
    requirements.listed.parent.mkdir(parents=True, exist_ok=True)
    if not requirements.listed.exists():
        listed = re.sub(r"(?m)^(inference-cpu(?:\[[\w,]+\])?)==\S+$", rf"\1=={version}", like.listed.read_text())
        requirements.listed.write_text(listed)
    # Beside its place: half a file must not be taken for a whole one.
    part = requirements.constraints.with_suffix(".part")
    _resolve(requirements.listed, part, log)
    pinned = dict(_OPENCV.findall(part.read_text()))
    if len(set(pinned.values())) > 1:
        # The OpenCV packages share one folder: of different versions, each overwrites files of the others.
        lowest = min(pinned.values(), key=version_numbers)
        alike = part.with_suffix(".opencv")
        alike.write_text("".join(f"{name}=={lowest}\n" for name in pinned))
        _resolve(requirements.listed, part, log, "--constraints", str(alike))
        alike.unlink()
    part.rename(requirements.constraints)
    return requirements


def _resolve(listed: Path, target: Path, log: Path, *options: str) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", "--python-version", SERVERS_PYTHON, *_OPTIONS, *options]
    command += ["--output-file", str(target), str(listed)]
    run_logged("Resolving the server's requirements", command, log=log, limit=RESOLVING_LIMIT)
