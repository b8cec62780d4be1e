"""Two schemas, compared in depth.

A named schema is not looked into where it is used: the pair is noted, and compared once for each side (request,
answer) that reaches it. So there is one message about it, and schemas that contain themselves come to an end.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from schema_tools.comparison.alternatives import alternatives
from schema_tools.comparison.difference import Change, judge, worst
from schema_tools.comparison.json_text import canonical
from schema_tools.comparison.keywords import other_constraints
from schema_tools.comparison.labels import labels
from schema_tools.comparison.limits import fits, limit_changes
from schema_tools.comparison.matching import match, opened
from schema_tools.comparison.notes import note_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from schema_tools.comparison.alternatives import Alternative
    from schema_tools.comparison.difference import Side
    from schema_tools.document import Json, JsonObject

    #: Name before, name now, and who writes the value.
    NamedPair: TypeAlias = tuple[str, str, Side]

__all__ = ["NamedPair", "SchemaComparison"]

#: How messages call the whole value of a named schema.
ROOT = "value"
TYPES_OF_VALUES = {"str": ("string",), "bool": ("boolean",), "NoneType": ("null",), "float": ("number",)}


def field_of(what: str, name: str) -> str:
    """How messages call a field."""
    return f"field `{name}`" if what == ROOT else f"field `{name}` of {what}"


class SchemaComparison:
    """Compares schemas of two documents.

    Attributes:
        pairs: The named schemas that were met in the same place of both, in the order in which they were met.

    """

    def __init__(self, old: Mapping[str, JsonObject], new: Mapping[str, JsonObject]) -> None:
        self._old, self._new = old, new
        self._looked_into: set[NamedPair] = set()
        self._in_depth: dict[NamedPair, list[Change]] = {}
        self.pairs: dict[NamedPair, None] = {}

    def compare(self, what: str, old: Json, new: Json, side: Side) -> Iterator[Change]:
        """Every change between two schemas.

        Args:
            what: How messages call the value.
            old: The schema before; none allows anything.
            new: The schema now.
            side: Who writes the value.

        """
        yield from note_changes(what, old, new, side)
        olds, news = alternatives(old, self._old), alternatives(new, self._new)
        matching = match(
            olds,
            news,
            (self._old, self._new),
            lambda before, now: not self._changes_in_depth(before, now, side),
            lambda before, now: len(self._probe(self._compare_pair(what, before, now, side))),
        )
        lost = [each for each in matching.lost if not self._is_covered(each, news)]
        gained = [each for each in matching.gained if not self._reversed._is_covered(each, olds)]
        if lost:
            verb = "no longer takes" if side == "request" else "is no longer"
            yield judge(side, "narrower", f"{what} {verb} {labels(lost, self._old)}")
        if gained:
            verb = "also takes" if side == "request" else "may now be"
            yield judge(side, "wider", f"{what} {verb} {labels(gained, self._new)}")
        # Nothing that is allowed has changed by these, but callers look for the names.
        if names := _names(matching.lost, lost):
            yield Change("changed", f"{what} no longer names {names} (still allowed)")
        if names := _names(matching.gained, gained):
            yield Change("changed", f"{what} now also names {names} (allowed before)")
        is_union = len(olds) > 1 or len(news) > 1
        for before, now in matching.pairs:
            yield from self._compare_pair(what, before, now, side, is_union=is_union)

    def compare_named(self, pair: NamedPair) -> Iterator[Change]:
        """Every change between two named schemas."""
        old, new, side = pair
        return self.compare(ROOT, self._old[old], self._new[new], side)

    def is_same(self, changes: Iterator[Change]) -> bool:
        """Whether there are no changes; the named schemas that are met are not noted."""
        return not self._probe(changes)

    @cached_property
    def _reversed(self) -> SchemaComparison:
        return SchemaComparison(self._new, self._old)

    def _probe(self, changes: Iterator[Change]) -> list[Change]:
        """The changes, without noting the named schemas that are met."""
        noted, self.pairs = self.pairs, {}
        try:
            return list(changes)
        finally:
            self.pairs = noted

    def _changes_in_depth(self, old: Alternative, new: Alternative, side: Side) -> list[Change]:
        """The changes between named schemas; those nested in them under one name are told elsewhere."""
        if old.name is None or new.name is None or old.name == new.name:
            return []
        pair = (old.name, new.name, side)
        if pair in self._looked_into:
            return []
        if pair in self._in_depth:
            return self._in_depth[pair]
        self._looked_into.add(pair)
        try:
            changes = self._probe(self.compare_named(pair))
        finally:
            self._looked_into.remove(pair)
        # Nothing found may only mean that a schema around this one is taken for the same until the end.
        if changes or not self._looked_into:
            self._in_depth[pair] = changes
        return changes

    def _compare_pair(
        self, what: str, old: Alternative, new: Alternative, side: Side, *, is_union: bool = False
    ) -> Iterator[Change]:
        if old.name is not None and new.name is not None:
            self.pairs[old.name, new.name, side] = None
            # What is told once about a new name, and not wherever it is used, counts where schemas are only judged.
            is_told_here = old.name in self._new or new.name in self._old or self._looked_into
            if is_told_here and (changes := self._changes_in_depth(old, new, side)):
                yield Change(worst(changes), f"{what} is now {new.name}, was {old.name}")
            return
        if old.kind == "integer" and new.kind == "number":
            yield judge(side, "wider", f"{what} {'also takes' if side == 'request' else 'may now be'} number")
        if old.kind == "number" and new.kind == "integer":
            yield judge(side, "narrower", f"{what} {'no longer takes' if side == 'request' else 'is no longer'} number")
        limited = f"{what} as {new.kind}" if is_union else what
        for effect, text in limit_changes(old.schema, new.schema):
            yield judge(side, effect, f"{limited}: {text}")
        before, now = other_constraints(old.schema), other_constraints(new.schema)
        for keyword in sorted(before.keys() | now.keys()):
            if canonical(before.get(keyword, "")) != canonical(now.get(keyword, "")):
                yield judge(side, "other", f"{limited}: keyword `{keyword}` changed, its effect is not known")
        if new.kind == "array":
            yield from self._compare_items(what, old.schema, new.schema, side)
        if new.kind == "object":
            yield from self._compare_objects(what, old.schema, new.schema, side)

    def _compare_items(self, what: str, old: JsonObject, new: JsonObject, side: Side) -> Iterator[Change]:
        before, now = old.get("prefixItems", []), new.get("prefixItems", [])
        for number in range(max(len(before), len(now))):
            item, item_now = (
                prefix[number] if number < len(prefix) else schema.get("items")
                for prefix, schema in ((before, old), (now, new))
            )
            yield from self.compare(f"item {number + 1} of {what}", item, item_now, side)
        yield from self.compare(f"an item of {what}", old.get("items"), new.get("items"), side)

    def _compare_objects(self, what: str, old: JsonObject, new: JsonObject, side: Side) -> Iterator[Change]:
        required, required_now = set(old.get("required", [])), set(new.get("required", []))
        fields, fields_now = (
            dict.fromkeys(names, True) | schema.get("properties", {})
            for names, schema in ((sorted(required), old), (sorted(required_now), new))
        )
        for name in sorted(fields.keys() - fields_now.keys()):
            yield Change("breaking", f"{field_of(what, name)} removed")
        for name in sorted(fields_now.keys() - fields.keys()):
            if side == "request" and name in required_now:
                yield Change("breaking", f"{field_of(what, name)} added (required)")
            else:
                yield Change("added", f"{field_of(what, name)} added")
        for name in sorted(fields.keys() & fields_now.keys()):
            yield from self.compare(field_of(what, name), fields[name], fields_now[name], side)
            if name in required_now - required:
                text = "became required" if side == "request" else "is now always there"
                yield judge(side, "narrower", f"{field_of(what, name)} {text}")
            if name in required - required_now:
                text = "is no longer required" if side == "request" else "may now be missing"
                yield judge(side, "wider", f"{field_of(what, name)} {text}")
        yield from self._compare_further_fields(what, old, new, side)

    def _compare_further_fields(self, what: str, old: JsonObject, new: JsonObject, side: Side) -> Iterator[Change]:
        """The fields that have no name in the document, and the rule for their names."""
        values, values_now = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if values is not False and values_now is False:
            text = "no longer takes further fields" if side == "request" else "has no longer further fields"
            yield judge(side, "narrower", f"{what} {text}")
        elif values is False and values_now is not False:
            text = "also takes further fields" if side == "request" else "may now have further fields"
            yield judge(side, "wider", f"{what} {text}")
        elif values is not False:
            is_map = not old.get("properties") and not new.get("properties")
            held = f"a value of {what}" if is_map else f"a further field of {what}"
            yield from self.compare(held, values, values_now, side)
        yield from self.compare(f"a name in {what}", old.get("propertyNames"), new.get("propertyNames"), side)

    def _is_covered(self, special: Alternative, others: list[Alternative]) -> bool:
        """Whether every value of an old alternative is allowed by one of the new ones."""
        return any(self._covers(general, special) for general in opened(others, self._new))

    def _covers(self, general: Alternative, special: Alternative) -> bool:
        if general.kind == "any" and not general.schema:
            return True
        if special.kind == "value":
            value = special.schema["const"]
            kinds = TYPES_OF_VALUES.get(type(value).__name__, ("integer", "number"))
            return general.text == special.text or (general.kind in kinds and fits(value, general.schema))
        if special.kind != general.kind and (special.kind, general.kind) != ("integer", "number"):
            return False
        return special.kind != "unknown" and self._takes_all(general, special)

    def _takes_all(self, general: Alternative, special: Alternative) -> bool:
        if special.name is not None and general.name is not None:
            changes = self._changes_in_depth(special, general, "request")
        else:
            changes = self._probe(self._compare_pair("", special, general, "request"))
        return all(change.severity != "breaking" for change in changes)


def _names(found: list[Alternative], told: list[Alternative]) -> str:
    """The named ones of some alternatives without those that are told already."""
    return ", ".join(sorted({each.name for each in found if each.name is not None and each not in told}))
