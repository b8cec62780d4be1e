"""A copy of the project that has been prepared as a release, and its files; made once for all tests here."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "scripts") not in sys.path:
    sys.path.append(str(ROOT / "scripts"))

from release_tools.building import THERE, Distribution, build_in  # noqa: E402 - found by the line above
from release_tools.preparing import prepare, read_state  # noqa: E402
from release_tools.source_tree import SourceTree  # noqa: E402
from release_tools.versions import Version  # noqa: E402

PYTHON = Path(sys.executable)


@dataclass(frozen=True)
class Release:
    """A release that was prepared."""

    tree: SourceTree
    version: Version
    day: date
    kept: Path
    """The sdist that `prepare` keeps."""
    texts: list[str]
    """What the fragments said."""


@pytest.fixture
def project(tmp_path: Path) -> SourceTree:
    """A copy of what says which version this is, and of what may come next; to be changed freely."""
    checkout, tree = SourceTree(ROOT), SourceTree(tmp_path / "project")
    shutil.copytree(checkout.fragments, tree.fragments)
    tree.version_file.parent.mkdir()
    for name in ("version_file", "changelog", "settings"):
        shutil.copy(getattr(checkout, name), getattr(tree, name))
    return tree


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The project with one more fragment, so that there is something to release, turned into the next version."""
    tree = SourceTree(ROOT).copy_to(tmp_path_factory.mktemp("release") / "project")
    (tree.fragments / "+a-test.fixed.md").write_text("One line,\nand a second one.\n", encoding="utf-8")
    state = read_state(tree)
    texts = [fragment.path.read_text(encoding="utf-8") for fragment in state.fragments]
    version, day = state.next_versions[0], date(2090, 1, 31)
    tree.last_release.mkdir(parents=True)
    (tree.last_release / "inference_ext-0.0.0.tar.gz").write_bytes(b"the one before")
    return Release(tree, version, day, prepare(tree, version, day, PYTHON), texts)


@pytest.fixture(scope="session")
def distribution(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    """Wheel and sdist of the prepared release, built once more under other circumstances."""
    return build_in(THERE, release.tree, tmp_path_factory.mktemp("distribution"), PYTHON)
