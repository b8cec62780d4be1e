"""Keeps napoleon from taking prose for types.

It reads what stands before the first colon of an attribute's docstring, and of `Returns:` and `Yields:`, as a type.
Here these are sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sphinx.ext.napoleon.docstring import GoogleDocstring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_BEFORE_NAPOLEON, _AFTER_NAPOLEON = 400, 600
_COLON = "\ue000"
"""Stands for a colon of prose meanwhile."""

_put_aside: dict[str, list[str]] = {}


def _put_away(app: Sphinx, kind: str, name: str, value: object, options: object, lines: list[str]) -> None:
    if kind in ("attribute", "data"):
        _put_aside[name] = lines[:]
        lines.clear()
        return
    lines[:] = _without_colons(lines)
    if kind == "property":  # its docstring may have sections, as that of a method
        _put_aside[name] = GoogleDocstring(lines, app.config, app, "method", name, value, options).lines()
        lines.clear()


def _without_colons(lines: list[str]) -> Iterator[str]:
    is_first = False
    for line in lines:
        yield line.replace(":", _COLON) if is_first else line
        is_first = re.fullmatch(r"\s*(Returns|Yields):", line) is not None


def _put_back(_: Sphinx, __: str, name: str, ___: object, ____: object, lines: list[str]) -> None:
    lines[:] = [line.replace(_COLON, ":") for line in _put_aside.pop(name, lines)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Stand on both sides of napoleon."""
    app.connect("autodoc-process-docstring", _put_away, priority=_BEFORE_NAPOLEON)
    app.connect("autodoc-process-docstring", _put_back, priority=_AFTER_NAPOLEON)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
