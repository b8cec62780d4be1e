"""From a fresh clone to a green test run: `python3 scripts/test.py [PYTEST ARGUMENTS]`.

Makes the environment `.venv` with everything development needs and runs all tests but those of the two lanes that
install more: the real server (scripts/real_server_lane.py) and inference-sdk (scripts/differential_lane.py).
"""

from __future__ import annotations

import sys

from _environment import ROOT, ensure_environment, run

#: Tests that are left out here, and the command that runs them.
LANES = {
    "tests/real_server": "python3 scripts/real_server_lane.py",
    "tests/differential": "python3 scripts/differential_lane.py",
}

if __name__ == "__main__":
    python = ensure_environment(extras=["all"], groups=["dev"])
    for folder, command in LANES.items():
        print(f"left out: {folder}, a lane of its own ({command})", flush=True)
    run([python, "-m", "pytest", *(f"--ignore={ROOT / folder}" for folder in LANES), *sys.argv[1:]])
