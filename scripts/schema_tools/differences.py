"""What changed between two server documents, judged from the caller's side.

A request may only accept more, an answer may only promise more. Everything else breaks a caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from schema_tools.document import operations, reachable_schemas, schemas_of
from schema_tools.kinds import kinds, not_covered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.document import Json, JsonObject

__all__ = ["SEVERITIES", "Difference", "Severity", "compare", "markdown"]

Severity: TypeAlias = Literal["breaking", "behaviour", "changed", "added"]
SEVERITIES: tuple[Severity, ...] = ("breaking", "behaviour", "changed", "added")


@dataclass(frozen=True)
class Difference:
    """One change.

    Attributes:
        severity: ``breaking`` for callers, a changed default (``behaviour``), ``changed``, or ``added``.
        place: The operation or schema.
        change: What changed there.

    """

    severity: Severity
    place: str
    change: str


def compare(old: JsonObject, new: JsonObject) -> list[Difference]:
    """Every difference a caller can see, operations first, sorted by place."""
    old_operations, new_operations = dict(operations(old)), dict(operations(new))
    found = list(_added_and_removed("operation", old_operations, new_operations))
    for key in sorted(old_operations.keys() & new_operations.keys()):
        found += _compare_operations(key, old_operations[key], new_operations[key])

    old_schemas, new_schemas = schemas_of(old), schemas_of(new)
    found += _added_and_removed("schema", old_schemas, new_schemas)
    sent = _sent_schemas(old) | _sent_schemas(new)
    for name in sorted(old_schemas.keys() & new_schemas.keys()):
        found += _compare_schemas(name, old_schemas[name], new_schemas[name], is_sent=name in sent)
    return found


def markdown(old: JsonObject, new: JsonObject) -> str:
    """The differences as a report, one section per severity."""
    found = compare(old, new)
    lines = [f"# Server {old['info']['version']} -> {new['info']['version']}", ""]
    for severity in SEVERITIES:
        section = [row for row in found if row.severity == severity]
        lines += [f"## {severity} ({len(section)})", ""]
        lines += [f"- `{row.place}`: {row.change}" for row in section]
        lines += [""] if section else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _sent_schemas(document: JsonObject) -> set[str]:
    return reachable_schemas(document, [operation.get("requestBody", {}) for _, operation in operations(document)])


def _added_and_removed(what: str, old: JsonObject, new: JsonObject) -> Iterator[Difference]:
    for key in sorted(old.keys() - new.keys()):
        yield Difference("breaking", key, f"{what} removed")
    for key in sorted(new.keys() - old.keys()):
        yield Difference("added", key, f"{what} added")


def _compare_operations(key: str, old: JsonObject, new: JsonObject) -> Iterator[Difference]:
    yield from _compare_parameters(key, _parameters(old), _parameters(new))
    yield from _compare_bodies(key, old.get("requestBody"), new.get("requestBody"))
    yield from _compare_answers(key, _answer(old), _answer(new))
    if bool(old.get("deprecated")) != bool(new.get("deprecated")):
        yield Difference("changed", key, "deprecated" if new.get("deprecated") else "no longer deprecated")


def _parameters(operation: JsonObject) -> dict[str, JsonObject]:
    return {f"{row['in']} parameter `{row['name']}`": row for row in operation.get("parameters", [])}


def _compare_parameters(key: str, old: dict[str, JsonObject], new: dict[str, JsonObject]) -> Iterator[Difference]:
    for name in sorted(old.keys() - new.keys()):
        yield Difference("breaking", key, f"{name} removed")
    for name in sorted(new.keys() - old.keys()):
        if new[name].get("required"):
            yield Difference("breaking", key, f"{name} added (required)")
        else:
            yield Difference("added", key, f"{name} added")
    for name in sorted(old.keys() & new.keys()):
        if new[name].get("required") and not old[name].get("required"):
            yield Difference("breaking", key, f"{name} became required")
        yield from _compare_sent(key, name, old[name]["schema"], new[name]["schema"])
        yield from _compare_defaults(key, name, old[name]["schema"], new[name]["schema"])


def _compare_bodies(key: str, old: JsonObject | None, new: JsonObject | None) -> Iterator[Difference]:
    if old is None or new is None:
        if new is not None:
            severity: Severity = "breaking" if new.get("required") else "added"
            yield Difference(severity, key, "body added")
        elif old is not None:
            yield Difference("breaking", key, "body removed")
        return
    if new.get("required") and not old.get("required"):
        yield Difference("breaking", key, "body became required")
    for media_type in sorted(old["content"].keys() - new["content"].keys()):
        yield Difference("breaking", key, f"body no longer taken as {media_type}")
    for media_type in sorted(new["content"].keys() - old["content"].keys()):
        yield Difference("added", key, f"body also taken as {media_type}")
    for media_type in sorted(old["content"].keys() & new["content"].keys()):
        old_schema, new_schema = (body["content"][media_type].get("schema") for body in (old, new))
        yield from _compare_sent(key, "body", old_schema, new_schema)


def _answer(operation: JsonObject) -> tuple[str, Json]:
    """Status and schema of the first success."""
    for code, response in operation["responses"].items():
        if code.startswith("2"):
            contents: list[JsonObject] = list(response.get("content", {}).values())
            return code, contents[0].get("schema") if contents else None
    return "no success", {"type": "nothing"}


def _compare_answers(key: str, old: tuple[str, Json], new: tuple[str, Json]) -> Iterator[Difference]:
    if old[0] != new[0]:
        yield Difference("breaking", key, f"success is {new[0]}, was {old[0]}")
    yield from _compare_received(key, "answer", old[1], new[1])


def _compare_schemas(name: str, old: JsonObject, new: JsonObject, *, is_sent: bool) -> Iterator[Difference]:
    if "enum" in old or "enum" in new:
        yield from _compare_enums(name, old, new, is_sent=is_sent)
        return
    if "properties" not in old and "properties" not in new:
        compare_values = _compare_sent if is_sent else _compare_received
        yield from compare_values(name, "value", old, new)
        return
    yield from _compare_fields(name, old, new, is_sent=is_sent)


def _compare_enums(name: str, old: JsonObject, new: JsonObject, *, is_sent: bool) -> Iterator[Difference]:
    if gone := not_covered(kinds(old), kinds(new)):
        yield Difference("breaking" if is_sent else "changed", name, f"values removed: {', '.join(gone)}")
    if more := not_covered(kinds(new), kinds(old)):
        # a caller that knows all values of an answer meets a new one; the client itself does not check
        yield Difference("added" if is_sent else "changed", name, f"values added: {', '.join(more)}")


def _compare_fields(name: str, old: JsonObject, new: JsonObject, *, is_sent: bool) -> Iterator[Difference]:
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    old_required, new_required = set(old.get("required", [])), set(new.get("required", []))
    for field in sorted(old_fields.keys() - new_fields.keys()):
        yield Difference("breaking", name, f"field `{field}` removed")
    for field in sorted(new_fields.keys() - old_fields.keys()):
        if is_sent and field in new_required:
            yield Difference("breaking", name, f"field `{field}` added (required)")
        else:
            yield Difference("added", name, f"field `{field}` added")
    for field in sorted(old_fields.keys() & new_fields.keys()):
        compare_values = _compare_sent if is_sent else _compare_received
        yield from compare_values(name, f"field `{field}`", old_fields[field], new_fields[field])
        if is_sent and field in new_required - old_required:
            yield Difference("breaking", name, f"field `{field}` became required")
        if not is_sent and field in old_required - new_required:
            yield Difference("breaking", name, f"field `{field}` may now be missing")
        yield from _compare_defaults(name, f"field `{field}`", old_fields[field], new_fields[field])


def _compare_sent(place: str, what: str, old: Json, new: Json) -> Iterator[Difference]:
    if lost := not_covered(kinds(old), kinds(new)):
        yield Difference("breaking", place, f"{what} no longer takes {', '.join(lost)}")
    if more := not_covered(kinds(new), kinds(old)):
        yield Difference("added", place, f"{what} also takes {', '.join(more)}")


def _compare_received(place: str, what: str, old: Json, new: Json) -> Iterator[Difference]:
    if more := not_covered(kinds(new), kinds(old)):
        yield Difference("breaking", place, f"{what} may now be {', '.join(more)}")
    if lost := not_covered(kinds(old), kinds(new)):
        yield Difference("changed", place, f"{what} is no longer {', '.join(lost)}")


def _compare_defaults(place: str, what: str, old: JsonObject, new: JsonObject) -> Iterator[Difference]:
    if old.get("default") != new.get("default"):
        yield Difference("behaviour", place, f"default of {what} {old.get('default')!r} -> {new.get('default')!r}")
