"""Three trees that the tests compare: the unchanged one, one with a changed server, one with changed code of ours.

All changes of one kind stand in one tree, each in a place of its own: reading a package takes seconds.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from api_tools.change import Change
from api_tools.comparison import compare
from api_tools.surface import PACKAGES
from api_tools.trees import Tree
from api_tools.type_checking import CallError, type_check
from planted_copies import ServerCopy, SourceCopy
from planted_table import HANDWRITTEN, SERVER
from schema_project import SchemaProject
from schema_tools import differences
from schema_tools.differences import Difference
from schema_tools.layout import REPOSITORY

__all__ = ["HANDWRITTEN_CALLS", "SERVER_CALLS", "World", "handwritten_world", "server_world", "unchanged"]

_CALLS = Path(__file__).parent / "calls"
SERVER_CALLS, HANDWRITTEN_CALLS = _CALLS / "server.py", _CALLS / "handwritten.py"
_NOT_CODE = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True)
class World:
    """What every level says about one tree; of the unchanged one nothing is asked but the types."""

    folders: list[Path]
    tree: Tree
    types: list[CallError]
    schema: list[Difference]
    generated: list[Change]
    handwritten: list[Change]


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A copy, so that nobody's editing during the tests is taken for a change."""
    folder = tmp_path_factory.mktemp("unchanged")
    for package in (REPOSITORY / "inference_ext", REPOSITORY / "generated" / "inference_api"):
        shutil.copytree(package, folder / package.name, ignore=_NOT_CODE)
    tree = Tree([folder], PACKAGES)
    return World(
        [folder], tree, type_check([SERVER_CALLS, HANDWRITTEN_CALLS], [folder], _cache(tmp_path_factory)), [], [], []
    )


@pytest.fixture(scope="session")
def server_world(unchanged: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    copy = ServerCopy(SchemaProject.copy_to(tmp_path_factory.mktemp("server")))
    before = copy.project.server_document()
    for planted in SERVER:
        planted.plant(copy)
    folders = [copy.generate()]
    tree = Tree(folders, ["inference_api"])
    return World(
        folders,
        tree,
        type_check([SERVER_CALLS], folders, _cache(tmp_path_factory)),
        differences.compare(before, copy.project.server_document()),
        compare(unchanged.tree, tree, "inference_api"),
        [],
    )


@pytest.fixture(scope="session")
def handwritten_world(unchanged: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("handwritten")
    for package in PACKAGES:
        shutil.copytree(unchanged.folders[0] / package, folder / package)
    copy = SourceCopy(folder)
    for planted in HANDWRITTEN:
        planted.plant(copy)
    tree = Tree([folder], PACKAGES)
    return World(
        [folder],
        tree,
        type_check([HANDWRITTEN_CALLS], [folder], _cache(tmp_path_factory)),
        [],
        compare(unchanged.tree, tree, "inference_api"),
        compare(unchanged.tree, tree, "inference_ext"),
    )


def _cache(factory: pytest.TempPathFactory) -> Path:
    """One for all runs: most of what mypy reads, it reads for every tree."""
    return factory.getbasetemp() / "mypy_of_planted_changes"
