"""Runs one target with inputs bred for coverage: `python -m fuzzing.coverage_guided TARGET MEGABYTES [ARGUMENTS]`.

Further arguments are libFuzzer's, which ends its process at the first crash. `scripts/fuzz.py` starts it.
"""

from __future__ import annotations

import logging
import sys

import atheris

from .memory import limited_memory

__all__ = ["main"]


def main() -> None:
    name, megabytes, *arguments = sys.argv[1:]
    with atheris.instrument_imports(include=["inference_ext"]):
        from .targets import TARGETS

        # Everything that is imported late, so that it is instrumented too and its memory does not count.
        for seed in (seed for target in TARGETS.values() for seed in target.seeds[:1]):
            TARGETS[name].run(seed)
    logging.disable()
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name].run)
    with limited_memory(int(megabytes)):
        atheris.Fuzz()


if __name__ == "__main__":
    main()
