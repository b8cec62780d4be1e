"""The script: from a release in any of its forms to a report, and what it says when there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from api_diff import is_announced
from api_tools.change import Change
from api_tools.releases import CALLS, last_release, open_release
from api_tools.report import calls_section, changes_report
from api_tools.type_checking import CallError
from planted_worlds import World
from release_tools.source_tree import SourceTree
from schema_tools.errors import SchemaError
from schema_tools.layout import REPOSITORY

PACKAGES = ("inference_ext/__init__.py", "inference_api/__init__.py")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts" / "api_diff.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def files(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return folder


def sdist(folder: Path, content: Path) -> Path:
    path = folder / "inference_ext-0.1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(content, "inference_ext-0.1.0")
    return path


def test_an_sdist_is_compared_and_its_calls_are_type_checked(handwritten_world: World, tmp_path: Path) -> None:
    """The planted changes seen from the other side: the changed code is the old release."""
    (content,) = handwritten_world.folders
    (content / CALLS).mkdir(parents=True)
    call = 'models.ClearModelRequest(model_id="project/1", force=True)'
    (content / CALLS / "clearing.py").write_text(f"from inference_api import models\n\n{call}\n")
    done = run("--against", sdist(tmp_path, content), "--type-check", "--fail-on-breaking")
    announced = is_announced(SourceTree(REPOSITORY))
    assert done.returncode == (0 if announced else 1)
    assert announced or done.stderr.startswith("breaking changes: take them back, or say in changes/")
    lines = done.stdout.splitlines()
    assert lines[0] == "# Changes since inference_ext-0.1.0.tar.gz"
    assert "| breaking | `inference_ext.HTTPClientMode.V2` | attribute removed |" in lines
    assert "| added | `inference_ext.ServerInfo.uuid` | attribute added |" in lines
    assert "## inference_api (no change)" in lines
    assert "## Calls of the last release (1 type error)" in lines
    assert '| `clearing.py` | 3 | Unexpected keyword argument "force" for "ClearModelRequest" |' in lines


@pytest.mark.parametrize(("kind", "announced"), [("breaking", True), ("removed", True), ("added", False)])
def test_only_a_fragment_about_it_announces_a_breaking_change(tmp_path: Path, kind: str, announced: bool) -> None:
    shutil.copyfile(REPOSITORY / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / f"+argument.{kind}.md").write_text("An argument is gone.\n")
    assert is_announced(SourceTree(tmp_path)) is announced


def test_without_a_release_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        SchemaError, match=r"holds no sdist of a release: `scripts/release\.py prepare VERSION` puts one there"
    ) as told:
        last_release(tmp_path)
    assert "--against" in str(told.value)


def test_of_two_releases_none_is_the_last(tmp_path: Path) -> None:
    files(tmp_path, "a-1.tar.gz", "a-2.tar.gz")
    with pytest.raises(SchemaError, match=r"holds a-1\.tar\.gz, a-2\.tar\.gz; expected one"):
        last_release(tmp_path)


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    done = run("--against", tmp_path / "nothing")
    assert done.returncode == 1
    assert "nothing: there is no such file or folder; expected a folder, a wheel or an sdist" in done.stderr
    files(tmp_path, "notes.txt")
    with pytest.raises(SchemaError, match=r"notes\.txt: expected a folder, a wheel \(\.whl\) or an sdist"):
        open_release(tmp_path / "notes.txt", tmp_path)
    with pytest.raises(SchemaError, match="has no package inference_api"):
        _ = open_release(tmp_path, tmp_path).import_folders


@pytest.mark.parametrize("form", ["checkout", "installed", "wheel", "sdist"])
def test_every_form_of_a_release_is_read(form: str, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    installed = files(tmp_path / "installed", *PACKAGES)
    checkout = files(tmp_path / "checkout", PACKAGES[0], f"generated/{PACKAGES[1]}", f"{CALLS.as_posix()}/a.py")
    wheel = tmp_path / "inference_ext-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in PACKAGES:
            archive.write(installed / name, name)
    paths = {"checkout": checkout, "installed": installed, "wheel": wheel, "sdist": sdist(tmp_path, checkout)}
    release = open_release(paths[form], scratch)
    assert set(release.tree().packages) == {"inference_ext", "inference_api"}
    if form in ("checkout", "sdist"):
        assert [path.name for path in release.calls] == ["a.py"]
    else:
        with pytest.raises(SchemaError, match=r"has no files in tests/distribution/calls, which --type-check needs"):
            _ = release.calls


def test_an_sdist_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "inference_ext-0.1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside.py"))
    with pytest.raises(tarfile.OutsideDestinationError):
        open_release(path, tmp_path / "scratch")
    assert not (tmp_path / "outside.py").exists()


def test_the_report_is_markdown() -> None:
    changes = {"inference_api": [Change("breaking", "inference_api.a", "value may now be `int | None`")], "b": []}
    assert changes_report("last", changes).splitlines() == [
        "# Changes since last",
        "",
        "## inference_api (1 breaking, 0 changed, 0 added)",
        "",
        "| severity | place | change |",
        "| --- | --- | --- |",
        "| breaking | `inference_api.a` | value may now be `int \\| None` |",
        "",
        "## b (no change)",
    ]
    assert calls_section([CallError("a.py", 3, "no\nsuch name")]).splitlines()[-1] == "| `a.py` | 3 | no such name |"
    assert calls_section([]).startswith("## Calls of the last release (no type errors)")
