"""Soaks the client against the real server, which is killed, stopped and frozen meanwhile.

    python3 scripts/soak.py [--minutes 10] [--seed 1] [--write]

Linux only. Makes the project's `.venv` and the server's environment as scripts/real_server_lane.py does, then runs the
package `soaking`. Exit code 0: every input ended in a right answer or in an error that an outage explains, memory,
descriptors and threads stayed flat, and nothing was left behind; 1: there are findings, which are printed; 10: the
server could not be installed or started. `--write` puts the result into docs/soak.md.
"""

from __future__ import annotations

import os
import sys

from _environment import ROOT, ensure_environment


def main() -> None:
    """Install what is missing and run, in one process, so that signals arrive where they belong."""
    python = str(ensure_environment(extras=["all"], groups=["dev"]))
    modules = os.pathsep.join([str(ROOT / "scripts"), str(ROOT)])
    os.chdir(ROOT)
    os.execve(python, [python, "-m", "soaking", *sys.argv[1:]], {**os.environ, "PYTHONPATH": modules})  # noqa: S606 - without a shell, and the project's own interpreter


if __name__ == "__main__":
    main()
