"""From a fresh clone to annotated predictions on real photographs: `python3 scripts/demo.py`.

Makes the environment `.venv` with the embedded backend, then runs examples/first_predictions.py.
"""

from __future__ import annotations

from _environment import ROOT, ensure_environment, run

if __name__ == "__main__":
    python = ensure_environment(extras=["local"], groups=[])
    run([python, ROOT / "examples" / "first_predictions.py", ROOT / "out"])
