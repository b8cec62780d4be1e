"""The lane's own promises: a changed requirement makes a new environment, and half of one is never used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from real_server.cache import PINNED, Requirements, environment_folder
from real_server.environment import ensure_environment
from real_server.errors import LaneError
from real_server.settings import FULL_PROFILE

ROOT = Path(__file__).parents[2]
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
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    wanted = requirements(tmp_path, PIN)
    rest = environment_folder(wanted).path / left
    rest.parent.mkdir(parents=True)
    rest.touch()
    with pytest.raises(LaneError, match="Installing the server failed"):
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


def test_the_cache_is_outside_the_checkout(own_cache: Path) -> None:
    assert environment_folder(PINNED).path.is_relative_to(own_cache)


def test_the_full_profile_is_the_one_the_schema_was_pulled_with() -> None:
    lock = json.loads((ROOT / "openapi" / "upstream.lock.json").read_text(encoding="utf-8"))
    assert lock["profile"] == FULL_PROFILE
    assert lock["server_version"] == PINNED.server_version
