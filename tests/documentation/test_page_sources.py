"""What of the pages does not run is known: by a mark in the page, or because it is a command of the project itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from code_blocks import ROOT, Block, BlockParser, blocks_of, pages
from shell_lines import check_install, commands, is_project_script
from sybil import Document

#: Blocks with `<!-- not run: REASON -->` above them.
MARKED = 0

PAGE = """\
# Page

<!-- not run: it takes an hour -->

```python
sleep(3600)
```

```{code-block} python
:caption: program.py

print(1)
```

```sh
python program.py  # runs it
```
"""


def test_blocks_that_do_not_run_are_counted() -> None:
    marked = [f"{page.name}: {block.reason}" for page in pages() for block in blocks_of(page) if block.reason]
    assert len(marked) == MARKED, marked


def test_projects_own_commands_are_run_elsewhere() -> None:
    """They take minutes, or run the tests: CI runs them, or CONTRIBUTING.md says when people do."""
    named = {
        words[1]
        for page in pages()
        for block in blocks_of(page)
        if block.language == "sh"
        for words in commands(block.source)
        if is_project_script(words)
    }
    known = (ROOT / ".ci" / "run").read_text("utf-8") + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    performance = (ROOT / "docs" / "performance.md").read_text("utf-8")
    assert {script for script in named if script not in known + performance} == set()
    assert "scripts/test.py" in named


def test_most_pages_have_programs() -> None:
    assert sum(block.language == "python" for page in pages() for block in blocks_of(page)) > 70


# -- the reading of pages itself


def parsed(text: str) -> list[Block]:
    document = Document(text, "page.md")
    for region in BlockParser(lambda _: None)(document):
        document.add(region)
    return [example.parsed for example in document.examples()]


def test_marks_captions_and_languages_are_read() -> None:
    marked, file, shell = parsed(PAGE)
    assert (marked.language, marked.reason, marked.file) == ("python", "it takes an hour", None)
    assert (file.language, file.reason, file.file) == ("python", None, "program.py")
    assert (file.source.strip(), list(commands(shell.source))) == ("print(1)", [["python", "program.py"]])


def test_mark_holds_for_the_next_block_alone() -> None:
    text = PAGE.replace("```{code-block}", "Words.\n\n```{code-block}")
    assert [block.reason is None for block in parsed(text)] == [False, True, True]


@pytest.mark.parametrize("wrong", ["inference-ext[lokal]", "inference-txe", "git+https://example.com/x"])
def test_installing_what_does_not_exist_fails(wrong: str) -> None:
    check_install(["inference-ext[local,pandas]"])
    with pytest.raises(AssertionError):
        check_install([wrong])


def test_pages_are_found() -> None:
    names = {page.relative_to(ROOT) for page in pages()}
    assert {Path("README.md"), Path("docs/index.md"), Path("docs/guides/results.md")} <= names
