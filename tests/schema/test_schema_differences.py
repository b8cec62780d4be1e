"""What changed in a schema: the same change where callers send the value, and where they receive it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from schema_tools.differences import Difference, compare

if TYPE_CHECKING:
    from schema_tools.comparison.difference import Severity, Side

Schema = dict[str, Any]
SIDES: tuple[Side, Side] = ("request", "answer")


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def record(*required: str, **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def document(side: Side, schema: Schema, named: dict[str, Schema] | None = None) -> dict[str, Any]:
    """A server with one operation that takes or answers an object whose field `f` is the schema."""
    content = {"content": {"application/json": {"schema": record(f=schema)}}}
    operation: dict[str, Any] = {"responses": {"200": content if side == "answer" else {}}}
    if side == "request":
        operation["requestBody"] = content
    return {
        "openapi": "3.1.0",
        "info": {"title": "Server", "version": "1"},
        "paths": {"/run": {"post": operation}},
        "components": {"schemas": named or {}},
    }


def between(side: Side, old: Schema, new: Schema, named: dict[str, Schema] | None = None) -> list[tuple[str, str]]:
    found = compare(document(side, old, named), document(side, new, named))
    assert {row.place for row in found} <= {"POST /run"}
    whole = "field `f` of body" if side == "request" else "field `f` of answer"
    return [(row.severity, row.change.replace(whole, "f")) for row in found]


STRING, INTEGER, NUMBER, NULL = ({"type": name} for name in ("string", "integer", "number", "null"))
NAMES = ("BoxAnswer", "PointAnswer", "ClassAnswer")
NAMED = {"A": record(a=STRING), "B": record(b=STRING), "Color": {"type": "string", "enum": ["red", "blue"]}}

#: A schema, a wider one, and what is said of the way there and back: sent wider, sent narrower, received wider,
#: received narrower.
WIDER: dict[str, tuple[Schema, Schema, str, str, str, str]] = {
    "nullable": (
        STRING,
        {"anyOf": [STRING, NULL]},
        "f also takes null",
        "f no longer takes null",
        "f may now be null",
        "f is no longer null",
    ),
    "nullable, as a list of types": (
        STRING,
        {"type": ["string", "null"]},
        "f also takes null",
        "f no longer takes null",
        "f may now be null",
        "f is no longer null",
    ),
    "number": (
        INTEGER,
        NUMBER,
        "f also takes number",
        "f no longer takes number",
        "f may now be number",
        "f is no longer number",
    ),
    "anything": (STRING, {}, "f also takes any", "f no longer takes any", "f may now be any", "f is no longer any"),
    "named arm": (
        {"anyOf": [ref("A"), NULL]},
        {"anyOf": [ref("A"), ref("B"), NULL]},
        "f also takes B",
        "f no longer takes B",
        "f may now be B",
        "f is no longer B",
    ),
    "enum": (
        {"type": "string", "enum": ["x"]},
        {"type": "string", "enum": ["x", "y"]},
        "f also takes 'y'",
        "f no longer takes 'y'",
        "f may now be 'y'",
        "f is no longer 'y'",
    ),
    "enum to its type": (
        {"enum": ["x"]},
        STRING,
        "f also takes string",
        "f no longer takes string",
        "f may now be string",
        "f is no longer string",
    ),
    "const": (
        {"const": 1},
        {"anyOf": [{"const": 1}, {"const": True}]},
        "f also takes true",
        "f no longer takes true",
        "f may now be true",
        "f is no longer true",
    ),
    "enum in a list": (
        {"type": "array", "items": {"enum": ["x"]}},
        {"type": "array", "items": {"enum": ["x", "y"]}},
        "an item of f also takes 'y'",
        "an item of f no longer takes 'y'",
        "an item of f may now be 'y'",
        "an item of f is no longer 'y'",
    ),
    "named enum that became inline": (
        ref("Color"),
        {"enum": ["red", "blue", "green"]},
        "f also takes 'green'",
        "f no longer takes 'green'",
        "f may now be 'green'",
        "f is no longer 'green'",
    ),
    "list of lists": (
        {"anyOf": [{"type": "array", "items": {"type": "array", "items": INTEGER}}, NULL]},
        {"anyOf": [{"type": "array", "items": {"type": "array", "items": NUMBER}}, NULL]},
        "an item of an item of f also takes number",
        "an item of an item of f no longer takes number",
        "an item of an item of f may now be number",
        "an item of an item of f is no longer number",
    ),
    "one or a list": (
        ref("A"),
        {"anyOf": [ref("A"), {"type": "array", "items": ref("A")}]},
        "f also takes list of A",
        "f no longer takes list of A",
        "f may now be list of A",
        "f is no longer list of A",
    ),
    "map": (
        {"type": "object", "additionalProperties": INTEGER},
        {"type": "object", "additionalProperties": NUMBER},
        "a value of f also takes number",
        "a value of f no longer takes number",
        "a value of f may now be number",
        "a value of f is no longer number",
    ),
    "place in a list of places": (
        {"type": "array", "prefixItems": [INTEGER, STRING]},
        {"type": "array", "prefixItems": [NUMBER, STRING]},
        "item 1 of f also takes number",
        "item 1 of f no longer takes number",
        "item 1 of f may now be number",
        "item 1 of f is no longer number",
    ),
    "inline object": (
        record("a", a=STRING),
        record(a=STRING),
        "field `a` of f is no longer required",
        "field `a` of f became required",
        "field `a` of f may now be missing",
        "field `a` of f is now always there",
    ),
    "inline object in a list in a union": (
        {"anyOf": [{"type": "array", "items": record(a=INTEGER)}, NULL]},
        {"anyOf": [{"type": "array", "items": record(a=NUMBER)}, NULL]},
        "field `a` of an item of f also takes number",
        "field `a` of an item of f no longer takes number",
        "field `a` of an item of f may now be number",
        "field `a` of an item of f is no longer number",
    ),
    "further fields": (
        {**record(a=STRING), "additionalProperties": False},
        record(a=STRING),
        "f also takes further fields",
        "f no longer takes further fields",
        "f may now have further fields",
        "f has no longer further fields",
    ),
    "values of further fields": (
        {**record(a=STRING), "additionalProperties": INTEGER},
        {**record(a=STRING), "additionalProperties": NUMBER},
        "a further field of f also takes number",
        "a further field of f no longer takes number",
        "a further field of f may now be number",
        "a further field of f is no longer number",
    ),
    "allOf": (
        {"allOf": [record("a", a=STRING), record("b", b=STRING)]},
        {"allOf": [record("a", a=STRING), record(b=STRING)]},
        "field `b` of f is no longer required",
        "field `b` of f became required",
        "field `b` of f may now be missing",
        "field `b` of f is now always there",
    ),
    "oneOf": (
        {"oneOf": [STRING, INTEGER]},
        {"anyOf": [STRING, INTEGER]},
        "f may now match several forms",
        "f must now match exactly one of its forms",
        "f may now match several forms",
        "f must now match exactly one of its forms",
    ),
    "discriminator": (
        {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "kind"}},
        {"oneOf": [ref("A"), ref("B")]},
        "forms of f are no longer told apart by field `kind`",
        "forms of f are now told apart by field `kind`",
        "forms of f are no longer told apart by field `kind`",
        "forms of f are now told apart by field `kind`",
    ),
    "name of a form": (
        {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "k", "mapping": {"a": "#/A"}}},
        {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "k", "mapping": {"a": "#/A", "b": "#/B"}}},
        "field `k` of f now also names a form by 'b'",
        "field `k` of f no longer names a form by 'b'",
        "field `k` of f now also names a form by 'b'",
        "field `k` of f no longer names a form by 'b'",
    ),
}

#: A limit on a schema, and a looser one; None for no limit.
LOOSER: list[tuple[Schema, str, Any, Any]] = [
    (INTEGER, "minimum", 2, 1),
    (INTEGER, "maximum", 1, 2),
    (NUMBER, "exclusiveMinimum", 0, None),
    (NUMBER, "exclusiveMaximum", 1, 1.5),
    (NUMBER, "multipleOf", 0.2, 0.1),
    (STRING, "minLength", 1, None),
    (STRING, "maxLength", 3, 4),
    (STRING, "pattern", "^a", None),
    (STRING, "format", "uri", None),
    ({"type": "array", "items": STRING}, "minItems", 2, 1),
    ({"type": "array", "items": STRING}, "maxItems", 2, None),
    ({"type": "array", "items": STRING}, "uniqueItems", True, None),
    ({"type": "object"}, "minProperties", 1, None),
    ({"type": "object"}, "maxProperties", 1, 2),
]


@pytest.mark.parametrize("case", WIDER)
def test_wider_is_added_where_it_is_sent_and_breaking_where_it_is_received(case: str) -> None:
    old, new, sent_wider, sent_narrower, received_wider, received_narrower = WIDER[case]
    assert between("request", old, new, NAMED) == [("added", sent_wider)]
    assert between("request", new, old, NAMED) == [("breaking", sent_narrower)]
    assert between("answer", old, new, NAMED) == [("breaking", received_wider)]
    assert between("answer", new, old, NAMED) == [("changed", received_narrower)]


@pytest.mark.parametrize(("schema", "keyword", "tight", "loose"), LOOSER, ids=lambda value: str(value))
def test_a_looser_limit_is_wider(schema: Schema, keyword: str, tight: Any, loose: Any) -> None:
    tighter = {**schema, keyword: tight}
    looser = schema if loose is None else {**schema, keyword: loose}
    for side, wider, narrower in (("request", "added", "breaking"), ("answer", "breaking", "changed")):
        [(severity, text)] = between(side, tighter, looser)
        assert (severity, keyword in text) == (wider, True)
        [(severity, text)] = between(side, looser, tighter)
        assert (severity, keyword in text) == (narrower, True)


def test_a_limit_that_takes_the_place_of_another_is_one_change() -> None:
    inclusive, exclusive = {**NUMBER, "minimum": 0}, {**NUMBER, "exclusiveMinimum": 0}
    assert between("request", inclusive, exclusive) == [("breaking", "f: minimum 0 -> exclusiveMinimum 0")]
    assert between("answer", inclusive, exclusive) == [("changed", "f: minimum 0 -> exclusiveMinimum 0")]


def test_a_limit_in_a_union_names_the_type() -> None:
    old = {"anyOf": [{**STRING, "minLength": 1}, NULL]}
    assert between("request", {"anyOf": [STRING, NULL]}, old) == [("breaking", "f as string: minLength none -> 1")]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ({**STRING, "pattern": "^a"}, {**STRING, "pattern": "^b"}, "f: pattern '^a' -> '^b'"),
        ({**STRING, "format": "uri"}, {**STRING, "format": "date"}, "f: format 'uri' -> 'date'"),
        ({**NUMBER, "multipleOf": 2}, {**NUMBER, "multipleOf": 3}, "f: multipleOf 2 -> 3"),
        (STRING, {**STRING, "not": {"const": "x"}}, "f: keyword `not` changed, its effect is not known"),
        (
            {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "a"}},
            {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "b"}},
            "forms of f are now told apart by field `b`, was `a`",
        ),
        (
            {
                "oneOf": [ref("A"), ref("B")],
                "discriminator": {"propertyName": "k", "mapping": {"a": "#/A", "b": "#/B"}},
            },
            {
                "oneOf": [ref("A"), ref("B")],
                "discriminator": {"propertyName": "k", "mapping": {"a": "#/B", "b": "#/B"}},
            },
            "field `k` of f now names another form by 'a'",
        ),
    ],
)
def test_what_cannot_be_ordered_breaks_on_both_sides(side: Side, old: Schema, new: Schema, text: str) -> None:
    assert between(side, old, new, NAMED) == [("breaking", text)]


@pytest.mark.parametrize("side", SIDES)
def test_another_type_is_both_narrower_and_wider(side: Side) -> None:
    texts = {"request": ("no longer takes", "also takes"), "answer": ("is no longer", "may now be")}[side]
    found = between(
        side, {"type": "array", "items": STRING}, {"type": "object", "additionalProperties": ref("A")}, NAMED
    )
    severities = ("breaking", "added") if side == "request" else ("changed", "breaking")
    assert found == [(severities[0], f"f {texts[0]} list of string"), (severities[1], f"f {texts[1]} map of A")]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("old", "new", "severity", "text"),
    [
        ({**INTEGER, "default": 1}, {**INTEGER, "default": 2}, "behaviour", "default of f 1 -> 2"),
        (INTEGER, {**INTEGER, "default": None}, "behaviour", "default of f none -> null"),
        ({"default": 1}, {"default": True}, "behaviour", "default of f 1 -> true"),
        ({"default": "1"}, {"default": 1}, "behaviour", "default of f '1' -> 1"),
        ({"default": [1]}, {}, "behaviour", "default of f [1] -> none"),
        ({**ref("A"), "default": {}}, ref("A"), "behaviour", "default of f {} -> none"),
        (STRING, {**STRING, "deprecated": True}, "changed", "f deprecated"),
        ({**STRING, "readOnly": True}, STRING, "changed", "f no longer readOnly"),
        ({**STRING, "x-unit": "px"}, {**STRING, "x-unit": "m"}, "changed", "`x-unit` of f changed"),
        (record(a=STRING), record(), "breaking", "field `a` of f removed"),
        (record(), record(a=STRING), "added", "field `a` of f added"),
    ],
)
def test_what_is_the_same_on_both_sides(side: Side, old: Schema, new: Schema, severity: Severity, text: str) -> None:
    assert between(side, old, new, NAMED) == [(severity, text)]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ref("Color"), {"enum": ["blue", "red"]}),
        (ref("A"), record(a=STRING)),
        (ref("A"), {"allOf": [ref("A")]}),
        (ref("A"), {"anyOf": [ref("A")]}),
        ({"anyOf": [ref("A"), ref("B")]}, {"anyOf": [ref("B"), {"anyOf": [ref("A")]}]}),
        ({"anyOf": [STRING, NULL]}, {**STRING, "nullable": True}),
        ({"anyOf": [NUMBER, INTEGER]}, NUMBER),
        ({"anyOf": [STRING, {"const": "x"}]}, STRING),
        ({"anyOf": [STRING, {**STRING, "format": "uri"}]}, STRING),
        ({"anyOf": [{}, STRING]}, {}),
        ({"type": "object"}, {"type": "object", "additionalProperties": True}),
        ({"allOf": [record("a", a=STRING), record(b=STRING)]}, record("a", a=STRING, b=STRING)),
        ({"allOf": [{"anyOf": [STRING, INTEGER]}, {"anyOf": [INTEGER, NULL]}]}, INTEGER),
        ({**NUMBER, "default": 1.0, "minimum": 0.0}, {**NUMBER, "default": 1, "minimum": 0}),
        ({**STRING, "title": "A", "description": "a"}, STRING),
        (record(title=STRING), {**record(title=STRING), "title": "A"}),
        ({**STRING, "minLength": 0}, STRING),
        ({"const": "x"}, {"enum": ["x"]}),
    ],
)
def test_two_ways_to_say_the_same_are_no_difference(side: Side, one: Schema, other: Schema) -> None:
    assert between(side, one, other, NAMED) == between(side, other, one, NAMED) == []


@pytest.mark.parametrize("side", SIDES)
def test_a_named_schema_among_anything_is_told(side: Side) -> None:
    old, new = {"anyOf": [ref("A"), {}]}, {"anyOf": [ref("A"), ref("B"), {}]}
    assert between(side, old, new, NAMED) == [("changed", "f now also names B (allowed before)")]
    assert between(side, new, old, NAMED) == [("changed", "f no longer names B (still allowed)")]


def test_a_value_that_the_limits_of_its_type_refuse_is_lost() -> None:
    for value, schema in (
        ("x", {**STRING, "minLength": 2}),
        ("x", {**STRING, "pattern": "^a"}),
        (1, {**NUMBER, "exclusiveMinimum": 1}),
        (1.5, INTEGER),
        (1, {**INTEGER, "multipleOf": 2}),
    ):
        found = between("request", {"const": value}, schema)
        assert [severity for severity, _ in found] == ["breaking", "added"]


def test_a_field_is_compared_by_its_name_even_if_it_is_called_like_a_keyword() -> None:
    names = ("default", "enum", "required", "properties", "anyOf", "$ref")
    old, new = (record(**dict.fromkeys(names, kind)) for kind in (STRING, NUMBER))
    for name in names:
        assert ("breaking", f"field `{name}` of f no longer takes string") in between("request", old, new)


NODE = {"Node": record("name", name=STRING, next=ref("Node"), all={"type": "array", "items": ref("Node")})}
RING = {"Left": record(right=ref("Right")), "Right": record(left=ref("Left"), name=STRING)}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("first", "named", "changed"), [("Node", NODE, "Node"), ("Left", RING, "Right")], ids=["itself", "ring"]
)
def test_schemas_that_contain_themselves_come_to_an_end(
    side: Side, first: str, named: dict[str, Schema], changed: str
) -> None:
    new = {**named, changed: {**named[changed], "properties": {**named[changed]["properties"], "name": INTEGER}}}
    assert compare(document(side, ref(first), named), document(side, ref(first), named)) == []
    texts = ("no longer takes", "also takes") if side == "request" else ("is no longer", "may now be")
    assert {row.change for row in compare(document(side, ref(first), named), document(side, ref(first), new))} == {
        f"field `name` {texts[0]} string",
        f"field `name` {texts[1]} integer",
    }


def test_unions_and_allof_that_contain_themselves_come_to_an_end() -> None:
    named = {
        "Json": {"anyOf": [STRING, {"type": "array", "items": ref("Json")}, ref("Json")]},
        "All": {"allOf": [ref("All"), record(a=STRING)]},
    }
    for name in named:
        assert compare(document("request", ref(name), named), document("request", ref(name), named)) == []
    spelled_out = {"anyOf": [STRING, {"type": "array", "items": ref("Json")}]}
    assert between("request", ref("Json"), spelled_out, named) == []
    assert between("answer", ref("All"), record(a=STRING), named) == []


def both_sides(named: dict[str, Schema], used: str) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": ref(used)}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Server", "version": "1"},
        "paths": {"/run": {"post": {"requestBody": content, "responses": {"200": content}}}},
        "components": {"schemas": named},
    }


def test_a_schema_of_both_sides_is_judged_by_both_rules() -> None:
    outer = {"Outer": record(inner=ref("Inner"))}
    old = both_sides({**outer, "Inner": record("a", a=INTEGER)}, "Outer")
    new = both_sides({**outer, "Inner": record(a=NUMBER)}, "Outer")
    assert compare(old, new) == [
        Difference("added", "Inner", "field `a` also takes number"),
        Difference("added", "Inner", "field `a` is no longer required"),
        Difference("breaking", "Inner", "field `a` may now be number"),
        Difference("breaking", "Inner", "field `a` may now be missing"),
    ]


def test_a_schema_that_is_only_renamed_is_said_so_once() -> None:
    old, new = (
        both_sides(
            {"Outer": record(x=ref(name), y={"type": "array", "items": ref(name)}), name: record(next=ref(name))},
            "Outer",
        )
        for name in ("Old", "New")
    )
    assert compare(old, new) == [Difference("changed", "Old", "schema renamed to `New`")]


def test_a_schema_that_was_split_in_two_is_renamed_to_both() -> None:
    old = both_sides({"Point": record(x=NUMBER)}, "Point")
    new = both_sides({"Point-Input": record(x=NUMBER), "Point-Output": record(x=NUMBER)}, "Point-Input")
    new["paths"]["/run"]["post"]["responses"]["200"]["content"]["application/json"] = {"schema": ref("Point-Output")}
    new["paths"]["/run"]["post"]["requestBody"] = {"content": {"application/json": {"schema": ref("Point-Input")}}}
    assert compare(old, new) == [Difference("changed", "Point", "schema renamed to `Point-Input` and `Point-Output`")]


def test_a_schema_that_is_renamed_and_changed_is_compared_with_its_successor() -> None:
    old, new = both_sides({"Old": record(a=STRING)}, "Old"), both_sides({"New": record(a=STRING, b=STRING)}, "New")
    assert compare(old, new) == [
        Difference("changed", "Old", "schema replaced by `New`"),
        Difference("added", "Old (now New)", "field `b` added"),
    ]


def test_of_several_schemas_with_new_names_the_one_with_the_likest_name_is_the_successor() -> None:
    old, new = (
        both_sides(
            {
                "Any": {"anyOf": [ref(f"{name}{end}") for name in names]},
                **{f"{name}{end}": record(time=NUMBER, **more) for name in names},
            },
            "Any",
        )
        for end, more, names in (("", {}, NAMES), ("V2", {"more": STRING}, NAMES[::-1]))
    )
    assert {row.place for row in compare(old, new) if row.change.startswith("field")} == {
        f"{name} (now {name}V2)" for name in NAMES
    }


def test_an_arm_is_not_hidden_by_another_that_has_no_old_name_either() -> None:
    old = {"Old": record(a=STRING, more=ref("OldMore")), "OldMore": record(x=STRING)}
    new = {"New": record(a=STRING, more=ref("NewMore")), "NewMore": record(x=STRING), "Other": record(a=INTEGER)}
    found = compare(document("answer", ref("Old"), old), document("answer", {"anyOf": [ref("New"), ref("Other")]}, new))
    assert Difference("breaking", "POST /run", "field `f` of answer may now be Other") in found
    assert Difference("changed", "Old", "schema renamed to `New`") in found


@pytest.mark.parametrize("side", SIDES)
def test_a_named_arm_within_what_another_allows_is_told(side: Side) -> None:
    named = {"Wide": record(a=STRING, b=STRING), "Narrow": record("a", a=STRING, b={"const": "x"})}
    old, new = ref("Wide"), {"anyOf": [ref("Wide"), ref("Narrow")]}
    assert between(side, old, new, named) == [("changed", "f now also names Narrow (allowed before)")]
    assert between(side, new, old, named) == [("changed", "f no longer names Narrow (still allowed)")]


@pytest.mark.parametrize(("side", "severity"), [("request", "breaking"), ("answer", "added")])
def test_another_known_schema_is_as_severe_as_the_difference_between_the_two(side: Side, severity: Severity) -> None:
    named = {"Any": record(), "Named": record("a", a=STRING), "Same": record()}
    narrower = compare(document(side, ref("Any"), named), document(side, ref("Named"), named))
    what = "field `f` of body" if side == "request" else "field `f` of answer"
    assert Difference(severity, "POST /run", f"{what} is now Named, was Any") in narrower
    assert {row.place for row in narrower} == {"POST /run", "Any (now Named)"}
    assert compare(document(side, ref("Any"), named), document(side, ref("Same"), named)) == []
