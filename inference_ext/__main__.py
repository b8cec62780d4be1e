"""`python -m inference_ext` is the command `inference-ext`."""

from __future__ import annotations

import sys

from inference_ext.command_line import main

if __name__ == "__main__":
    sys.exit(main(program="python -m inference_ext"))
