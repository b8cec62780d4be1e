"""The rooms of the package keep to themselves: who may import whom, and who knows httpx and the generated layer."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from recording_server import RecordingServer

PACKAGE = Path(__file__).parents[2] / "inference_ext"

#: May be imported from everywhere: they know nothing of the package.
COMMON = {"cores", "deferred_numpy", "exit_in_order", "forking", "version"}

#: Every room with the rooms it may import from. The order is the way data takes, read from right to left.
ROOMS: dict[str, set[str]] = {
    "errors": {"workflow_block_errors"},
    "workflow_block_errors": set(),
    "json_types": set(),
    "caller_warnings": set(),
    "configuration": {"errors"},
    "images": {"errors"},
    "generated_api": set(),
    "results": {"errors", "json_types", "configuration", "images", "generated_api"},
    "operations": {"errors", "workflow_block_errors", "json_types", "configuration", "images", "results"},
    "execution": {"errors", "json_types", "configuration", "images", "operations"},
    "streams": {"errors", "images"},
    "client": {
        "caller_warnings",
        "errors",
        "configuration",
        "images",
        "generated_api",
        "results",
        "operations",
        "execution",
        "streams",
        "local",  # the convenience constructor of a client on the embedded backend
    },
    "local": {"errors"},
    "testing": {  # for the tests of programs that use the package
        "errors",
        "json_types",
        "configuration",
        "results",
        "operations",
        "execution",
        "client",
        "local",
    },
    "command_line": {
        "errors",
        "json_types",
        "configuration",
        "images",
        "operations",  # for type checkers only: what calls give
        "results",
        "execution",  # downloading image URLs, the progress bar
        "client",
        "local",
    },
    "http": {"errors", "configuration", "operations", "client"},  # the module paths of inference-sdk
}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Full names of the modules a file imports, relative ones resolved."""
    package = ["inference_ext", *path.relative_to(PACKAGE).parts[:-1]]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {module} | ({f"{module}.{alias.name}" for alias in node.names} if not node.module else set())
    return found


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_room_is_listed() -> None:
    assert {room(path) for path in modules()} - {"__init__", "__main__"} == set(ROOMS) | COMMON


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_stay_within_what_the_room_may_know(path: Path) -> None:
    own = room(path)
    if own in ("__init__", "__main__"):
        return
    used = {name.split(".")[1] for name in imports(path) if name.startswith("inference_ext.")}
    assert used - {own} <= ROOMS.get(own, set()) | COMMON


@pytest.mark.parametrize(
    ("library", "seam"), [("httpx", "execution/connections"), ("inference_api", "generated_api.py")]
)
def test_one_place_knows_the_library(library: str, seam: str) -> None:
    users = [
        path.relative_to(PACKAGE)
        for path in modules()
        if any(name.partition(".")[0] == library for name in imports(path))
    ]
    assert users
    assert [path for path in users if not path.is_relative_to(seam)] == []


def test_no_file_does_two_jobs() -> None:
    long = {str(path): len(path.read_text().splitlines()) for path in modules()}
    assert {path: lines for path, lines in long.items() if lines > 500} == {}


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, inference_ext; dir(inference_ext); heavy = "
        "('cv2', 'PIL', 'numpy', 'httpx', 'asyncio', 'inference_api', 'skimage'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_blocking_call_about_an_image_file_loads_no_image_library_and_no_event_loop(
    server: RecordingServer, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), np.zeros((8, 8, 3), np.uint8))
    code = (
        "import sys; from inference_ext import InferenceConfiguration, InferenceHTTPClient; "
        f"client = InferenceHTTPClient({server.url!r}); "
        "client.configure(InferenceConfiguration(class_filter=['all'])); "
        f"assert client.infer({str(picture)!r}, model_id='p/1')['predictions']; "
        "print([n for n in ('cv2', 'PIL', 'numpy', 'inference_api', 'asyncio') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
