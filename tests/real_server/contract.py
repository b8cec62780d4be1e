"""Validates answers against the document that the generated layer is made from, openapi/openapi.json."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator

DOCUMENT = Path(__file__).parents[2] / "openapi" / "openapi.json"
JsonObject = dict[str, Any]


@cache
def document() -> JsonObject:
    """The document."""
    return cast("JsonObject", json.loads(DOCUMENT.read_text(encoding="utf-8")))


def documented(path: str, method: str, status: int) -> JsonObject | None:
    """Return the JSON schema of an answer, or `None` where the document has none for this status."""
    operation = document()["paths"].get(template_of(path), {}).get(method.lower(), {})
    content = operation.get("responses", {}).get(str(status), {}).get("content", {})
    schema: JsonObject | None = content.get("application/json", {}).get("schema")
    return schema


def template_of(path: str) -> str:
    """Return the documented path that a request's path belongs to; literal parts win over parameters."""
    parts = path.split("?")[0].split("/")

    def fits(template: str) -> bool:
        pattern = template.split("/")
        return len(pattern) == len(parts) and all(
            wanted.startswith("{") or wanted == part for wanted, part in zip(pattern, parts, strict=True)
        )

    candidates = [template for template in document()["paths"] if fits(template)]
    return min(candidates, key=lambda template: template.count("{"), default="")


def violations(schema: JsonObject, body: Any) -> list[str]:
    """Return what is wrong with a body, most superficial first."""
    validator: Any = Draft202012Validator({**schema, "components": document()["components"]})
    errors = sorted(validator.iter_errors(body), key=lambda error: len(error.path))
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in errors]


def named(name: str) -> JsonObject:
    """Return a reference to a named schema."""
    assert name in document()["components"]["schemas"], f"openapi.json has no schema {name}"
    return {"$ref": f"#/components/schemas/{name}"}


def unknown_fields(name: str, body: JsonObject) -> set[str]:
    """Return the fields of `body` that the named schema does not have."""
    return set(body) - set(document()["components"]["schemas"][name]["properties"])
