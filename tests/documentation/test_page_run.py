"""A page that is wrong does not pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_run import PageRun
from page_world import Addresses
from sybil.example import SybilFailure


def run(tmp_path: Path, text: str) -> PageRun:
    page = tmp_path / "page.md"
    page.write_text(text)
    made = PageRun(tmp_path, Addresses("127.0.0.1:1", "http://127.0.0.1:2/video"))
    made.run(page)
    return made


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n\n"


def test_blocks_run_in_one_session_and_their_output_is_compared(tmp_path: Path) -> None:
    text = fenced("python", "number = 1") + fenced("python", "print(number, 'of', 7)") + fenced("text", "1 of ...")
    counts = run(tmp_path, text).counts
    assert (counts.python, counts.outputs) == (2, 1)


def test_blocks_with_await_run(tmp_path: Path) -> None:
    text = "import asyncio\nasync with asyncio.timeout(5):\n    await asyncio.sleep(0)\nprint('woke up')"
    assert run(tmp_path, fenced("python", text) + fenced("text", "woke up")).counts.python == 1


def test_addresses_lead_elsewhere_and_come_back(tmp_path: Path) -> None:
    text = fenced(
        "python", "print('http://localhost:9001/info'); address = 'http://localhost:9001'; print(address[-1])"
    )
    run(tmp_path, text + fenced("text", "http://localhost:9001/info\n1"))


def test_files_run_by_a_command_are_used_with_what_they_import(tmp_path: Path) -> None:
    text = "```{code-block} python\n:caption: one.py\n\nNUMBER = 1\n```\n\n"
    text += "```{code-block} python\n:caption: two.py\n\nfrom one import NUMBER\n\nprint(NUMBER)\n```\n\n"
    text += fenced("sh", "python two.py") + fenced("text", "1")
    counts = run(tmp_path, text).counts
    assert (counts.files, counts.commands, counts.outputs) == (2, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        fenced("python", "print(1)") + fenced("text", "2"),
        fenced("text", "the output of nothing"),
        fenced("python", "1") + fenced("ruby", "puts 1"),
        "```{code-block} python\n:caption: idle.py\n\nprint(1)\n```\n",
        fenced("sh", "python -c 'raise SystemExit(3)'"),
        fenced("sh", "rm -rf somewhere"),
        fenced("sh", "python3 scripts/nothing_of_the_kind.py"),
    ],
    ids=["other-output", "no-program", "unknown-language", "idle-file", "failed", "unknown-program", "no-script"],
)
def test_mistake_in_a_page_is_found(tmp_path: Path, text: str) -> None:
    with pytest.raises((SybilFailure, AssertionError)):
        run(tmp_path, text)


def test_error_names_the_line_of_the_page(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run(tmp_path, "# Title\n\n" + fenced("python", "1\n1 / 0"))
    assert (caught.traceback[-1].path.name, caught.traceback[-1].lineno) == ("page.md", 4)  # counted from 0


def test_nothing_is_reached_outside_of_this_machine(tmp_path: Path) -> None:
    text = "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)"
    command = "python reach.py"
    with pytest.raises(AssertionError, match="wanted to reach"):
        run(tmp_path, f"```{{code-block}} python\n:caption: reach.py\n\n{text}\n```\n\n" + fenced("sh", command))
