"""The two files of a release, which everybody who builds them gets byte for byte.

Both are built twice, from copies that differ in folder, permissions, times, time zone and the order of hashes; the
wheel is also built from the sdist. Their bytes still depend on the versions of hatchling and of zlib.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from release_tools.changelog import source_date_epoch
from release_tools.commands import run_tool
from release_tools.errors import ReleaseError
from release_tools.source_tree import SourceTree

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HERE", "THERE", "Circumstances", "Distribution", "build", "build_in", "demand_equal", "wheel_of_sdist"]


@dataclass(frozen=True)
class Circumstances:
    """What must not have a part in what is built."""

    folder: str
    umask: int
    changed_at: int
    variables: Mapping[str, str]


HERE = Circumstances("here", 0o022, 1_000_000_000, {"TZ": "UTC", "PYTHONHASHSEED": "1"})
THERE = Circumstances(
    "another place/with a longer name",
    0o077,
    1_500_000_000,
    {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
)


@dataclass(frozen=True)
class Distribution:
    """The files of a release."""

    wheel: Path
    sdist: Path


def build(tree: SourceTree, folder: Path, python: Path) -> Distribution:
    """Build into a folder, and be sure that others would get the same.

    Args:
        tree: The sources.
        folder: Where the files go; those of other versions are removed from it.
        python: The Python that has build and hatchling.

    Raises:
        ReleaseError: The bytes differ; the message names the files inside that do.

    """
    with TemporaryDirectory() as name:
        scratch = Path(name)
        here, there = (build_in(circumstances, tree, scratch, python) for circumstances in (HERE, THERE))
        demand_equal(here.wheel, there.wheel, "built twice")
        demand_equal(here.sdist, there.sdist, "built twice")
        demand_equal(here.wheel, wheel_of_sdist(here.sdist, scratch, python), "built from the tree and from the sdist")
        folder.mkdir(parents=True, exist_ok=True)
        for path in [*folder.glob("inference_ext-*.whl"), *folder.glob("inference_ext-*.tar.gz")]:
            path.unlink()
        return Distribution(Path(shutil.copy(here.wheel, folder)), Path(shutil.copy(here.sdist, folder)))


def build_in(circumstances: Circumstances, tree: SourceTree, scratch: Path, python: Path) -> Distribution:
    """Build both files from a copy of the tree."""
    folder = scratch / circumstances.folder
    copy = tree.copy_to(folder / "tree", umask=circumstances.umask, changed_at=circumstances.changed_at)
    _run_build(copy, folder / "dist", python, ["--sdist", "--wheel"], circumstances)
    (wheel,), (sdist,) = (list((folder / "dist").glob(pattern)) for pattern in ("*.whl", "*.tar.gz"))
    return Distribution(wheel, sdist)


def wheel_of_sdist(sdist: Path, scratch: Path, python: Path) -> Path:
    """Build the wheel from nothing but the sdist."""
    folder = scratch / "from the sdist"
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (root,) = folder.iterdir()
    _run_build(SourceTree(root), folder / "dist", python, ["--wheel"], HERE)
    (wheel,) = (folder / "dist").iterdir()
    return wheel


def demand_equal(one: Path, other: Path, how: str) -> None:
    """Refuse two files that differ by a byte.

    Args:
        one: A wheel or an sdist.
        other: What should be the same.
        how: What was done to get both, for the message.

    """
    if one.name == other.name and one.read_bytes() == other.read_bytes():
        return
    here, there = _members(one), _members(other)
    differing = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
    inside = ", ".join(differing) or "none; their order, times or compression do"
    raise ReleaseError(f"{one.name}: not the same bytes when {how}; files inside that differ: {inside}")


def _run_build(tree: SourceTree, out: Path, python: Path, what: list[str], circumstances: Circumstances) -> None:
    variables = {**circumstances.variables, "SOURCE_DATE_EPOCH": str(source_date_epoch(tree))}
    command = [python, "-m", "build", "--no-isolation", *what, "--outdir", out, tree.root]
    run_tool(command, tree.root, variables, circumstances.umask)


def _members(archive: Path) -> dict[str, bytes]:
    """Name and content of every file of an archive."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(archive) as sdist:
        files = [(member.name, sdist.extractfile(member)) for member in sdist.getmembers()]
        return {name: file.read() for name, file in files if file is not None}
