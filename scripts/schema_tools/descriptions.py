"""Our own texts: every operation, parameter, schema and field gets one, and no text is left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema_tools.document import is_object, operations, schemas_of
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject
    from schema_tools.layout import Layout

__all__ = ["DRAFT", "Table", "Texts", "apply_descriptions", "describe", "load_texts", "name_responses"]

#: What a text begins with that still has to be written; `drafts.py` makes such rows.
DRAFT = "TODO"


@dataclass
class Table:
    """The rows of one file, and which of them were used.

    Attributes:
        source: The file, for messages.
        rows: Name to text (or to summary and description).
        used: The names that were looked up with success.
        missing: The names that were looked up in vain.

    """

    source: str
    rows: JsonObject
    used: set[str] = field(default_factory=set[str])
    missing: list[str] = field(default_factory=list[str])

    def text(self, name: str, owner: str | None = None) -> Json:
        """The row ``owner.name`` or else ``name``; None, and noted as missing, when there is neither."""
        keys = [f"{owner}.{name}", name] if owner else [name]
        for key in keys:
            if key in self.rows:
                self.used.add(key)
                return self.rows[key]
        self.missing.append(keys[0])
        return None

    def problems(self) -> list[str]:
        """One entry for all rows that are missing, one for those used nowhere, one for those that are drafts."""
        found: list[str] = []
        if self.missing:
            found.append(f"{self.source}: {len(self.missing)} rows missing:{_lines(self.missing)}")
        if unused := self.unused():
            found.append(f"{self.source}: {len(unused)} rows used nowhere, delete them:{_lines(unused)}")
        if drafts := [name for name, row in self.rows.items() if _is_draft(row)]:
            found.append(f"{self.source}: {len(drafts)} rows are drafts, write their texts:{_lines(drafts)}")
        return found

    def unused(self) -> list[str]:
        """The rows that were not looked up."""
        return [name for name in self.rows if name not in self.used]


@dataclass
class Texts:
    """The four files of ``openapi/descriptions/``."""

    operations: Table
    parameters: Table
    schemas: Table
    fields: Table

    def problems(self) -> list[str]:
        """What is missing, left over or not yet written, in all four files."""
        return [problem for table in self.tables() for problem in table.problems()]

    def tables(self) -> tuple[Table, Table, Table, Table]:
        """The files, operations first."""
        return self.operations, self.parameters, self.schemas, self.fields


def load_texts(layout: Layout) -> Texts:
    """Read the four files.

    Raises:
        SchemaError: A file is missing or a row does not have the form of its file.

    """
    texts = Texts(*(_load(layout, name) for name in ("operations", "parameters", "schemas", "fields")))
    for name, row in texts.operations.rows.items():
        if not is_object(row) or set(row) != {"summary", "description"} or not all(map(_is_text, row.values())):
            raise SchemaError(
                f"{texts.operations.source}: row {name!r} must have the texts `summary` and `description`"
            )
        if "\n" in row["summary"].strip():
            raise SchemaError(f"{texts.operations.source}: row {name!r}: the summary must be one line")
    for table in (texts.parameters, texts.schemas, texts.fields):
        for name, row in table.rows.items():
            if not _is_text(row):
                raise SchemaError(f"{table.source}: row {name!r} must be a text that is not empty")
    return texts


def apply_descriptions(document: JsonObject, texts: Texts) -> int:
    """Write the texts into the document, each followed by the server's default where there is one.

    Returns:
        How many places were described.

    Raises:
        SchemaError: Texts are missing, used nowhere or drafts; the message lists all of them.

    """
    count = describe(document, texts)
    if problems := texts.problems():
        raise SchemaError("\n".join(problems))
    return count


def describe(document: JsonObject, texts: Texts) -> int:
    """Write the texts that there are into the document; the tables note which were used and which are missing."""
    count = 0
    for _, operation in operations(document):
        count += _describe_operation(operation, texts)
    for name, schema in schemas_of(document).items():
        count += _describe(schema, texts.schemas.text(name))
        for field_name, prop in schema.get("properties", {}).items():
            count += _describe(prop, texts.fields.text(field_name, owner=name), prop)
    return count


def name_responses(document: JsonObject, table: dict[str, str], source: str) -> None:
    """Describe every response by its status code.

    Raises:
        SchemaError: A status code has no row, or a row is used nowhere.

    """
    rows = {str(code): text for code, text in table.items()}
    used: set[str] = set()
    for key, operation in operations(document):
        for code, response in operation["responses"].items():
            if code not in rows:
                raise SchemaError(f"{source}: add a responses row for status {code}, used by {key}")
            response["description"] = rows[code]
            used.add(code)
    if unused := sorted(rows.keys() - used):
        raise SchemaError(f"{source}: responses rows {unused} are used nowhere, delete them")


def _load(layout: Layout, name: str) -> Table:
    path = layout.descriptions / f"{name}.yaml"
    return Table(layout.name(path), layout.load(path))


def _describe_operation(operation: JsonObject, texts: Texts) -> int:
    name = operation["operationId"]
    row = texts.operations.text(name)
    count = 0
    if row is not None:
        # before the other keys, where a reader of the document looks for it
        others = dict(operation)
        operation.clear()
        operation.update({"summary": row["summary"].strip(), "description": row["description"].strip(), **others})
        count += 1
    for parameter in operation.get("parameters", []):
        count += _describe(parameter, texts.parameters.text(parameter["name"], owner=name), parameter["schema"])
    return count


def _describe(target: JsonObject, text: str | None, schema: JsonObject | None = None) -> int:
    if text is None:
        return 0
    target["description"] = _with_default(text.strip(), schema or {})
    return 1


def _with_default(text: str, schema: JsonObject) -> str:
    default = schema.get("x-server-default")
    if default is None:  # absent, or null: leaving the field out says the same
        return text
    stop = "" if text[-1] in ".!?" else "."
    return f"{text}{stop} Server default: {default!r}."


def _is_draft(row: Json) -> bool:
    texts: list[str] = list(row.values()) if is_object(row) else [row]
    return any(text.startswith(DRAFT) for text in texts)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _lines(rows: list[str]) -> str:
    return "".join(f"\n  {row}" for row in dict.fromkeys(rows))
