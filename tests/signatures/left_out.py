"""Compare what the server accepts with what the methods send, but for what the table leaves out on purpose.

`left_out.toml` has three kinds of rows: `left_out` for parameters that are accepted and not exposed, `undeclared` for
parameters that are sent though the document does not have them, and `not_called` for operations that no method uses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from attrs import frozen

from .accepted import Operation
from .exposure import Exposed

__all__ = ["EVERYTHING", "TABLE", "Row", "findings", "read_table"]

TABLE = Path(__file__).with_name("left_out.toml")
EVERYTHING = "*"

_KINDS = ("left_out", "undeclared", "not_called")
_KEYS = {
    "left_out": {"operations", "parameters", "methods", "reason"},
    "undeclared": {"operations", "parameters", "methods", "reason"},
    "not_called": {"operations", "reason"},
}
_HERE = "tests/signatures"

#: A key that travels in one of them need not travel in the other.
_PLACES_OF_KEY = frozenset({"query.api_key", "body.api_key"})

_Lacking: TypeAlias = dict[tuple[str, str], set[str]]
"""By operation and parameter, the methods it is about."""


@frozen
class Row:
    """A row of the table."""

    kind: str
    operations: tuple[str, ...]
    """Keys, or `*` alone for every operation that needs the row."""

    reason: str
    parameters: tuple[str, ...] = ()
    """Paths of the wire, or `*` alone for all of the operation."""

    methods: tuple[str, ...] = ()
    """The methods it is about. Empty: all that use the operation."""

    def covers(self, operation: str, parameter: str) -> bool:
        """Tell whether it speaks of a parameter of an operation."""
        return (EVERYTHING in self.operations or operation in self.operations) and (
            EVERYTHING in self.parameters or parameter in self.parameters
        )


def read_table(path: Path = TABLE) -> list[Row]:
    """Read all rows.

    Raises:
        ValueError: A row has a key it should not have, or lacks one.

    """
    rows: list[Row] = []
    for kind, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
        if kind not in _KINDS:
            raise ValueError(f"{path.name}: [[{kind}]] is none of {', '.join(_KINDS)}")
        for number, entry in enumerate(entries, 1):
            unknown = entry.keys() - _KEYS[kind]
            missing = _KEYS[kind] - entry.keys() - {"methods", "reason"}
            if unknown or missing:
                raise ValueError(f"{path.name}: [[{kind}]] number {number}: wrong keys {sorted(unknown | missing)}")
            lists: dict[str, Any] = {name: tuple(entry.get(name, ())) for name in _KEYS[kind] - {"reason"}}
            rows.append(Row(kind, reason=entry.get("reason", "").strip(), **lists))
    return rows


def findings(
    operations: Mapping[str, Operation],
    routes: Mapping[str, tuple[str, ...]],
    exposed: Mapping[str, Exposed],
    rows: Iterable[Row],
) -> list[str]:
    """Tell everything that is wrong, each in a sentence that says what to do.

    Args:
        operations: What the document has.
        routes: By method, the operations it uses.
        exposed: By method, what it sends.
        rows: The table.

    """
    rows = list(rows)
    users = _users(routes)
    lacking = _lacking(operations, users, exposed)
    undeclared = _undeclared(operations, exposed)
    found = [_named(row, "has no reason: say why") for row in rows if not row.reason]
    found += _not_called(operations, users, [row for row in rows if row.kind == "not_called"])
    left_out = [row for row in rows if row.kind == "left_out"]
    for (operation, parameter), methods in _uncovered(lacking, left_out):
        found.append(
            f"{operation} accepts {parameter}, which {_listed(methods)} cannot send: expose it as an argument of "
            f"{_listed(methods)} and pass it in {_HERE}/arguments.py, or add it to a [[left_out]] row of "
            f"{_HERE}/{TABLE.name} with a reason"
        )
    sent = [row for row in rows if row.kind == "undeclared"]
    for (operation, parameter), methods in _uncovered(undeclared, sent):
        found.append(
            f"{_listed(methods)} sends {parameter}, which the document of {operation} does not have, so the server may "
            f"ignore it: stop sending it, declare it in openapi/overlays when the server reads it, or add it to an "
            f"[[undeclared]] row of {_HERE}/{TABLE.name} with a reason"
        )
    for row in left_out:
        found += _too_wide(row, exposed)
        found += _stale(row, lacking, users, "every method sends it, or no operation accepts it any more")
    for row in sent:
        found += _stale(row, undeclared, None, "no method sends it, or the document has it now")
    found += _said_twice([row for row in rows if row.parameters])
    return found


def _users(routes: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
    users: dict[str, set[str]] = {}
    for method, keys in routes.items():
        for key in keys:
            users.setdefault(key, set()).add(method)
    return users


def _lacking(
    operations: Mapping[str, Operation], users: Mapping[str, set[str]], exposed: Mapping[str, Exposed]
) -> _Lacking:
    lacking: _Lacking = {}
    for key, methods in users.items():
        accepted = operations[key].accepted if key in operations else frozenset[str]()
        for method in methods:
            sent = exposed[method].get(key, frozenset())
            for parameter in accepted - sent - (_PLACES_OF_KEY if sent & _PLACES_OF_KEY else frozenset()):
                lacking.setdefault((key, parameter), set()).add(method)
    return lacking


def _undeclared(operations: Mapping[str, Operation], exposed: Mapping[str, Exposed]) -> _Lacking:
    undeclared: _Lacking = {}
    for method, sent in exposed.items():
        for key, parameters in sent.items():
            accepted = operations[key].accepted if key in operations else frozenset[str]()
            for parameter in parameters - accepted:
                undeclared.setdefault((key, parameter), set()).add(method)
    return undeclared


def _not_called(operations: Mapping[str, Operation], users: Mapping[str, set[str]], rows: list[Row]) -> Iterator[str]:
    listed = [key for row in rows for key in row.operations]
    for key in sorted(operations.keys() - users.keys() - set(listed)):
        yield (
            f"{key} is used by no method: write one and name it in inference_ext/client/routes_of_calls.py, or add it "
            f"to a [[not_called]] row of {_HERE}/{TABLE.name} with a reason"
        )
    for key in sorted(set(listed)):
        if key not in operations:
            yield f"{TABLE.name}: [[not_called]] {key}: the document has no such operation: remove it"
        elif key in users:
            yield f"{TABLE.name}: [[not_called]] {key}: {_listed(users[key])} uses it: remove it"
        elif listed.count(key) > 1:
            yield f"{TABLE.name}: [[not_called]] {key} is listed twice"


def _uncovered(cells: _Lacking, rows: list[Row]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Give what no row speaks of, and the methods that none names."""
    for (operation, parameter), methods in sorted(cells.items()):
        left = set(methods)
        for row in rows:
            if row.covers(operation, parameter):
                left -= set(row.methods) or methods
        if left:
            yield (operation, parameter), left


