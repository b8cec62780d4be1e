"""Names in docstrings and signatures become links wherever the reference has them.

Docstrings put arguments, values and names in single backticks alike. Only some of them are names of this reference,
so one that leads nowhere is no mistake; those in `Raises:` and in signatures are checked. A signature may name a type
by its last part alone, as the source does after importing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.docutils import SphinxRole
from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils.nodes import Node, system_message
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_MARK = "documented_name"


class DocumentedName(SphinxRole):
    """Text in single backticks."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Make a literal that becomes a link if the text is a documented name."""
        shown = nodes.literal(self.rawtext, self.text, classes=["xref", "py"])
        target = self.text.removesuffix("()")
        if not target.replace(".", "").replace("_", "").isalnum():
            return [shown], []
        reference = pending_xref(
            self.rawtext,
            shown,
            refdomain="py",
            reftype="obj",
            reftarget=target,
            refexplicit=False,
            refdoc=self.env.docname,
            **{_MARK: True},
        )
        reference["py:module"] = self.env.ref_context.get("py:module")
        reference["py:class"] = self.env.ref_context.get("py:class")
        return [reference], []


Place = tuple[str, str, str]
"""Page, anchor and kind of a documented object."""


class _Index:
    """Every documented object by the last part of its name."""

    def __init__(self) -> None:
        self._places: dict[str, set[Place]] = {}

    def read(self, _: Sphinx, env: BuildEnvironment) -> None:
        """Read what the reference has, once all pages are read."""
        self._places.clear()
        for name, entry in env.domains.python_domain.objects.items():
            place = (entry.docname, entry.node_id, entry.objtype)
            self._places.setdefault(name.rpartition(".")[2], set()).add(place)

    def find(
        self, app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.TextElement
    ) -> nodes.Element | None:
        """Give the link to the one object of a name; text in backticks stays text when there is none."""
        del env
        if node.get("refdomain") != "py":
            return None
        target = node["reftarget"]
        found = self._places.get(target, set())
        if node["reftype"] != "obj":
            found = {place for place in found if place[2] not in ("attribute", "method", "property")}
        elif target[0].islower():
            found = set()  # the name of an argument is often that of a method as well
        if len(found) == 1:
            ((page, anchor, _),) = found
            return make_refnode(app.builder, node["refdoc"], page, anchor, shown, target)
        return shown if _MARK in node else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role."""
    app.add_role("documented", DocumentedName())
    index = _Index()
    app.connect("env-updated", index.read)
    app.connect("missing-reference", index.find)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
