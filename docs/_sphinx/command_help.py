"""`.. command-help:: infer` shows what `inference-ext infer --help` prints."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from inference_ext.command_line import main

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_PROGRAM = "inference-ext"
_WIDTH = "88"


class CommandHelp(SphinxDirective):
    """The help of one command, or of the program when none is named."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Ask the program for it."""
        words = self.arguments[0].split() if self.arguments else []
        shown, width = io.StringIO(), os.environ.get("COLUMNS")
        os.environ["COLUMNS"] = _WIDTH
        try:
            with contextlib.redirect_stdout(shown):
                status = main([*words, "--help"], _PROGRAM)
        finally:
            if width is None:
                del os.environ["COLUMNS"]
            else:
                os.environ["COLUMNS"] = width
        if status:
            raise self.error(f"{_PROGRAM} {' '.join(words)} --help ended with {status}")
        text = shown.getvalue().rstrip()
        return [nodes.literal_block(text, text, language="text")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
