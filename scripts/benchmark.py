"""Measures speed and memory against inference-sdk 1.8.3: `python3 scripts/benchmark.py [run | growth | profile]`.

Makes the project's `.venv` and, outside the checkout, the environment of inference-sdk, then runs the package
`benchmarks`; `--help` tells its arguments. `--without-peer` leaves inference-sdk out and does not install it. The
images are kept beside inference-sdk, in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another place).
"""

from __future__ import annotations

import os
import subprocess
import sys

from _environment import ROOT, ensure_environment
from peer_environment import ensure_peer
from real_server.cache import cache_root
from real_server.errors import LaneError

CANNOT_RUN = 10  # as in the lanes


def main() -> int:
    """Install what is missing, run, and return the exit code."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--without-peer"]
    python = str(ensure_environment(extras=[], groups=[]))
    command = [python, "-m", "benchmarks", "--media", str(cache_root() / "benchmark-media"), *arguments]
    if "--without-peer" not in sys.argv[1:] and not {"-h", "--help"} & set(arguments):
        try:
            command += ["--peer-python", str(ensure_peer())]
        except LaneError as error:
            print(error, file=sys.stderr)
            return CANNOT_RUN
    if hasattr(os, "execv"):
        os.chdir(ROOT)
        os.execv(python, command)  # noqa: S606 - one process, so that Ctrl-C and signals arrive where they belong
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
