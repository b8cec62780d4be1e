"""A release from its fragments to its files: the changelog, and the same bytes whoever builds."""

from __future__ import annotations

import re
import tarfile
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from release_tools.building import HERE, Distribution, build_in, demand_equal, wheel_of_sdist
from release_tools.changelog import MARK, read_entries
from release_tools.errors import ReleaseError
from release_tools.preparing import demand_next, prepare, read_state
from release_tools.source_tree import SourceTree

from .conftest import PYTHON, ROOT, Release


def members(sdist: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(sdist) as archive:
        return {member.name.partition("/")[2]: member for member in archive.getmembers()}


def test_fragments_become_the_newest_entry(release: Release) -> None:
    text = release.tree.changelog.read_text(encoding="utf-8")
    title = f"## {release.version} ({release.day})"
    head, _, entries = text.partition(MARK)
    assert head == (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition(MARK)[0]
    assert entries.strip().startswith(f"{title}\n\n### ")
    assert "- One line,\n  and a second one.\n" in entries
    for said in release.texts:
        assert "- " + said.strip().replace("\n", "\n  ") in entries
    assert len(re.findall("^- ", entries.split("\n## ")[1], re.MULTILINE)) == len(release.texts)


def test_fragments_are_gone_and_the_version_is_written(release: Release) -> None:
    state = read_state(release.tree)
    assert (state.version, state.is_released, state.fragments) == (release.version, True, [])
    assert [path.name for path in release.tree.fragments.iterdir()] == ["README.md"]
    entry = read_entries(release.tree)[0]
    assert (entry.version, entry.date) == (release.version, release.day)


def test_sdist_is_kept_in_place_of_the_one_before(release: Release) -> None:
    assert list(release.tree.last_release.iterdir()) == [release.kept]
    assert release.kept.name == f"inference_ext-{release.version}.tar.gz"


def test_nothing_is_left_to_release(release: Release) -> None:
    with pytest.raises(ReleaseError, match="nothing to release"):
        demand_next(read_state(release.tree), release.version)


def test_what_fails_leaves_the_tree_as_it_was(project: SourceTree, release: Release) -> None:
    (project.fragments / "+a-test.fixed.md").write_text("Text.", encoding="utf-8")
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    with pytest.raises(ReleaseError, match=r"the sdist is to include /generated, which does not exist"):
        prepare(project, read_state(project).next_versions[0], release.day, PYTHON)
    assert {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()} == before


def test_who_builds_again_gets_the_same_bytes(release: Release, distribution: Distribution) -> None:
    assert distribution.sdist.read_bytes() == release.kept.read_bytes()


def test_wheel_of_the_sdist_is_the_wheel_of_the_tree(distribution: Distribution, tmp_path: Path) -> None:
    assert wheel_of_sdist(distribution.sdist, tmp_path, PYTHON).read_bytes() == distribution.wheel.read_bytes()


def test_planted_difference_is_noticed_by_its_file(
    release: Release, distribution: Distribution, tmp_path: Path
) -> None:
    changed = release.tree.copy_to(tmp_path / "changed")
    with (changed.root / "inference_ext" / "cores.py").open("a", encoding="utf-8") as file:
        file.write("# one line more\n")
    other = build_in(HERE, changed, tmp_path, PYTHON)
    with pytest.raises(ReleaseError, match=r"not the same bytes when built twice; .*inference_ext/cores\.py") as caught:
        demand_equal(distribution.wheel, other.wheel, "built twice")
    named = str(caught.value).rpartition(": ")[2].split(", ")
    assert [name for name in named if "dist-info" not in name] == ["inference_ext/cores.py"]
    with pytest.raises(ReleaseError, match=r"inference_ext/cores\.py$"):
        demand_equal(distribution.sdist, other.sdist, "built twice")


def test_other_bytes_of_the_same_files_are_noticed(distribution: Distribution, tmp_path: Path) -> None:
    other = tmp_path / distribution.wheel.name
    with zipfile.ZipFile(distribution.wheel) as wheel, zipfile.ZipFile(other, "w") as copy:
        for name in wheel.namelist():
            copy.writestr(name, wheel.read(name))
    with pytest.raises(ReleaseError, match="none; their order, times or compression do"):
        demand_equal(distribution.wheel, other, "built twice")


def test_files_carry_the_day_of_the_release(release: Release, distribution: Distribution) -> None:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        assert {info.date_time for info in wheel.infolist()} == {(*release.day.timetuple()[:3], 0, 0, 0)}
    midnight = datetime.combine(release.day, time(), UTC).timestamp()
    assert {member.mtime for member in members(distribution.sdist).values()} == {midnight}


def test_sdist_holds_what_is_built_and_called_and_nothing_else(distribution: Distribution) -> None:
    found = members(distribution.sdist)
    packages = [path for folder in ("inference_ext", "generated") for path in (ROOT / folder).rglob("*")]
    calls = list((ROOT / "tests" / "distribution" / "calls").rglob("*"))
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in [*packages, *calls]
        if path.is_file() and "__pycache__" not in path.parts
    }
    single = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert found.keys() == expected | single
    assert distribution.sdist.stat().st_size < 1_000_000
    assert {member.mode for member in found.values()} == {0o644}


def test_wheel_holds_both_packages_and_nothing_else(distribution: Distribution, release: Release) -> None:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = wheel.read(f"inference_ext-{release.version}.dist-info/METADATA").decode()
    expected = {
        path.relative_to(base).as_posix()
        for base, package in ((ROOT, "inference_ext"), (ROOT / "generated", "inference_api"))
        for path in (base / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == expected
    assert f"\nVersion: {release.version}\n" in metadata
