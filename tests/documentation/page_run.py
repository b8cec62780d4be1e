"""Runs the blocks of one page, one after another, as its reader would."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import doctest
import inspect
import io
import os
import re
import signal
import subprocess
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from code_blocks import DIRECTIVES, ONLY_SHOWN, Block, BlockParser
from page_world import SITE, Addresses
from served_backend import ServedBackend
from shell_lines import check_install, check_script, commands, is_project_script, is_server, program
from sybil import Example, Sybil

from inference_ext import InferenceHTTPClient

__all__ = ["Counts", "PageRun"]

SECONDS = 60.0
"""Most that one command or block may take."""


@dataclass
class Counts:
    """What was done with a page's blocks."""

    python: int = 0
    files: int = 0
    commands: int = 0
    outputs: int = 0
    marked: int = 0
    scripts: list[str] = field(default_factory=list)


@contextlib.contextmanager
def limited() -> Generator[None]:
    """Interrupt what takes too long, where the system can."""

    def interrupt(*_: object) -> None:
        raise TimeoutError(f"a block of a page takes more than {SECONDS:.0f} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class PageRun:
    """One page, and what its blocks have left for the next ones.

    Args:
        folder: Where its programs run.
        addresses: Where the addresses lead that it names.

    """

    def __init__(self, folder: Path, addresses: Addresses) -> None:
        self.folder = folder
        self.addresses = addresses
        self.counts = Counts()
        self._output: str | None = None
        self._variables: dict[str, str] = {}
        self._files: dict[str, bool] = {}
        self._resources = contextlib.ExitStack()

    def run(self, page: Path) -> None:
        """Run all blocks of a page."""
        with self._resources:
            for example in Sybil(parsers=[BlockParser(self._evaluate)]).parse(page).examples():
                example.evaluate()
        idle = [name for name, was_run in self._files.items() if not was_run]
        assert not idle, f"{page.name} shows {idle}, and no command runs them"

    def _evaluate(self, example: Example) -> str | None:
        block: Block = example.parsed
        if block.reason is not None:
            self.counts.marked += 1
            self._output = None
        elif block.language == "text":
            return self._compare(block)
        elif block.language == "sh":
            self._output = self._run_commands(block)
        elif block.language == "python" and block.file is not None:
            self._write(block.file, block.source)
        elif block.language == "python":
            self._output = self._run_python(example)
        elif block.language not in ONLY_SHOWN | DIRECTIVES:
            return f"nobody knows what to do with a block of {block.language!r}"
        return None

    def _compare(self, block: Block) -> str | None:
        printed, self._output = self._output, None
        if printed is None:
            return "this is the output of nothing"
        self.counts.outputs += 1
        expected = block.source.rstrip() + "\n"
        printed = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
        if doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS):
            return None
        return f"The page says:\n{expected}\nIt was:\n{printed}"

    def _run_python(self, example: Example) -> str:
        self.counts.python += 1
        block: Block = example.parsed
        source = "\n" * example.line + self.addresses.redirect(block.source)  # lines of a traceback are the page's
        code = compile(source, example.path, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        example.namespace.setdefault("__name__", "__main__")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), limited():
            running: Any = eval(code, example.namespace)
            if inspect.iscoroutine(running):
                asyncio.run(running)
        # A page may leave a client to the end of the program, and put another in its name before.
        for value in example.namespace.values():
            if isinstance(value, InferenceHTTPClient):
                self._resources.callback(value.close)
        return self.addresses.restore(printed.getvalue())

    def _write(self, name: str, source: str) -> None:
        self.counts.files += 1
        (self.folder / name).write_text(self.addresses.redirect(source), encoding="utf-8")
        self._files[name] = False

    def _run_commands(self, block: Block) -> str:
        outputs = [self._run_command(words) for words in commands(block.source)]
        return self.addresses.restore("".join(outputs))

    def _run_command(self, words: list[str]) -> str:
        self.counts.commands += 1
        for name in self._files.keys() & set(words):
            self._note_that_it_runs(name)
        if words[:2] == ["pip", "install"]:
            check_install(words[2:])
            return ""
        if words[0] == "export":
            name, _, value = words[1].partition("=")
            self._variables[name] = value
            return ""
        if is_project_script(words):
            check_script(words)
            self.counts.scripts.append(words[1])
            return ""
        words = [self.addresses.redirect(word) for word in words]
        if is_server(words):
            served = self._resources.enter_context(ServedBackend(program(words), self.folder, self._environment()))
            self.addresses.server = served.address
            return served.first_line
        done = subprocess.run(
            program(words),
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def _note_that_it_runs(self, name: str) -> None:
        self._files[name] = True
        source = (self.folder / name).read_text(encoding="utf-8")
        for other, was_run in self._files.items():
            if not was_run and re.search(rf"^(from|import) {re.escape(Path(other).stem)}\b", source, re.MULTILINE):
                self._note_that_it_runs(other)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        here = {"PYTHONPATH": str(SITE), "INFERENCE_SERVER_URL": f"http://{self.addresses.server}"}
        return kept | here | self._variables
