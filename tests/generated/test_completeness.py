"""Everything the server has is there, documented, and loaded only when used."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import inference_api
import pytest
from inference_api import api, models

PACKAGE = Path(inference_api.__file__).parent
FUNCTIONS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")
#: Schemas without a class of their own: any JSON value, and a union.
WITHOUT_CLASS = {"JsonValue", "V0Response"}


def operation_modules() -> dict[str, Any]:
    found = pkgutil.walk_packages(api.__path__, "inference_api.api.")
    return {module.name: importlib.import_module(module.name) for module in found if not module.ispkg}


def test_every_operation_is_a_module_in_its_group(document: dict[str, Any]) -> None:
    expected = {
        f"inference_api.api.{operation['tags'][0]}.{operation['operationId']}"
        for item in document["paths"].values()
        for operation in item.values()
    }
    assert operation_modules().keys() == expected
    assert len(expected) == sum(len(item) for item in document["paths"].values())


def test_every_schema_has_a_class_or_a_named_set_of_values(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"].keys()
    assert schemas >= WITHOUT_CLASS
    assert set(models.__all__) == schemas - WITHOUT_CLASS


def test_groups_list_exactly_what_they_load(document: dict[str, Any]) -> None:
    groups = {name: getattr(api, name) for name in api.__all__}
    assert dir(api) == sorted(groups)
    assert sum(len(group.__all__) for group in groups.values()) == sum(map(len, document["paths"].values()))
    for group in groups.values():
        for name in group.__all__:
            assert getattr(group, name).__name__ == f"{group.__name__}.{name}"
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            _ = group.nothing


def test_every_model_loads_by_its_name() -> None:
    for name in models.__all__:
        value = getattr(models, name)
        assert not isinstance(value, type) or value.__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = models.Nothing  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]


def test_the_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()


def test_importing_one_operation_loads_only_what_it_needs() -> None:
    code = (
        "import json, sys; from inference_api.api.server import get_info; "
        "print(json.dumps([name for name in sys.modules if name.startswith('inference_api')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert {name for name in loaded if name.startswith("inference_api.models.")} == {
        "inference_api.models.server_version_info"
    }
    assert {name for name in loaded if name.count(".") == 3} == {"inference_api.api.server.get_info"}


def test_importing_the_package_loads_no_model_and_no_operation() -> None:
    code = "import sys, inference_api; print([n for n in sys.modules if 'inference_api.' in n])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ast.literal_eval(done.stdout)) == {
        "inference_api.client",
        "inference_api.errors",
        "inference_api.types",
    }


@pytest.mark.parametrize("name", sorted(operation_modules()))
def test_an_operation_explains_itself(name: str) -> None:
    module = operation_modules()[name]
    for function in FUNCTIONS:
        text = inspect.getdoc(getattr(module, function))
        assert text is not None
        summary, _, rest = text.partition("\n\n")
        assert summary.strip(), name
        assert "\nArgs:\n" in rest
        assert "\nReturns:\n" in rest
        assert "errors.UnexpectedStatus: " in rest
        for argument in inspect.signature(getattr(module, function)).parameters:
            assert f"\n    {argument}: " in rest, argument


def class_bodies(path: Path) -> list[tuple[str, ast.ClassDef]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(node.name, node) for node in tree.body if isinstance(node, ast.ClassDef)]


def test_every_field_is_followed_by_its_text() -> None:
    count = 0
    for path in sorted((PACKAGE / "models").glob("*.py")):
        for name, node in class_bodies(path):
            assert ast.get_docstring(node), name
            for statement, following in pairwise(node.body):
                if isinstance(statement, ast.AnnAssign):
                    assert isinstance(following, ast.Expr), (name, ast.unparse(statement))
                    assert isinstance(following.value, ast.Constant), (name, ast.unparse(statement))
                    assert str(following.value.value).strip(), (name, ast.unparse(statement))
                    count += 1
    assert count > 1100


def test_every_named_set_of_values_is_followed_by_its_text(document: dict[str, Any]) -> None:
    enums = {name for name, schema in document["components"]["schemas"].items() if "enum" in schema}
    found: set[str] = set()
    for path in sorted((PACKAGE / "models").glob("*.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for statement, following in pairwise(body):
            if isinstance(statement, ast.AnnAssign) and isinstance(following, ast.Expr):
                found.add(ast.unparse(statement.target))
    assert found == enums
