"""What changed between two documents of the server, judged from the caller's side.

A request may only accept more, an answer may only promise more. Everything else breaks a caller. Callers see what goes
over HTTP: the name of a schema or of a path parameter is nothing that they meet, so a change of such a name alone is
told and breaks nobody, and that of an ``operationId`` or a tag is not told.

The parts are in ``comparison``; read there in this order: ``difference`` (the rules), ``operations`` (which operation
is which), ``requests``, ``answers`` and ``security`` (one operation), ``schemas`` (two schemas).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tools.comparison.answers import compare_answers
from schema_tools.comparison.difference import SEVERITIES, Change, Difference, Severity
from schema_tools.comparison.json_text import canonical
from schema_tools.comparison.notes import mark_change
from schema_tools.comparison.operations import OperationPair, declared, pair_operations, path_parameters
from schema_tools.comparison.requests import compare_bodies, compare_parameters
from schema_tools.comparison.schemas import SchemaComparison
from schema_tools.comparison.security import compare_schemes, compare_security
from schema_tools.document import reachable_schemas, schemas_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schema_tools.comparison.schemas import NamedPair
    from schema_tools.document import JsonObject

__all__ = ["SEVERITIES", "Difference", "Severity", "compare", "is_renaming", "markdown"]

RENAMED = "schema renamed to"

#: Keywords of an operation that are compared, or that callers do not meet.
KNOWN = frozenset(
    {
        "deprecated",
        "description",
        "externalDocs",
        "operationId",
        "parameters",
        "requestBody",
        "responses",
        "security",
        "summary",
        "tags",
    }
)


def compare(old: JsonObject, new: JsonObject) -> list[Difference]:
    """Every difference a caller can see: operations first, then schemas, both sorted by place."""
    comparison = _DocumentComparison(old, new)
    # the operations lead to the schemas, so they come first
    by_operation = _sorted([*comparison.operations(), *compare_schemes(old, new)])
    return [*by_operation, *_sorted(comparison.schemas())]


def is_renaming(row: Difference) -> bool:
    """Whether nothing has changed but the name of a schema."""
    return row.change.startswith(RENAMED)


def markdown(old: JsonObject, new: JsonObject, found: Sequence[Difference]) -> str:
    """The differences between two documents as a report, one section per severity."""
    lines = [f"# Server {old['info']['version']} -> {new['info']['version']}", ""]
    for severity in SEVERITIES:
        section = [row for row in found if row.severity == severity]
        lines += [f"## {severity} ({len(section)})", ""]
        lines += [f"- `{row.place}`: {row.change}" for row in section]
        lines += [""] if section else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _sorted(rows: Iterable[Difference]) -> list[Difference]:
    return sorted(dict.fromkeys(rows), key=lambda row: row.place)


class _DocumentComparison:
    def __init__(self, old: JsonObject, new: JsonObject) -> None:
        self._old, self._new = old, new
        self._operations, self._operations_now = declared(old), declared(new)
        self._schemas = SchemaComparison(schemas_of(old), schemas_of(new))
        self._compared: set[NamedPair] = set()

    def operations(self) -> Iterator[Difference]:
        """The operations; the named schemas that they use are noted."""
        paired = pair_operations(self._old, self._new)
        for key in paired.removed:
            names = " or ".join(self._successors(key, paired.added))
            text = f"operation removed, perhaps renamed to {names}" if names else "operation removed"
            yield Difference("breaking", key, text)
        for key in paired.added:
            yield Difference("added", key, "operation added")
        for pair in paired.shared:
            for change in self._compare_operation(pair):
                yield change.at(pair.old)

    def schemas(self) -> Iterator[Difference]:
        """The named schemas that were noted, and those that these use."""
        yield from self._noted_schemas()
        yield from self._names()
        used = reachable_schemas(self._old, self._operations.values())
        used |= reachable_schemas(self._new, self._operations_now.values())
        for name in (schemas_of(self._old).keys() & schemas_of(self._new).keys()) - used:
            self._schemas.pairs[name, name, "answer"] = None
        for row in self._noted_schemas():
            # no operation uses it
            yield replace(row, severity="changed")

    def _noted_schemas(self) -> Iterator[Difference]:
        while pending := [pair for pair in self._schemas.pairs if pair not in self._compared]:
            for pair in pending:
                self._compared.add(pair)
                old, now, _ = pair
                place = old if old == now else f"{old} (now {now})"
                for change in self._schemas.compare_named(pair):
                    yield change.at(place)

    def _names(self) -> Iterator[Difference]:
        """The schemas that one document alone has: new, gone, or the same under another name."""
        olds, news = schemas_of(self._old), schemas_of(self._new)
        successors: set[str] = set()
        for name in sorted(olds.keys() - news.keys()):
            pairs = [pair for pair in self._schemas.pairs if pair[0] == name]
            names = sorted({now for _, now, _ in pairs})
            successors.update(names)
            is_same = all(self._schemas.is_same(self._schemas.compare_named(pair)) for pair in pairs)
            became = RENAMED if is_same else "schema replaced by"
            listed = " and ".join(f"`{now}`" for now in names)
            yield Difference("changed", name, f"{became} {listed}" if names else "schema removed")
        for name in sorted(news.keys() - olds.keys() - successors):
            yield Difference("added", name, "schema added")

    def _successors(self, removed: str, added: Iterable[str]) -> list[str]:
        """The new operations that take and answer the same as one that is gone."""
        return [
            f"`{key}`"
            for key in added
            if key.split(" ")[0] == removed.split(" ")[0]
            and self._schemas.is_same(self._compare_shape(OperationPair(removed, key)))
        ]

    def _compare_operation(self, pair: OperationPair) -> Iterator[Change]:
        old, new = self._operations[pair.old], self._operations_now[pair.new]
        for name, now in zip(path_parameters(pair.old), path_parameters(pair.new), strict=True):
            if name != now:
                yield Change("changed", f"path parameter `{name}` renamed to `{now}`")
        yield from self._compare_shape(pair)
        yield from mark_change("", "deprecated", old, new)
        for keyword in sorted((old.keys() | new.keys()) - KNOWN):
            if canonical(old.get(keyword)) != canonical(new.get(keyword)):
                yield Change("changed", f"`{keyword}` changed")

    def _compare_shape(self, pair: OperationPair) -> Iterator[Change]:
        old, new = self._operations[pair.old], self._operations_now[pair.new]
        yield from compare_parameters(pair, old, new, self._schemas)
        yield from compare_bodies(old.get("requestBody"), new.get("requestBody"), self._schemas)
        yield from compare_answers(old["responses"], new["responses"], self._schemas)
        yield from compare_security(old["security"], new["security"])
