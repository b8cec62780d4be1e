"""The lane's own promises: a changed requirement makes a new environment, and half of one is never used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from inference_api.availability import VERSIONS
from real_server.arrangements import ARRANGEMENTS
from real_server.cache import CURRENT, OLDEST, Requirements, environment_folder
from real_server.environment import ensure_environment
from real_server.errors import LaneError
from real_server.settings import FULL_PROFILE

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests" / "real_server"
PIN = "inference-cpu==0.0.0.dev1"
"""A version that nobody published: pip refuses it within seconds."""


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("INFERENCE_EXT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def requirements(folder: Path, listed: str, constraints: str = "") -> Requirements:
    (folder / "requirements.txt").write_text(listed)
    (folder / "constraints.txt").write_text(constraints)
    return Requirements(folder / "requirements.txt", folder / "constraints.txt")


def test_a_failed_installation_is_told_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    wanted = requirements(tmp_path, PIN)
    with pytest.raises(LaneError, match=r"failed with exit code 1") as caught:
        ensure_environment(wanted)
    assert "No matching distribution found for inference-cpu" in str(caught.value)
    assert not environment_folder(wanted).is_complete


def test_a_complete_environment_is_used_as_it_is(tmp_path: Path) -> None:
    wanted = requirements(tmp_path, PIN)
    folder = environment_folder(wanted)
    folder.python.parent.mkdir(parents=True)
    folder.python.touch()
    folder.marker.touch()
    assert ensure_environment(wanted) == folder
    assert sorted(folder.path.iterdir()) == [folder.marker, folder.venv]


@pytest.mark.parametrize("left", ["venv/bin/python", "complete"])
def test_half_an_environment_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    def no_interpreter() -> Path:
        raise LaneError("asked for Python")

    # The first step of building, so that this need not go on to the slow ones.
    monkeypatch.setattr("real_server.environment.find_interpreter", no_interpreter)
    wanted = requirements(tmp_path, PIN)
    rest = environment_folder(wanted).path / left
    rest.parent.mkdir(parents=True)
    rest.touch()
    with pytest.raises(LaneError, match="asked for Python"):
        ensure_environment(wanted)


def test_a_changed_requirement_names_a_new_environment(tmp_path: Path) -> None:
    names = {
        environment_folder(requirements(tmp_path, PIN)).path,
        environment_folder(requirements(tmp_path, PIN + "\nonnx")).path,
        environment_folder(requirements(tmp_path, PIN, "onnx==1.0")).path,
        environment_folder(requirements(tmp_path, "inference-cpu==0.0.0.dev2")).path,
    }
    assert len(names) == 4


def test_the_server_must_be_pinned(tmp_path: Path) -> None:
    with pytest.raises(LaneError, match="must pin the server"):
        environment_folder(requirements(tmp_path, "inference-cpu>=1.8"))


@pytest.mark.parametrize(
    "pin", ["inference-cpu==1.2.3", "inference-cpu[http]==1.2.3", "inference-cpu[http,sam]==1.2.3"]
)
def test_the_version_is_the_pinned_one(tmp_path: Path, pin: str) -> None:
    assert requirements(tmp_path, f"onnx\n{pin}\nsupervision==0.26.1\n").server_version == "1.2.3"


@pytest.mark.parametrize("requirements", [CURRENT, OLDEST], ids=["current", "oldest"])
def test_tested_versions_are_what_their_folders_say(requirements: Requirements, own_cache: Path) -> None:
    version = requirements.listed.parent.name
    assert requirements.server_version == version
    folder = environment_folder(requirements).path
    assert folder.is_relative_to(own_cache)  # outside the checkout
    assert folder.parent.name == f"server-{version}"


def test_the_current_server_is_the_one_the_package_is_generated_from() -> None:
    assert CURRENT.server_version == VERSIONS[-1]
    assert OLDEST.server_version == VERSIONS[0]


def test_every_folder_of_tests_has_its_server() -> None:
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    used = {name for arrangement in ARRANGEMENTS.values() for name in arrangement.tests}
    assert folders <= used
    assert all((TESTS / name).exists() for name in used)


def test_the_full_profile_is_the_one_the_schema_was_pulled_with() -> None:
    lock = json.loads((ROOT / "openapi" / "upstream.lock.json").read_text(encoding="utf-8"))
    assert lock["profile"] == FULL_PROFILE
    assert lock["server_version"] == CURRENT.server_version
