"""What a schema says beside the allowed values: defaults, marks, and how its forms are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.comparison.difference import Change, judge
from schema_tools.comparison.json_text import canonical, shown
from schema_tools.comparison.keywords import ANNOTATIONS, UNIONS, is_extension
from schema_tools.document import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.comparison.difference import Side
    from schema_tools.document import Json, JsonObject

__all__ = ["mark_change", "note_changes"]


def note_changes(what: str, old: Json, new: Json, side: Side) -> Iterator[Change]:
    """The changes of one schema that leave the allowed values as they are, or nearly so.

    Args:
        what: How messages call the value.
        old: The schema before.
        new: The schema now.
        side: Who writes the value.

    """
    before: JsonObject = old if is_object(old) else {}
    after: JsonObject = new if is_object(new) else {}
    if _default(before) != _default(after):
        yield Change("behaviour", f"default of {what} {_default(before)} -> {_default(after)}")
    for mark in ANNOTATIONS:
        yield from mark_change(what, mark, before, after)
    for keyword in sorted(filter(is_extension, before.keys() | after.keys())):
        if canonical(before.get(keyword)) != canonical(after.get(keyword)):
            yield Change("changed", f"`{keyword}` of {what} changed")
    yield from _form_changes(what, before, after, side)


def mark_change(what: str, mark: str, old: JsonObject, new: JsonObject) -> Iterator[Change]:
    """A mark that is there or not, such as ``deprecated``."""
    if bool(old.get(mark)) != bool(new.get(mark)):
        text = mark if new.get(mark) else f"no longer {mark}"
        yield Change("changed", f"{what} {text}".strip())


def _default(schema: JsonObject) -> str:
    if "default" not in schema:
        return "none"
    value = schema["default"]
    return shown(int(value) if isinstance(value, float) and value.is_integer() else value)


def _form_changes(what: str, old: JsonObject, new: JsonObject, side: Side) -> Iterator[Change]:
    """Whether several forms may match at once (``anyOf``) or one alone (``oneOf``), and the discriminator."""
    before, after = _unions(old), _unions(new)
    had_one, has_one = _is_exclusive(old), _is_exclusive(new)
    if before and after and had_one != has_one:
        text = f"{what} must now match exactly one of its forms" if has_one else f"{what} may now match several forms"
        yield judge(side, "narrower" if has_one else "wider", text)
    had, has = _discriminator(before), _discriminator(after)
    if before and after and (had or has):
        yield from _discriminator_changes(what, had, has, side)


def _discriminator_changes(what: str, old: JsonObject, new: JsonObject, side: Side) -> Iterator[Change]:
    field, field_now = old.get("propertyName"), new.get("propertyName")
    if field != field_now:
        if not old:
            yield judge(side, "narrower", f"forms of {what} are now told apart by field `{field_now}`")
        elif not new:
            yield judge(side, "wider", f"forms of {what} are no longer told apart by field `{field}`")
        else:
            yield judge(side, "other", f"forms of {what} are now told apart by field `{field_now}`, was `{field}`")
        return
    forms, forms_now = old.get("mapping", {}), new.get("mapping", {})
    if gone := sorted(forms.keys() - forms_now.keys()):
        yield judge(side, "narrower", f"field `{field}` of {what} no longer names a form by {_listed(gone)}")
    if more := sorted(forms_now.keys() - forms.keys()):
        yield judge(side, "wider", f"field `{field}` of {what} now also names a form by {_listed(more)}")
    # a form that has another name in the new document is no other form, so only the known ones count
    other = sorted(each for each in forms.keys() & forms_now.keys() if forms_now[each] in _others(forms, each))
    if other:
        yield judge(side, "other", f"field `{field}` of {what} now names another form by {_listed(other)}")


def _unions(schema: JsonObject) -> list[tuple[str, JsonObject]]:
    """Every union of several forms that stands inline in a schema, the outermost first, with its keyword."""
    found: list[tuple[str, JsonObject]] = []
    for keyword in (*UNIONS, "allOf"):
        arms: list[Json] = schema.get(keyword, [])
        if keyword in UNIONS and len(arms) > 1:
            found.append((keyword, schema))
        for arm in filter(is_object, arms):
            found += _unions(arm)
    return found


def _is_exclusive(schema: JsonObject) -> bool:
    """Whether exactly one form may match; a union of null and one other is looked through."""
    for keyword in (*UNIONS, "allOf"):
        arms: list[Json] = [arm for arm in schema.get(keyword, []) if arm != {"type": "null"}]
        if len(arms) == 1 and is_object(arms[0]):
            return _is_exclusive(arms[0])
        if arms:
            return keyword == "oneOf"
    return False


def _discriminator(unions: list[tuple[str, JsonObject]]) -> JsonObject:
    found: list[JsonObject] = [schema["discriminator"] for _, schema in unions if "discriminator" in schema]
    return found[0] if found else {}


def _others(forms: JsonObject, value: str) -> list[Json]:
    return [form for form in forms.values() if form != forms[value]]


def _listed(values: list[str]) -> str:
    return ", ".join(map(shown, values))