def _stale(row: Row, cells: _Lacking, users: Mapping[str, set[str]] | None, why: str) -> Iterator[str]:
    """Tell which parts of a row nothing needs."""
    for operation in row.operations:
        if operation != EVERYTHING and not any(key == operation for key, _ in cells):
            yield _named(row, f"{operation} does not need it ({why}): remove the operation")
            continue
        for parameter in row.parameters:
            needed = [cell for cell in cells if _is_of(cell, operation, parameter)]
            if not needed:
                where = "no operation needs it" if operation == EVERYTHING else f"{operation} does not need it"
                yield _named(row, f"{parameter}: {where} ({why}): remove it")
            elif EVERYTHING not in (operation, parameter):
                yield from _wrong_methods(row, operation, parameter, cells[operation, parameter], users)


def _too_wide(row: Row, exposed: Mapping[str, Exposed]) -> Iterator[str]:
    """Tell what a row for all operations says of a parameter that some method can send: it would hide its loss."""
    if EVERYTHING not in row.operations:
        return
    for parameter in row.parameters:
        if able := {method for method, sent in exposed.items() if any(parameter in paths for paths in sent.values())}:
            yield _named(row, f"{parameter}: {_listed(able)} can send it: name the operations instead of '*'")


def _is_of(cell: tuple[str, str], operation: str, parameter: str) -> bool:
    return operation in (EVERYTHING, cell[0]) and parameter in (EVERYTHING, cell[1])


def _wrong_methods(
    row: Row, operation: str, parameter: str, needing: set[str], users: Mapping[str, set[str]] | None
) -> Iterator[str]:
    if surplus := set(row.methods) - needing:
        yield _named(row, f"{parameter} of {operation}: {_listed(surplus)} does not need it: remove the method")
    if users is not None and not row.methods and (able := users[operation] - needing):
        yield _named(row, f"{parameter} of {operation}: {_listed(able)} sends it: name the methods that do not")


def _said_twice(rows: list[Row]) -> Iterator[str]:
    seen: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        for operation in row.operations:
            for parameter in row.parameters:
                for method in row.methods or (EVERYTHING,):
                    if (row.kind, operation, parameter, method) in seen:
                        yield _named(row, f"{parameter} of {operation} is in another row too: remove one")
                    seen[row.kind, operation, parameter, method] = row


def _named(row: Row, what: str) -> str:
    places = ", ".join(row.operations[:1] + (("...",) if len(row.operations) > 1 else ()))
    return f"{TABLE.name}: [[{row.kind}]] of {places}: {what}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
