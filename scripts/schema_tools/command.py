"""What the four scripts share: their help and how they end."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["argument_parser", "run"]


def argument_parser(help_text: str | None) -> argparse.ArgumentParser:
    """Make a parser that shows the script's docstring as it is written."""
    return argparse.ArgumentParser(description=help_text, formatter_class=argparse.RawDescriptionHelpFormatter)


def run(main: Callable[[], None]) -> None:
    """Call a script's ``main``; a `SchemaError` becomes one message on stderr and its exit code."""
    try:
        main()
    except SchemaError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(error.exit_code)
