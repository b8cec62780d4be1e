"""`.. record-class:: NAME` documents a class of attrs: its fields, inherited ones too, then what it can do.

autodoc finds no docstrings of inherited fields, because they stand in the source of another class.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import attrs
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils.nodes import Node
    from sphinx.application import Sphinx


class RecordClass(SphinxDirective):
    """A class, its fields in their order, and, if asked for, its methods and properties."""

    required_arguments = 1
    option_spec = {"defaults": directives.flag, "methods": directives.flag}  # noqa: RUF012 - as the base class has it

    def run(self) -> list[Node]:
        """Write one autodoc directive for each."""
        name = self.arguments[0]
        kind = getattr(import_module(self.env.ref_context["py:module"]), name)
        fields = [field.name for field in attrs.fields(kind)]
        lines = [f".. autoclass:: {name}()", ""]
        if "defaults" in self.options:
            lines += _defaults(kind)
        for field in fields:
            lines += [f"   .. autoattribute:: {field}", ""]
        if "methods" in self.options:
            for member in dir(kind):
                if not member.startswith("_") and member not in fields:
                    value = getattr(kind, member)
                    directive = (
                        "autoproperty"
                        if isinstance(value, property)
                        else "automethod"
                        if callable(value)
                        else "autoattribute"
                    )
                    lines += [f"   .. {directive}:: {member}", ""]
        self.content = StringList(lines, source=f"record-class of {name}")
        return self.parse_content_to_nodes(allow_section_headings=False)


def _defaults(kind: type) -> list[str]:
    lines = ["   .. list-table::", "      :header-rows: 1", "", "      * - name", "        - default"]
    for field in attrs.fields(kind):
        lines += [f"      * - `{field.name}`", f"        - ``{_written(field.default)}``"]
    return [*lines, ""]


def _written(value: object) -> str:
    """How a default is written in a program."""
    if isinstance(value, str):
        return repr(str(value))
    return "frozenset()" if value == frozenset() else repr(value)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("record-class", RecordClass)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
