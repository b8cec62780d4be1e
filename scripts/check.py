"""The gates besides the tests: format, lint, types, schema and generated code up to date, nothing broken unannounced.

`python3 scripts/check.py` runs all of them and says at the end which failed.
"""

from __future__ import annotations

import subprocess
import sys

from _environment import ROOT, ensure_environment

#: Name of each gate and its command, run by the environment's Python.
GATES = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "mypy": ["-m", "mypy"],
    "pyright": ["-m", "pyright", "--pythonpath", "{python}"],
    "pyrefly": ["-m", "pyrefly", "check", "--python-interpreter-path", "{python}"],
    "schema is valid": ["-m", "openapi_spec_validator", "openapi/openapi.json"],
    "schema is current": ["scripts/build_schema.py", "--check"],
    "generated code is current": ["scripts/generate.py", "--check"],
    "release notes are sound": ["scripts/release.py", "check"],
    "nothing breaks unannounced": ["scripts/api_diff.py", "--type-check", "--fail-on-breaking"],
}


def main() -> None:
    """Run every gate; the exit status is 1 when one failed."""
    python = str(ensure_environment(extras=["all"], groups=["dev"]))
    failed: list[str] = []
    for name, command in GATES.items():
        print(f"== {name}", flush=True)
        arguments = [part.replace("{python}", python) for part in command]
        if subprocess.run([python, *arguments], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"{len(GATES) - len(failed)} of {len(GATES)} gates passed", flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
