"""docs/performance.md: its words are written by hand, its figures by the commands.

A block begins with a comment that has its name and ends with another; everything between is replaced.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .child import ROOT, BenchmarkError, running_child

__all__ = ["PAGE", "machine", "write_block"]

PAGE = ROOT / "docs" / "performance.md"

_OUR_PACKAGES = ("inference-ext", "httpx", "opencv-python", "pybase64", "orjson", "numpy")
_PEER_PACKAGES = ("inference-sdk", "requests", "aiohttp", "opencv-python", "numpy")
_PEER_LIMIT = 60.0


def write_block(name: str, text: str, page: Path = PAGE) -> None:
    """Replace a block of the page.

    Raises:
        BenchmarkError: The page has no such block.

    """
    begin, end = f"<!-- {name}: written by a command -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise BenchmarkError(f"{page.name} has no block {name!r}")
    page.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


def machine(peer_python: Path | None) -> str:
    """What the figures were taken with: processor, Python and the versions of packages; no names, no paths."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [
        f"{cores} cores ({_processor()}), {platform.system()}; CPython {platform.python_version()}. "
        f"Ours: {_versions(_OUR_PACKAGES)}."
    ]
    if peer_python is not None:
        lines.append(f"Peer: {_versions_of_peer(peer_python)}.")
    return " ".join(lines)


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _versions(packages: tuple[str, ...]) -> str:
    found: list[str] = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def _versions_of_peer(python: Path) -> str:
    with running_child("versions", [python, "-m", "benchmarks.page"]) as child:
        words: str = json.loads(child.hear(_PEER_LIMIT))
        return words


if __name__ == "__main__":
    print(json.dumps(f"CPython {sys.version.split()[0]}, {_versions(_PEER_PACKAGES)}"))
