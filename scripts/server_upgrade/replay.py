"""Upgrades of the past, done again: from the oldest document of `openapi/history` to the current one, step by step.

Each step does what `scripts/upgrade_server.py` does once the document is there. Where it asks for a person, the rows of
today's tables stand in, so that what is left to edit by hand can be counted, and the build must pass each time.
"""

from __future__ import annotations

import copy
import json
import shutil
import time
from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import yaml
from schema_tools import build, render, snapshot
from schema_tools.availability import known_versions
from schema_tools.descriptions import DRAFT
from schema_tools.differences import compare
from schema_tools.document import is_array, is_object, referenced_schema, schemas_of, walk_objects
from schema_tools.drafts import CONFIRM_NAME, Edit, draft_rows
from schema_tools.layout import Layout
from schema_tools.overlay import apply_overlay
from schema_tools.problems import Problems
from schema_tools.profile import load_profile
from schema_tools.yaml_rows import delete_rows, insert_row, replace_value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schema_tools.document import Json, JsonObject

__all__ = ["Step", "replay"]

_TABLES = ("operations", "parameters", "schemas", "fields")


@dataclass(frozen=True)
class Step:
    """One upgrade, in numbers.

    Attributes:
        version: To which server.
        operations_added: Operations the server before did not have.
        operations_removed: Operations it had.
        breaking: Changes that can break a caller.
        rows_by_script: Rows that the script edited for good.
        names_confirmed: Drafted names that stayed.
        names_changed: Drafted names that a person replaced.
        texts_written: Texts that a person had to write.
        actions_edited: Overlay actions that a person had to write, change or delete.
        flags_edited: Rows of the profile that a person had to write or delete.
        seconds: What the step took.

    """

    version: str
    operations_added: int
    operations_removed: int
    breaking: int
    rows_by_script: int
    names_confirmed: int
    names_changed: int
    texts_written: int
    actions_edited: int
    flags_edited: int
    seconds: float

    @staticmethod
    def heading() -> str:
        """The first two lines of a markdown table of steps."""
        names = [field.name.replace("_", " ") for field in fields(Step)]
        return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"

    def __str__(self) -> str:
        values = [getattr(self, field.name) for field in fields(self)]
        cells = [f"{value:.1f}" if isinstance(value, float) else str(value) for value in values]
        return f"| {' | '.join(cells)} |"


def replay(folder: Path, *, generates: bool) -> Iterator[Step]:
    """Go from the oldest document to the current one; gives each step when it is done.

    Args:
        folder: An empty folder for a copy of `openapi/`.
        generates: Whether the package is generated in each step, too.

    Raises:
        SchemaError: A step does not end with a document that builds.

    """
    today = Layout()
    shutil.copytree(today.openapi, folder / "openapi")
    layout = Layout(folder)
    documents = known_versions(today)
    person = _Person(today, layout)
    before: JsonObject | None = None
    for version, document in documents.items():
        started = time.monotonic()
        step = _upgrade(layout, document, person)
        build.write(build.build(layout), layout)
        if generates:
            render.render(layout, folder / "packages" / version)
        if before is not None:
            changes = Counter((row.severity, row.change.partition(" (")[0]) for row in compare(before, document))
            yield Step(
                version=version,
                operations_added=changes["added", "operation added"],
                operations_removed=sum(
                    count for (_, change), count in changes.items() if change.startswith("operation removed")
                ),
                breaking=sum(count for (severity, _), count in changes.items() if severity == "breaking"),
                seconds=time.monotonic() - started,
                **step,
            )
        before = document


def _upgrade(layout: Layout, document: JsonObject, person: _Person) -> dict[str, int]:
    flags = person.edit_profile(document)
    snapshot.write(snapshot.take(document, load_profile(layout)), layout)
    first = draft_rows(layout)
    names = person.judge_names(first)
    actions = person.edit_overlays()
    edits = [*first, *draft_rows(layout)]
    texts = person.write_texts()
    return {
        "rows_by_script": sum(edit.todo is None for edit in edits),
        "names_confirmed": names["confirmed"],
        "names_changed": names["changed"],
        "texts_written": texts,
        "actions_edited": actions,
        "flags_edited": flags,
    }


