"""Every type of the public interface is written down, in the wheel as users get it (`pyright --verifytypes`)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from .environment import run


def verified(package: str, python: Path, folder: Path) -> dict[str, Any]:
    # What other packages leave open is not counted: of httpx and numpy some of it is part of our signatures.
    arguments = ("--verifytypes", package, "--ignoreexternal", "--outputjson")
    # For this question pyright looks for a Python in PATH alone.
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    done = run(sys.executable, "-m", "pyright", *arguments, cwd=folder, environment={"PATH": path})
    answer: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    assert Path(answer["packageRootDirectory"]).is_relative_to(python.parents[1])
    return answer


@pytest.mark.parametrize(("package", "least"), [("inference_ext", 1_500), ("inference_api", 3_500)])
def test_every_public_type_is_known(
    package: str, least: int, wheel_python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = verified(package, wheel_python, tmp_path)
    unknown = [symbol for symbol in answer["symbols"] if not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"]]
    counts = answer["exportedSymbolCounts"]
    exported = sum(counts.values())
    with capsys.disabled():
        print(f"\n{package}: {counts['withKnownType']} of {exported} public symbols have a known type", end=" ")
    said = [f"{symbol['name']}: {one['message']}" for symbol in unknown for one in symbol["diagnostics"]]
    assert not unknown, "\n".join(said)
    assert answer["completenessScore"] == 1
    assert exported >= least
