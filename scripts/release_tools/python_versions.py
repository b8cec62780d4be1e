"""The wheel's tests with every Python version that is supported and on this machine."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from real_server.errors import LaneError
from real_server.interpreter import find_interpreter

from release_tools.clean_environment import Ingredients, kept_environment
from release_tools.user_tests import LEFT_OUT, SLOW, run_copied_tests, tell_left_out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from release_tools.source_tree import SourceTree

__all__ = ["run_versions", "supported_versions"]

_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def supported_versions(tree: SourceTree) -> list[str]:
    """The versions that pyproject.toml names, such as "3.11"."""
    named = map(_CLASSIFIER.fullmatch, tree.read_settings()["project"]["classifiers"])
    return [found[1] for found in named if found]


def run_versions(
    tree: SourceTree,
    wheel: Path,
    tools: Path,
    versions: Sequence[str],
    *,
    with_slow: bool,
    pytest_arguments: Sequence[str],
) -> bool:
    """Run the tests with each version; gives whether all went well, at least with one of them.

    Args:
        tree: The checkout with the tests.
        wheel: What is tested.
        tools: The Python that has pip.
        versions: Such as "3.11"; one that is not on this machine is named at the end.
        with_slow: Whether the slow tests run too.
        pytest_arguments: Further arguments for pytest.

    """
    left_out = LEFT_OUT if with_slow else LEFT_OUT | SLOW
    tell_left_out(left_out)
    summary: list[str] = []
    missing: list[str] = []
    good: list[bool] = []
    for version in versions:
        try:
            interpreter = find_interpreter(version)
        except LaneError as error:
            print(f"\n=== {error}", flush=True)
            missing.append(version)
            continue
        print(f"\n=== Python {version}: {interpreter}", flush=True)
        started = time.monotonic()
        with kept_environment(Ingredients(tree, wheel, interpreter, tools), version) as python:
            installed = time.monotonic() - started
            result = run_copied_tests(python, tree.root, list(left_out), pytest_arguments)
        good.append(result.is_good)
        verdict = "ok    " if result.is_good else "FAILED"
        summary.append(f"{verdict} Python {version}: {result}, after {installed:.0f} s for its environment")
    summary += [f"not on this machine: Python {version}, which was NOT tested" for version in missing]
    print("\n" + "\n".join(summary), flush=True)
    return all(good) and bool(good)