class _Person:
    """Does by hand, in the copy, what today's tables say."""

    def __init__(self, today: Layout, layout: Layout) -> None:
        self._layout = layout
        self._profile = today.profile.read_text(encoding="utf-8")
        self._today = today
        self._rules = build.normalise_rules(today)
        self._texts = {name: today.load(today.descriptions / f"{name}.yaml") for name in _TABLES}
        self._overlays = {path.name: today.load(path) for path in today.overlays}
        self._actions: dict[str, list[Json]] = {}
        self._flags: set[str] = set()

    def edit_profile(self, document: JsonObject) -> int:
        """Keep the flags that the server has; gives the number of rows that came or went."""
        path = self._layout.profile
        path.write_text(self._profile, encoding="utf-8")
        missing = {flag.name for flag in load_profile(self._layout).missing(document)}
        text = delete_rows(delete_rows(self._profile, missing, ("set",)), missing, ("keep",))
        path.write_text(text, encoding="utf-8")
        profile = load_profile(self._layout)
        flags = {flag.name for flag in profile.to_set + profile.to_keep}
        edited = len(flags ^ self._flags)
        self._flags = flags
        return edited

    def judge_names(self, edits: list[Edit]) -> Counter[str]:
        """Take today's name for an operation, a schema or a list of values where it is another one than the draft."""
        verdicts: Counter[str] = Counter()
        for edit in edits:
            if edit.todo == CONFIRM_NAME:
                verdicts["changed" if self._renamed(edit) else "confirmed"] += 1
        verdicts["changed"] += self._rename_further_schemas()
        return verdicts

    def _rename_further_schemas(self) -> int:
        """Give better names to schemas whose name on the server would do; gives the number of new rows."""
        path = self._layout.normalise
        rows = build.normalise_rules(self._layout)["rename_schemas"]
        schemas = schemas_of(self._layout.load(self._layout.upstream))
        chosen = {old: new for old, new in self._rules["rename_schemas"].items() if old in schemas and old not in rows}
        for old, new in chosen.items():
            text = insert_row(path.read_text(encoding="utf-8"), old, new, ("rename_schemas",))
            path.write_text(text, encoding="utf-8")
        return len(chosen)

    def _renamed(self, edit: Edit) -> bool:
        file = self._layout.root / edit.file
        rows = self._layout.load(file)
        text = file.read_text(encoding="utf-8")
        if file == self._layout.operations:
            chosen = self._today.load(self._today.operations).get(edit.row, rows[edit.row])
            drafted = rows[edit.row]
            text = replace_value(text, edit.row, f"[{', '.join(chosen)}]")
        elif edit.row in (rows["rename_schemas"] or {}):
            drafted = rows["rename_schemas"][edit.row]
            chosen = self._rules["rename_schemas"].get(edit.row, drafted)
            text = replace_value(text, edit.row, chosen, ("rename_schemas",))
        else:
            drafted, values = edit.row, rows["enums"][edit.row]
            chosen = next((name for name, others in self._rules["enums"].items() if others == values), drafted)
            text = insert_row(delete_rows(text, [drafted], ("enums",)), chosen, json.dumps(values), ("enums",))
        file.write_text(text, encoding="utf-8")
        return bool(chosen != drafted)

    def write_texts(self) -> int:
        """Write every text that is a draft; gives their number."""
        written = 0
        for name in _TABLES:
            path = self._layout.descriptions / f"{name}.yaml"
            text = path.read_text(encoding="utf-8")
            for row, value in self._layout.load(path).items():
                if DRAFT in json.dumps(value):
                    today = self._texts[name].get(row, _stand_in(value))
                    text = replace_value(text, row, json.dumps(today))
                    written += 1
            path.write_text(text, encoding="utf-8")
        return written

    def edit_overlays(self) -> int:
        """Keep the actions that the document needs; gives the number of those that came, went or changed."""
        for name, overlay in self._overlays.items():
            self._write_overlay(name, {**overlay, "actions": []})
        document = snapshot.require_snapshot(self._layout)
        build.correct(document, self._layout, Problems())
        schemas = self._known_schemas(document)
        edited = 0
        for name, overlay in self._overlays.items():
            needed: list[Json] = []
            for action in overlay["actions"]:
                fitting = _without_arms(action, schemas)
                problems = Problems()
                trial = copy.deepcopy(document)
                apply_overlay(trial, {**overlay, "actions": [fitting]}, name, problems)
                if not problems:
                    document = trial
                    needed.append(fitting)
            self._write_overlay(name, {**overlay, "actions": needed})
            before = self._actions.get(name, [])
            edited += len({json.dumps(action) for action in needed} ^ {json.dumps(action) for action in before})
            self._actions[name] = needed
        return edited

    def _write_overlay(self, name: str, overlay: JsonObject) -> None:
        text = yaml.safe_dump(overlay, sort_keys=False)  # pyright: ignore[reportUnknownMemberType]
        (self._layout.openapi / "overlays" / name).write_text(text, encoding="utf-8")

    def _known_schemas(self, document: JsonObject) -> set[str]:
        """The schemas of the server, and those that overlays add."""
        known = set(schemas_of(document))
        for overlay in self._overlays.values():
            for action in overlay["actions"]:
                if action["target"] == "$.components.schemas":
                    known |= action["update"].keys()
        return known


def _without_arms(action: JsonObject, schemas: set[str]) -> JsonObject:
    """The action without the arms of its unions that name a schema the server does not have."""
    fitting = copy.deepcopy(action)
    for node in walk_objects(fitting):
        if is_array(arms := node.get("anyOf")):
            node["anyOf"] = [arm for arm in arms if (referenced_schema(arm) or "") in {"", *schemas}]
    return fitting


def _stand_in(value: Json) -> Json:
    """A text for what no current server has any more."""
    text = "Of an older server."
    return dict.fromkeys(value, text) if is_object(value) else text
