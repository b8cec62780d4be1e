"""`.. client-methods:: MODULE.GROUP` documents what one group of methods adds to `InferenceHTTPClient`.

The methods appear under the client's own name, because that is where people call them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from docutils.statemachine import StringList
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.docutils import SphinxDirective

from inference_ext.client.core import ClientCore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import Node
    from sphinx.application import Sphinx

_PACKAGE, _CLIENT = "inference_ext", "InferenceHTTPClient"


class ClientMethods(SphinxDirective):
    """The public methods and properties of one group, in the order of its source."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Write one autodoc directive for each."""
        module, _, name = self.arguments[0].rpartition(".")
        lines = [f".. py:currentmodule:: {_PACKAGE}", ""]
        for owner in _owners(getattr(import_module(module), name)):
            _find_overloads(owner)
            for member, value in vars(owner).items():
                if not member.startswith("_"):
                    kind = "autoproperty" if isinstance(value, property) else "automethod"
                    lines += [f".. {kind}:: {_CLIENT}.{member}", ""]
        self.content = StringList(lines, source=f"client-methods of {self.arguments[0]}")
        return self.parse_content_to_nodes(allow_section_headings=False)


def _owners(group: type) -> Iterator[type]:
    """The classes a group is made of, without what all groups stand on."""
    shared = set(ClientCore.__mro__) - {group}
    return (owner for owner in group.__mro__ if owner not in shared)


def _find_overloads(owner: type) -> None:
    """Let autodoc, which looks under the name it documents, find the overloads that the source has under its own."""
    overloads = ModuleAnalyzer.for_module(owner.__module__)
    overloads.analyze()
    for name, signatures in list(overloads.overloads.items()):
        if name.startswith(f"{owner.__name__}."):
            overloads.overloads[f"{_CLIENT}.{name.partition('.')[2]}"] = signatures


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("client-methods", ClientMethods)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
