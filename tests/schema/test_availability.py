"""Since when, and until when, servers have an operation and each of its fields."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inference_api.availability import OPERATIONS, PARAMETERS, VERSIONS
from schema_tools.availability import Availability, availability, history, known_versions
from schema_tools.document import operations
from schema_tools.errors import SchemaError
from schema_tools.fields import fields
from schema_tools.layout import Layout
from schema_tools.version_notes import VersionNotes, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_project import SchemaProject

Document = dict[str, Any]

OLDEST = "0.58.3"
RUN = "POST /run/{name}"


def a_document(version: str, present: Mapping[str, bool]) -> Document:
    """A document whose one operation has what is present; its schemas and its path parameter change their names."""

    def reference(name: str, **properties: bool) -> Document:
        schema = {field: inner for field, inner in properties.items() if inner}
        schemas[f"{name}_{version}"] = {"type": "object", "properties": {field: {} for field in schema}}
        return {"anyOf": [{"$ref": f"#/components/schemas/{name}_{version}"}, {"type": "null"}]}

    schemas: Document = {}
    body = {
        "nest": {"type": "array", "items": reference("Inner", deep=present["deep"], old=True)},
        **({"field": {"type": "string"}} if present["field"] else {}),
    }
    answer = {"result": reference("Result", said=present["said"], old=True)}
    operation = {
        "operationId": "run",
        "parameters": [
            {"in": "path", "name": f"name_{version}", "schema": {}},
            *([{"in": "query", "name": "option", "schema": {}}] if present["option"] else []),
        ],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/Ask_{version}"}}}},
        "responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/Say_{version}"}}}},
            "422": {"content": {"application/json": {"schema": {"type": "object", "properties": {"detail": {}}}}}},
        },
    }
    schemas[f"Ask_{version}"] = {"type": "object", "properties": body}
    schemas[f"Say_{version}"] = {"type": "object", "properties": answer}
    path = f"/run/{{name_{version}}}"
    return {
        "info": {"title": "Server", "version": version},
        "paths": {path: {"post": operation}} if present["operation"] else {},
        "components": {"schemas": schemas},
    }


PARTS = ("operation", "option", "field", "deep", "said")
PRESENCE = st.lists(st.fixed_dictionaries(dict.fromkeys(PARTS, st.booleans())), min_size=1, max_size=8)


def expected(versions: list[str], having: list[bool]) -> Availability | None:
    """The last stretch of true, found by walking from the end."""
    if not any(having):
        return None
    end = len(having)
    while not having[end - 1]:
        end -= 1
    start = end
    while start and having[start - 1]:
        start -= 1
    return Availability(
        since=versions[start],
        missing_in=versions[start - 1] if start else None,
        until=versions[end - 1] if end < len(having) else None,
    )


@given(PRESENCE)
def test_every_part_is_followed_through_the_versions(presence: list[dict[str, bool]]) -> None:
    versions = [f"1.{number}.0" for number in range(len(presence))]
    documents = {version: a_document(version, present) for version, present in zip(versions, presence, strict=True)}
    found = history(documents)
    there = [present["operation"] for present in presence]
    own = expected(versions, there)
    if own is None:
        assert found.operations == {}
        return
    (key,) = found.of_operations()
    newest = max(version for version, has in zip(versions, there, strict=True) if has)
    assert key == f"POST /run/{{name_{newest}}}"
    assert found.of_operations() == {key: own}
    parameters = found.of_parameters().get(key, {})
    for part, path, side in (
        ("option", ("option",), "query"),
        ("field", ("field",), "body"),
        ("deep", ("nest", "deep"), "body"),
    ):
        known = expected(versions, [has and present[part] for has, present in zip(there, presence, strict=True)])
        assert found.of_field(key, (side,), path) == known
        assert parameters.get(".".join(path)) == (None if known == own else known)
    said = expected(versions, [has and present["said"] for has, present in zip(there, presence, strict=True)])
    assert found.of_field(key, ("answer",), ("result", "said")) == said
    assert set(parameters) <= {"option", "field", "nest.deep"}


@given(PRESENCE)
def test_notes_say_what_is_known_of_the_parts_of_the_newest_document(presence: list[dict[str, bool]]) -> None:
    presence[-1] = dict.fromkeys(PARTS, True)
    versions = [f"1.{number}.0" for number in range(len(presence))]
    documents = {version: a_document(version, present) for version, present in zip(versions, presence, strict=True)}
    found, newest = history(documents), documents[versions[-1]]
    notes = VersionNotes(found, newest)
    (key,) = found.of_operations()
    assert notes.operation(key) == sentence(found.of_operation(key), versions)
    option = found.of_field(key, ("query",), ("option",))
    assert option is not None
    differs = option != found.of_operation(key)
    assert notes.parameter(key, "query", "option") == (sentence(option, versions) if differs else "")
    for side, path, name in (
        ("body", ("field",), "Ask"),
        ("body", ("nest", "deep"), "Inner"),
        ("answer", ("result", "said"), "Result"),
    ):
        known = found.of_field(key, (side,), path)
        assert known is not None
        assert notes.field(f"{name}_{versions[-1]}", path[-1]) == sentence(known, versions)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (Availability("1.0.0", None, None), ""),
        (Availability("1.1.0", "1.0.0", None), "Since server 1.1.0 at the latest (missing in 1.0.0)."),
        (Availability("1.0.0", None, "1.1.0"), "Until server 1.1.0 at least (missing in 1.2.0)."),
        (
            Availability("1.1.0", "1.0.0", "1.1.0"),
            "Since server 1.1.0 at the latest (missing in 1.0.0). Until server 1.1.0 at least (missing in 1.2.0).",
        ),
    ],
)
def test_a_note_claims_no_more_than_is_known(known: Availability, text: str) -> None:
    assert sentence(known, ["1.0.0", "1.1.0", "1.2.0"]) == text


def test_what_comes_back_is_counted_from_its_return() -> None:
    assert availability(["1", "2", "3", "4"], {"1", "3", "4"}) == Availability("3", "2", None)


def test_a_class_of_several_operations_has_a_field_where_all_of_them_have_it() -> None:
    def document(version: str, *, second: bool, extra: bool) -> Document:
        made = a_document(version, dict.fromkeys(PARTS, True))
        result = {"type": "object", "properties": {"old": {}, **({"new": {}} if extra else {})}}
        made["components"]["schemas"]["Shared"] = result
        answer = {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shared"}}}}}
        made["paths"]["/first"] = {"get": {"operationId": "first", "responses": answer}}
        if second:
            made["paths"]["/second"] = {"get": {"operationId": "second", "responses": answer}}
        return made

    documents = {
        "1.0.0": document("1.0.0", second=False, extra=False),
        "1.1.0": document("1.1.0", second=False, extra=True),
        "1.2.0": document("1.2.0", second=True, extra=True),
    }
    notes = VersionNotes(history(documents), documents["1.2.0"])
    assert notes.field("Shared", "old") == ""
    assert notes.field("Shared", "new") == "Since server 1.1.0 at the latest (missing in 1.0.0)."


def test_what_we_add_to_the_document_has_no_history() -> None:
    documents = {version: a_document(version, dict.fromkeys(PARTS, True)) for version in ("1.0.0", "1.1.0")}
    built = json.loads(json.dumps(documents["1.1.0"]))
    operation = built["paths"]["/run/{name_1.1.0}"]["post"]
    operation["parameters"].append({"in": "query", "name": "hidden", "schema": {}})
    built["components"]["schemas"]["Ask_1.1.0"]["properties"]["hidden"] = {}
    notes = VersionNotes(history(documents), built)
    assert notes.parameter("POST /run/{name_1.1.0}", "query", "hidden") == ""
    assert notes.field("Ask_1.1.0", "hidden") == ""


def test_what_servers_read_without_declaring_it_is_no_news() -> None:
    documents = {version: a_document(version, dict.fromkeys(PARTS, True)) for version in ("1.0.0", "1.1.0")}
    (operation,) = [operation for _, operation in operations(documents["1.1.0"])]
    operation["parameters"] += [{"in": "query", "name": name, "schema": {}} for name in ("source", "api_key", "news")]
    found = history(documents)
    assert found.of_parameters() == {"POST /run/{name_1.1.0}": {"news": Availability("1.1.0", "1.0.0", None)}}
    notes = VersionNotes(found, documents["1.1.0"])
    assert notes.parameter("POST /run/{name_1.1.0}", "query", "source") == ""


def test_fields_of_schemas_within_themselves_and_of_free_keys_are_found() -> None:
    document = {
        "components": {
            "schemas": {
                "Tree": {
                    "type": "object",
                    "properties": {
                        "name": {},
                        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                        "by_name": {"additionalProperties": {"allOf": [{"$ref": "#/components/schemas/Leaf"}]}},
                    },
                },
                "Leaf": {"properties": {"size": {}}},
            }
        }
    }
    operation = {
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}},
        "responses": {},
    }
    found = {(".".join(field.path), field.schema) for field in fields(document, operation)}
    assert found == {
        ("name", "Tree"),
        ("children", "Tree"),
        ("by_name", "Tree"),
        ("by_name.*", None),
        ("by_name.*.size", "Leaf"),
    }


# -- the repository


def test_versions_are_sorted_by_their_numbers(project: SchemaProject) -> None:
    for version in ("0.9.12", "0.100.0"):
        document = json.loads((project.layout.openapi / "history" / f"{OLDEST}.json").read_text(encoding="utf-8"))
        document["info"]["version"] = version
        path = project.layout.openapi / "history" / f"{version}.json"
        path.write_text(json.dumps(document), encoding="utf-8")
    versions = list(known_versions(project.layout))
    assert versions.index("0.9.12") < versions.index(OLDEST) < versions.index("0.100.0")
    assert [path.stem for path in project.layout.history] == versions[:-1]


def test_a_document_under_the_name_of_another_version_is_refused(project: SchemaProject) -> None:
    folder = project.layout.openapi / "history"
    (folder / "0.1.0.json").write_bytes((folder / f"{OLDEST}.json").read_bytes())
    with pytest.raises(SchemaError, match=r"openapi/history/0\.1\.0\.json: is of version 0\.58\.3"):
        known_versions(project.layout)


def test_the_tables_have_every_operation_of_every_document() -> None:
    documents = known_versions(Layout())
    found = history(documents)
    assert tuple(documents) == VERSIONS
    assert found.of_operations() == {key: Availability(*known) for key, known in OPERATIONS.items()}
    assert set(PARAMETERS) <= set(OPERATIONS)
    current = {key for key, _ in operations(documents[VERSIONS[-1]])}
    assert {key for key, known in OPERATIONS.items() if known.until is None} == current


def test_an_operation_that_was_dropped_stays_with_the_last_version_that_has_it(project: SchemaProject) -> None:
    document = project.layout.load(project.layout.upstream)
    del document["paths"]["/infer/lmm"]
    project.layout.upstream.write_text(json.dumps(document), encoding="utf-8")
    found = history(known_versions(project.layout))
    assert found.of_operations()["POST /infer/lmm"].until == found.versions[-2]


def test_known_changes_between_real_servers_are_found() -> None:
    assert OPERATIONS["POST /infer/object_detection"].since == OLDEST
    assert OPERATIONS["POST /sam3/concept_segment"].missing_in is not None
    masks = PARAMETERS["POST /infer/instance_segmentation"]
    assert masks["response_mask_format"].missing_in is not None
    assert "confidence" not in masks
    assert "processing_configuration.disable_sinks" in PARAMETERS["POST /inference_pipelines/initialise"]
    assert "source" not in PARAMETERS["POST /workflows/run"]


def docstrings(name: str) -> dict[str, str]:
    """The text below each field of a generated class, on one line; of a function, under its name."""
    body = ast.parse((Layout().package / f"{name}.py").read_text(encoding="utf-8")).body
    found: dict[str, str] = {}
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            found[statement.name] = " ".join((ast.get_docstring(statement) or "").split())
        for field, text in (
            zip(statement.body, statement.body[1:], strict=False) if isinstance(statement, ast.ClassDef) else ()
        ):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
                assert isinstance(text.value, ast.Constant)
                found[field.target.id] = " ".join(str(text.value.value).split())
    return found


def test_the_generated_docstrings_end_with_the_notes() -> None:
    texts = docstrings("models/instance_segmentation_inference_request")
    for name, known in PARAMETERS["POST /infer/instance_segmentation"].items():
        assert texts[name].endswith(sentence(Availability(*known), VERSIONS))
    assert "Since server" not in texts["confidence"]

    came = sentence(Availability(*OPERATIONS["POST /infer/embeddings"]), VERSIONS)
    for name, text in docstrings("api/infer/infer_embeddings").items():
        if not name.startswith("_"):
            assert f" {came} Args: " in text
            assert text.count("Since server") == 1
    assert docstrings("models/image_embedding_response")["embeddings"].endswith(came)

    arguments = docstrings("api/v0/infer_v0")["sync"]
    formats = PARAMETERS["POST /{dataset_id}/{version_id}"]["response_mask_format"]
    assert sentence(Availability(*formats), VERSIONS) in arguments
    assert "countinference: " in arguments
