"""Prints the public names of inference-sdk as JSON; it runs in that library's own environment.

Read from its source where decorators hide what stands there, and from the running library elsewhere.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

LIBRARY = "inference_sdk"
MODULES = ("", ".config", ".http.client", ".http.entities", ".http.errors")
_ENVIRONMENT = re.compile(r"""(?:getenv|environ\.get)\(\s*["']([A-Z0-9_]+)["']""")


def main() -> None:
    modules = {name: importlib.import_module(LIBRARY + name) for name in MODULES}
    client = modules[".http.client"]
    listing = {
        "names": sorted(name for path, module in modules.items() for name in _names(path, module)),
        "signatures": _signatures(_source(client)),
        "settings": _settings(modules[".http.entities"].InferenceConfiguration),
        "environment": sorted(_environment(_source(modules[""]).parent)),
    }
    print(json.dumps(listing))


def _source(module: ModuleType) -> Path:
    assert module.__file__ is not None
    return Path(module.__file__)


def _names(path: str, module: ModuleType) -> list[str]:
    """What the module itself makes, and the members of its classes; `.http.errors:HTTPCallErrorError.status_code`."""
    found: list[str] = []
    for name in _made_by(_source(module), imports=path == ""):
        found.append(f"{path}:{name}")
        made = getattr(module, name)
        if isinstance(made, type) and made.__module__ == module.__name__:
            own = set(dir(made)) - {member for base in (Exception, str) for member in dir(base)}
            found += [f"{path}:{name}.{member}" for member in own if not member.startswith("_")]
    return found


def _made_by(path: Path, *, imports: bool) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and imports and (node.module or "").startswith(LIBRARY):
            found += [alias.asname or alias.name for alias in node.names]
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [target.id for target in targets if isinstance(target, ast.Name)]
    return sorted({name for name in found if not name.startswith("_") or name == "__version__"})


def _signatures(path: Path) -> dict[str, list[Any]]:
    """For each method of the client its parameters: name, whether by keyword only, and the default in a list."""
    (client,) = (
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == "InferenceHTTPClient"
    )
    return {
        method.name: _parameters(method.args)
        for method in client.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        and (method.name == "__init__" or not method.name.startswith("_"))
        and not any(
            isinstance(decorator, ast.Name) and decorator.id == "property" for decorator in method.decorator_list
        )
    }


def _parameters(arguments: ast.arguments) -> list[Any]:
    assert arguments.vararg is None
    assert arguments.kwarg is None
    missing = len(arguments.args) - len(arguments.defaults)
    defaults: list[ast.expr | None] = [None] * missing + list(arguments.defaults)
    positional = [[each.arg, False, _value(default)] for each, default in zip(arguments.args, defaults, strict=True)]
    named = [
        [each.arg, True, _value(default)]
        for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return positional[1:] + named  # without self or cls


def _value(default: ast.expr | None) -> list[Any]:
    return [] if default is None else [ast.literal_eval(default)]


def _settings(configuration: Any) -> dict[str, Any]:
    plain = configuration.init_default()
    return {field.name: getattr(plain, field.name) for field in dataclasses.fields(configuration)}


def _environment(package: Path) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    return {name for text in texts for name in _ENVIRONMENT.findall(text)}


if __name__ == "__main__":
    main()
