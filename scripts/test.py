"""From a fresh clone to a green test run: `python3 scripts/test.py [PYTEST ARGUMENTS]`.

Makes the environment `.venv` with everything development needs and runs all tests but those against the real server,
which have a lane of their own (scripts/real_server_lane.py).
"""

from __future__ import annotations

import sys

from _environment import ROOT, ensure_environment, run

REAL_SERVER_TESTS = "tests/real_server"

if __name__ == "__main__":
    python = ensure_environment(extras=["local"], groups=["dev"])
    print(
        f"left out: {REAL_SERVER_TESTS}, which installs and starts the real server "
        "(python3 scripts/real_server_lane.py)",
        flush=True,
    )
    run([python, "-m", "pytest", f"--ignore={ROOT / REAL_SERVER_TESTS}", *sys.argv[1:]])
