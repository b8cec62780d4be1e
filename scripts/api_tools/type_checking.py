"""The last release's files of calls, type-checked with the present code.

A type that is inferred, or an overload that is chosen differently, stands in no signature; `assert_type` sees it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CallError", "type_check"]

_SECONDS = 600


@dataclass(frozen=True, order=True)
class CallError:
    """What mypy says about one line.

    Attributes:
        file: Name of the file of calls.
        line: Line in it.
        text: What is wrong there.

    """

    file: str
    line: int
    text: str


def type_check(calls: Sequence[Path], import_folders: Sequence[Path], cache: Path | None = None) -> list[CallError]:
    """Check files of calls with ``mypy --strict``.

    Args:
        calls: The files.
        import_folders: Where our packages are imported from; what they need comes from this Python.
        cache: Where mypy keeps what it knows, if that is to be used again.

    Raises:
        SchemaError: mypy did not run.

    """
    with tempfile.TemporaryDirectory() as scratch:
        # A folder of their own: what else lies beside the calls is not imported by chance.
        folder = Path(scratch) / "calls"
        folder.mkdir()
        for path in calls:
            shutil.copy(path, folder)
        options = ["--strict", "--output=json", "--follow-imports=silent", "--config-file="]
        kept = cache or Path(scratch) / "cache"
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "mypy",
                *options,
                f"--cache-dir={kept}",
                *(path.name for path in calls),
            ],
            cwd=folder,
            env={**os.environ, "MYPYPATH": os.pathsep.join(str(one) for one in import_folders)},
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    if done.returncode not in (0, 1):
        raise SchemaError(f"mypy could not check the calls: {done.stdout}{done.stderr}")
    found: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return sorted(
        CallError(Path(one["file"]).name, one["line"], one["message"]) for one in found if one["severity"] == "error"
    )
