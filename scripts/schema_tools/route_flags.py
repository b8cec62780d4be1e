"""The flags that decide which routes a server mounts, read from its source.

`openapi/profile.yaml` names them by hand. A flag that a new version adds hides its routes from a pulled document until
it has a row there; here such a flag is found.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schema_tools.profile import Profile

__all__ = ["flags_around_routes", "unknown_flags"]

#: Names in the conditions around routes that say where the server runs, or that only switch on what others do as well.
NOT_OF_THE_PROFILE = {
    "LAMBDA": "a hosted server",
    "GCP_SERVERLESS": "a hosted server",
    "MOONDREAM2_ENABLED": "mounts the same routes as LMM_ENABLED",
}
_HTTP_METHODS = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "websocket"})


def unknown_flags(source: Path, profile: Profile) -> list[str]:
    """The flags around routes that `openapi/profile.yaml` has no row for.

    Args:
        source: The module of the server that declares its routes, `inference/core/interfaces/http/http_api.py`.
        profile: The flags that are known.

    Raises:
        SchemaError: The module is not there, cannot be read, or declares no routes.

    """
    known = {flag.name for flag in profile.to_set + profile.to_keep} | NOT_OF_THE_PROFILE.keys()
    return sorted(flags_around_routes(source) - known)


def flags_around_routes(source: Path) -> set[str]:
    """Every name in capitals in a condition around a route.

    Raises:
        SchemaError: The module is not there, cannot be read, or declares no routes.

    """
    try:
        tree = ast.parse(source.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise SchemaError(f"{source}: the server's routes cannot be read there: {error}") from error
    routes = list(_routes(tree, frozenset()))
    if not routes:
        raise SchemaError(f"{source}: declares no routes; the server declares them elsewhere now, look where")
    return set[str]().union(*routes)


def _routes(node: ast.AST, flags: frozenset[str]) -> Iterator[frozenset[str]]:
    """For every route below a node, the flags of the conditions around it."""
    if _declares_route(node):
        yield flags
    for child in ast.iter_child_nodes(node):
        inside = flags | _flags(node.test) if isinstance(node, ast.If) and child is not node.test else flags
        yield from _routes(child, inside)


def _declares_route(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        called = [decorator.func for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
        return any(isinstance(function, ast.Attribute) and function.attr in _HTTP_METHODS for function in called)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "include_router"


def _flags(condition: ast.expr) -> frozenset[str]:
    names = [node.id for node in ast.walk(condition) if isinstance(node, ast.Name)]
    return frozenset(name for name in names if name.isupper())
