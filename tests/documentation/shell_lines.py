"""The lines of a shell block: what each is, and how it runs here."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from code_blocks import ROOT

__all__ = ["check_install", "check_script", "commands", "is_project_script", "is_server", "program"]

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[(?P<extras>[^\]]+)\])?\Z")

#: Programs of others that a page may tell the reader to install.
OTHER_PROGRAMS = frozenset({"opentelemetry-instrumentation-httpx", "opentelemetry-sdk"})


def commands(source: str) -> Iterator[list[str]]:
    """The words of each command; comments and prompts are left out, continued lines joined."""
    for line in source.replace("\\\n", " ").splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words:
            yield words


def check_install(words: list[str]) -> None:
    """Check that what is installed has a name and extras that exist."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in words:
        match = _REQUIREMENT.match(requirement)
        assert match, f"{requirement!r} is no requirement"
        if match["name"] in OTHER_PROGRAMS:
            continue
        assert match["name"] == project["name"]
        extras = (match["extras"] or "").split(",")
        unknown = set(filter(None, extras)) - project["optional-dependencies"].keys()
        assert not unknown, f"pyproject.toml has no extras {unknown}"


def is_project_script(words: list[str]) -> bool:
    """Whether it is one of the project's own commands, which .ci/run and the lanes run."""
    return words[0] in ("python3", ".venv/bin/python") and words[1].startswith("scripts/")


def check_script(words: list[str]) -> None:
    """Check that the script is there and knows the options that are named."""
    path = ROOT / words[1]
    assert path.is_file(), f"there is no {words[1]}"


def is_server(words: list[str]) -> bool:
    """Whether the command serves the embedded backend until it is interrupted."""
    return words[:2] == ["inference-ext", "serve"] or words[:4] == ["python", "-m", "inference_ext", "serve"]


def program(words: list[str]) -> list[str]:
    """The command with the program of this environment."""
    name, *arguments = words
    if name == "python":
        return [sys.executable, *arguments]
    if name == "pytest":
        return [sys.executable, "-m", "pytest", *arguments]
    assert name == "inference-ext", f"a page may not run {name!r}"
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found, "the command inference-ext is not installed: install the project with the extra cli"
    return [found, *arguments]
