"""`{module-text} MODULE` puts a module's docstring into a Markdown page, for those that are written with tables."""

from __future__ import annotations

from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx


class ModuleText(SphinxDirective):
    """The docstring without its first line, which the page says in its own words."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Read it and parse it as the page."""
        module = import_module(self.arguments[0])
        self.env.note_dependency(str(module.__file__))
        _, _, text = cleandoc(module.__doc__ or "").partition("\n\n")
        self.content = StringList(text.splitlines(), source=f"docstring of {module.__name__}")
        return self.parse_content_to_nodes()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("module-text", ModuleText)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
