"""The documentation builds without a warning, has every public name, and no link of it leads nowhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import attrs
import pytest
import typer
from built_page import BuiltPage, broken_links, inventory
from code_blocks import ROOT

import inference_ext
import inference_ext.local
import inference_ext.testing
from docs import build_command
from inference_ext.command_line.app import app

SECONDS = 300.0
SOURCES = ROOT / "docs"


def files_of(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the documentation was built into, without a word."""
    out = tmp_path_factory.mktemp("out")
    before = files_of(SOURCES)
    command = [str(part) for part in build_command(Path(sys.executable), out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert files_of(SOURCES) == before, "building wrote into docs"
    return out / "docs"


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[Path, BuiltPage]:
    return {path: BuiltPage(path) for path in built.rglob("*.html") if "_static" not in path.parts}


@pytest.fixture(scope="module")
def documented(built: Path) -> dict[str, str]:
    return inventory(built / "objects.inv")


def public_names() -> Iterator[str]:
    for module in (inference_ext, inference_ext.local, inference_ext.testing):
        yield from (f"{module.__name__}.{name}" for name in module.__all__)
    client = inference_ext.InferenceHTTPClient
    left_out = {"webrtc"}  # it is no method: it says what to use instead
    members = {name for name in dir(client) if not name.startswith("_")} - left_out
    yield from (f"inference_ext.InferenceHTTPClient.{name}" for name in members)


def result_fields() -> Iterator[str]:
    for name in inference_ext.__all__:
        kind = getattr(inference_ext, name)
        if isinstance(kind, type) and attrs.has(kind) and name.endswith(("Result", "Configuration", "URLPolicy")):
            yield from (f"inference_ext.{name}.{field.name}" for field in attrs.fields(kind))


@pytest.mark.parametrize("names", [public_names, result_fields])
def test_every_public_name_is_in_the_reference(names: object, documented: dict[str, str]) -> None:
    assert callable(names)
    wanted = set(names())
    assert len(wanted) > 100
    assert wanted - documented.keys() == set()


def test_documented_names_have_their_anchors(
    documented: dict[str, str], built: Path, pages: dict[Path, BuiltPage]
) -> None:
    for name, address in documented.items():
        file, anchor = urldefrag(address)
        assert anchor in pages[built / file].anchors, name


def commands(command: object, name: str) -> Iterator[str]:
    """The words of every command that does something."""
    inner: dict[str, object] = getattr(command, "commands", {})
    if not inner or getattr(command, "invoke_without_command", False):
        yield name
    for word, each in inner.items():
        yield from commands(each, f"{name} {word}")


def test_every_command_is_in_the_reference(built: Path, pages: dict[Path, BuiltPage]) -> None:
    found = list(commands(typer.main.get_command(app), "inference-ext"))
    assert "inference-ext infer" in found
    text = pages[built / "reference" / "command-line.html"].text
    assert [command for command in found if f"Usage: {command} " not in text] == []


def test_no_link_leads_nowhere(pages: dict[Path, BuiltPage]) -> None:
    assert broken_links(pages) == []


def test_every_page_is_reached_from_the_first(built: Path, pages: dict[Path, BuiltPage]) -> None:
    first = built / "index.html"
    reached, waiting = {first}, [first]
    while waiting:
        for _, path, _ in pages[waiting.pop()].targets():
            if path in pages and path not in reached:
                reached.add(path)
                waiting.append(path)
    written = {path.relative_to(SOURCES).with_suffix(".html") for path in SOURCES.rglob("*.md")}
    written |= {path.relative_to(SOURCES).with_suffix(".html") for path in SOURCES.rglob("*.rst")}
    assert {path.relative_to(built) for path in reached} >= written
    assert len(written) > 25


def test_pages_load_nothing_from_elsewhere(pages: dict[Path, BuiltPage]) -> None:
    """They work without a network, and tell nobody who reads them."""
    assert [link for page in pages.values() for link in page.loaded if urlsplit(link).netloc] == []
