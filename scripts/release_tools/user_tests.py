"""Runs the tests of what users get, in a folder that has no sources: what they import is the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from release_tools.commands import run_tool
from release_tools.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "LEFT_OUT",
    "SLOW",
    "RunResult",
    "copy_tests",
    "demand_installed",
    "run_copied_tests",
    "run_tests",
    "tell_left_out",
]

PACKAGES = ("inference_ext", "inference_api")

LEFT_OUT = {
    "tests/architecture": "about the sources: which module imports which",
    "tests/benchmarks": "about the benchmarks, which the wheel does not have",
    "tests/compatibility": "about the scripts that compare versions",
    "tests/differential": "needs inference-sdk; scripts/differential_lane.py",
    "tests/distribution": "about the wheel as type checkers and editors see it; makes environments of its own",
    "tests/documentation": "about the pages and what builds them",
    "tests/generated/test_types.py": "needs type checkers",
    "tests/real_server": "needs the servers; scripts/real_server_lane.py",
    "tests/releases": "about the scripts that make releases",
    "tests/results/test_types.py": "needs type checkers",
    "tests/schema": "about the scripts that make the generated package",
    "tests/soak": "about the script that soaks the client",
}
"""Tests that are about the repository, or have a lane of their own; all others run."""

_PICTURES = "what numpy and OpenCV make of pictures: the same with every Python"
_GENERATED = "a rule on many generated values"
_PROCESSES = "a process of its own for each case"

SLOW = {
    "tests/client/test_clip.py": _GENERATED,
    "tests/client/test_discovery.py": "which server has which call: the same with every Python",
    "tests/client/test_downsizing.py": _PICTURES,
    "tests/client/test_embedded.py": _PICTURES,
    "tests/client/test_input_forms.py": _PICTURES,
    "tests/client/test_segment_anything.py": _PICTURES,
    "tests/command_line/test_interruption.py": _PROCESSES,
    "tests/command_line/test_resuming.py": _GENERATED,
    "tests/command_line/test_server_commands.py": _PROCESSES,
    "tests/documented_page": _PROCESSES,
    "tests/fuzzing": _GENERATED,
    "tests/generated/test_round_trip.py": _GENERATED,
    "tests/images": _PICTURES,
    "tests/local/test_answers.py": _GENERATED,
    "tests/local/test_any_request.py": _GENERATED,
    "tests/local/test_builtin_models.py": _PICTURES,
    "tests/local/test_recorded_answers.py": _PICTURES,
    "tests/results/test_annotated_picture.py": _PICTURES,
    "tests/results/test_csv_table.py": _GENERATED,
    "tests/results/test_filtering.py": _GENERATED,
    "tests/results/test_labels.py": _PICTURES,
    "tests/results/test_notebook.py": _PICTURES,
    "tests/results/test_spoiled_results.py": _GENERATED,
    "tests/results/test_supervision_views.py": _PICTURES,
    "tests/results/test_table.py": _GENERATED,
    "tests/signatures": "which parameters of the server are exposed: the same with every Python",
    "tests/testing/test_pytest_plugin.py": _PROCESSES,
}
"""What a short run leaves out besides: more than half of the time, and little that depends on the Python."""

_COMPANIONS = ("tests", "examples", "openapi", "docs/pixels.md", "docs/reliability.md", "README.md", "pyproject.toml")
"""What the tests read: themselves, the examples, the documents of servers, pages that they compare with, settings."""

_SECONDS = 40 * 60.0


@dataclass(frozen=True)
class RunResult:
    """What came of a run."""

    exit_code: int
    counts: dict[str, int]
    """By outcome: passed, failed, errors, skipped."""
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether there were tests and all of them passed; one that is skipped has not."""
        return self.exit_code == 0 and self.counts.keys() == {"passed"}

    def __str__(self) -> str:
        """Give it in one line."""
        counts = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items()) or "no tests"
        return f"{counts} in {self.seconds:.0f} s"


def copy_tests(root: Path, folder: Path) -> None:
    """Copy the tests of a checkout and what they read, but no sources."""
    for name in _COMPANIONS:
        source, copy = root / name, folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)


def demand_installed(python: Path, folder: Path) -> None:
    """Refuse an environment in which the tests would import anything but the installed wheel.

    Args:
        python: The environment's Python.
        folder: Where the tests run.

    Raises:
        ReleaseError: A package comes from elsewhere.

    """
    for package in PACKAGES:
        code = f"import sysconfig, {package}; print(sysconfig.get_path('purelib')); print({package}.__file__)"
        site, file = run_tool([python, "-c", code], folder).splitlines()[-2:]
        if not Path(file).is_relative_to(site):
            raise ReleaseError(f"{package} is imported from {file}; expected it in {site}, where the wheel is")


def tell_left_out(left_out: Mapping[str, str]) -> None:
    """Print what does not run, and why."""
    for name, reason in left_out.items():
        print(f"left out: {name}: {reason}", flush=True)


def run_copied_tests(python: Path, root: Path, left_out: Sequence[str], arguments: Sequence[str] = ()) -> RunResult:
    """Copy the tests of a checkout to a place outside it, be sure of what they import, and run them.

    Args:
        python: A Python that has the wheel and what the tests need.
        root: The checkout.
        left_out: The files and folders that do not run.
        arguments: Further arguments for pytest.

    Raises:
        ReleaseError: A package would not come from the wheel, or the tests took too long.

    """
    with TemporaryDirectory(prefix="inference-ext-tests-") as name:
        folder = Path(name)
        copy_tests(root, folder)
        demand_installed(python, folder)
        return run_tests(python, folder, left_out, arguments)


def run_tests(python: Path, folder: Path, left_out: Sequence[str], arguments: Sequence[str]) -> RunResult:
    """Run the tests in a folder as they are; see `run_copied_tests`."""
    report = folder / "report.xml"
    ignored = [f"--ignore={name}" for name in left_out]
    # hypothesis's own profile "ci": no time limits, and the same values in every run.
    options = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=ci", f"--junit-xml={report}"]
    command = [str(python), "-m", "pytest", *options, *ignored]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    started = time.monotonic()
    try:
        code = subprocess.run(
            [*command, *arguments], cwd=folder, env=variables, check=False, timeout=_SECONDS
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise ReleaseError(f"the tests took longer than {_SECONDS / 60:.0f} minutes") from error
    return RunResult(code, _read_counts(report), time.monotonic() - started)


def _read_counts(report: Path) -> dict[str, int]:
    if not report.exists():
        return {}
    (suite,) = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it just now
    bad = {
        name: int(suite.attrib[key])
        for name, key in (("failed", "failures"), ("errors", "errors"), ("skipped", "skipped"))
    }
    counts = {"passed": int(suite.attrib["tests"]) - sum(bad.values()), **bad}
    return {outcome: count for outcome, count in counts.items() if count}
