"""Fragments and the changelog: what is malformed is refused by name, and the checkout's own are sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from release_tools.changelog import MARK, read_entries, source_date_epoch
from release_tools.errors import ReleaseError
from release_tools.fragments import CHANGES, read_fragments
from release_tools.preparing import read_state
from release_tools.source_tree import SourceTree

ROOT = Path(__file__).resolve().parents[2]


def test_checkout_is_sound() -> None:
    """The gate: a fragment or an entry that is wrong fails here, as in `release.py check`."""
    read_state(SourceTree(ROOT))


def test_every_type_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (ROOT / "changes" / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(CHANGES)


@pytest.mark.parametrize("kind", list(CHANGES))
def test_fragment_of_each_type_is_read(project: SourceTree, kind: str) -> None:
    path = project.fragments / f"+two-words.{kind}.md"
    path.write_text("What changed.\n", encoding="utf-8")
    (found,) = [fragment for fragment in read_fragments(project) if fragment.path == path]
    assert found.change is CHANGES[kind]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("+what.improved.md", b"Text.", "there is no type 'improved'; expected one of breaking, removed, server"),
        ("+what.md", b"Text.", "no fragment; expected a file"),
        ("what.fixed.md", b"Text.", "no fragment; expected a file"),
        ("+What.fixed.md", b"Text.", "no fragment; expected a file"),
        ("+what-.fixed.md", b"Text.", "no fragment; expected a file"),
        ("+what.fixed.rst", b"Text.", "no fragment; expected a file"),
        ("+what.fixed.1.md", b"Text.", "no fragment; expected a file"),
        ("+what.fixed.md~", b"Text.", "no fragment; expected a file"),
        ("12.fixed.md", b"Text.", "no fragment; expected a file"),
        ("notes.txt", b"Text.", "no fragment; expected a file"),
        ("+what.fixed.md", b"", "empty; say what changed"),
        ("+what.fixed.md", b" \n\n", "empty; say what changed"),
        ("+what.fixed.md", b"<!-- say what\nchanged -->\n", "empty; say what changed"),
        ("+what.fixed.md", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_malformed_fragment_is_refused(project: SourceTree, name: str, content: bytes, message: str) -> None:
    (project.fragments / name).write_bytes(content)
    with pytest.raises(ReleaseError, match=re.escape(f"changes/{name}: {message}")):
        read_state(project)


def test_all_malformed_fragments_are_named_at_once(project: SourceTree) -> None:
    for name in ("+one.new.md", "two.md"):
        (project.fragments / name).write_text("Text.", encoding="utf-8")
    (project.fragments / "+folder.fixed.md").mkdir()
    with pytest.raises(ReleaseError) as caught:
        read_fragments(project)
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "changes/+folder.fixed.md",
        "changes/+one.new.md",
        "changes/two.md",
    ]


def test_types_of_the_settings_must_be_known(project: SourceTree) -> None:
    text = project.settings.read_text(encoding="utf-8").replace('directory = "server"', 'directory = "servers"')
    project.settings.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"^pyproject\.toml: the types of \[tool\.towncrier\]"):
        read_fragments(project)


HEAD = f"# Changelog\n\n{MARK}\n\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Changelog\n", "CHANGELOG.md: expected the line"),
        (HEAD + MARK, "CHANGELOG.md: expected the line"),
        (HEAD + "## 0.1.0\n", "CHANGELOG.md:5: '## 0.1.0'; expected a title such as"),
        (HEAD + "## 0.1.0 (2026-02-30)\n", "CHANGELOG.md:5: 2026-02-30 is no date"),
        (HEAD + "## 0.1 (2026-02-03)\n", "CHANGELOG.md:5: '0.1' is no version"),
        (HEAD + "## 0.1.0 (2026-02-03)\n## 0.2.0 (2026-02-03)\n", "0.1.0 of 2026-02-03 stands above 0.2.0"),
        (HEAD + "## 0.1.0 (2026-02-03)\n## 0.1.0 (2026-02-03)\n", "0.1.0 of 2026-02-03 stands above 0.1.0"),
        (HEAD + "## 0.2.0 (2026-02-03)\n## 0.1.0 (2026-02-04)\n", "0.2.0 of 2026-02-03 stands above 0.1.0"),
        (HEAD + "## 77.0.0 (2026-02-03)\n", "and the newest entry of CHANGELOG.md is 77.0.0"),
    ],
)
def test_malformed_changelog_is_refused(project: SourceTree, text: str, message: str) -> None:
    project.changelog.write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseError, match=re.escape(message)):
        read_state(project)


def test_files_carry_the_day_of_the_newest_entry(project: SourceTree) -> None:
    project.changelog.write_text(HEAD + "## 0.2.0 (2001-09-09)\n## 0.1.0 (1999-01-01)\n", encoding="utf-8")
    assert [str(entry.version) for entry in read_entries(project)] == ["0.2.0", "0.1.0"]
    assert source_date_epoch(project) == 999_993_600


def test_version_must_be_found(project: SourceTree) -> None:
    project.version_file.write_text('VERSION = "1.0"\n', encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"^inference_ext/version\.py: '1\.0' is no version"):
        read_state(project)
    project.version_file.write_text("VERSION = 1\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"^inference_ext/version\.py: expected a line"):
        read_state(project)
