"""Snapshots of a server: the full flag profile, the lock, the profile's form; the script over a real socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from schema_tools import snapshot
from schema_tools.document import dumps
from schema_tools.errors import SchemaError
from schema_tools.layout import REPOSITORY
from schema_tools.profile import load_profile
from schema_tools.prose import strip_prose
from served_document import pull, served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from schema_project import Document, SchemaProject

OLDER_SERVERS = sorted((REPOSITORY / "openapi" / "history").glob("*.json"))
OPT_IN = {
    "ENABLE_STREAM_API": "/inference_pipelines",
    "CORE_MODEL_OWLV2_ENABLED": "/owlv2",
    "ENABLE_BUILDER": "/build",
    "SAM3_3D_OBJECTS_ENABLED": "/sam3_3d",
    "SECURE_GATEWAY_HEALTH_ENDPOINT_ENABLED": "/secure-gateway",
}


def without_paths(document: Document, *prefixes: str) -> Document:
    paths = {path: item for path, item in document["paths"].items() if not path.startswith(prefixes)}
    return {**document, "paths": paths}


@pytest.fixture
def document(project: SchemaProject) -> Document:
    return project.server_document()


def test_a_server_with_default_flags_is_refused_with_the_flags_to_set(
    project: SchemaProject, document: Document
) -> None:
    default_flags = without_paths(document, *OPT_IN.values())
    with pytest.raises(SchemaError) as caught:
        snapshot.take(default_flags, load_profile(project.layout))
    assert caught.value.exit_code == snapshot.OTHER_FLAGS
    named = [line.split("=")[0].strip() for line in str(caught.value).splitlines()[1:]]
    assert named == list(OPT_IN)


def test_a_flag_that_was_switched_off_is_named(project: SchemaProject, document: Document) -> None:
    with pytest.raises(SchemaError, match=r"CORE_MODEL_SAM2_ENABLED=True \(missing: POST /sam2/embed_image\)"):
        snapshot.take(without_paths(document, "/sam2"), load_profile(project.layout))


def test_every_flag_of_the_profile_has_a_marker_in_our_snapshot(project: SchemaProject, document: Document) -> None:
    profile = load_profile(project.layout)
    assert profile.missing(document) == []
    empty: Document = {**document, "paths": {}}
    assert len(profile.missing(empty)) == len(profile.to_set) + len(profile.to_keep) > 20


def test_the_snapshot_of_our_server_is_the_one_in_the_repository(project: SchemaProject, document: Document) -> None:
    taken = snapshot.take(document, load_profile(project.layout))
    assert taken.text == project.layout.upstream.read_text(encoding="utf-8")
    assert dumps(taken.lock) == project.layout.lock.read_text(encoding="utf-8")
    assert taken.lock["operations"] == sum(len(item) for item in document["paths"].values())
    assert taken.lock["schemas"] == len(document["components"]["schemas"])


def test_the_prose_of_the_server_is_not_kept(project: SchemaProject, document: Document) -> None:
    plain = snapshot.take(document, load_profile(project.layout)).text
    document["info"]["description"] = "SERVER PROSE"
    document["paths"]["/info"]["get"]["summary"] = "SERVER PROSE"
    document["paths"]["/info"]["get"]["responses"]["200"]["description"] = "SERVER PROSE"
    box = document["components"]["schemas"]["Box"]
    box["title"] = box["examples"] = box["properties"]["x"]["description"] = "SERVER PROSE"
    assert snapshot.take(document, load_profile(project.layout)).text == plain


def test_fields_named_like_prose_are_kept(project: SchemaProject, document: Document) -> None:
    names = ("title", "description", "example", "summary", "default")
    properties = {name: {"type": "string", "title": "SERVER PROSE"} for name in names}
    document["components"]["schemas"]["Book"] = {"type": "object", "properties": properties}
    taken = snapshot.take(document, load_profile(project.layout))
    kept = taken.document["components"]["schemas"]["Book"]["properties"]
    assert kept == {name: {"type": "string"} for name in names}


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"openapi": "3.1.0"}'])
def test_an_answer_that_is_no_document_is_refused(body: bytes) -> None:
    with served(body) as url:
        done = pull("--url", url, "--check")
    assert done.returncode == 1
    assert done.stderr.startswith("error: http://127.0.0.1:")
    assert done.stderr.count("\n") == 1


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = pull("--url", "http://127.0.0.1:9", "--check")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "http://127.0.0.1:9/openapi.json: no document: " in done.stderr
    missing = pull("--file", str(tmp_path / "none.json"))
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
    assert "cannot be read" in missing.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.pop("keep"), r"profile\.yaml: expected the two tables `set` and `keep`, got \['set'\]"),
        (lambda table: table.update(set=["A"]), r"profile\.yaml: `set` must be a table of flags"),
        (lambda table: table["keep"].update(A="GET /a"), r"profile\.yaml: row 'A' must be \[value, METHOD path\]"),
    ],
)
def test_a_profile_of_another_form_is_refused(
    project: SchemaProject, change: Callable[[Document], object], message: str
) -> None:
    project.edit(project.layout.profile, change)
    with pytest.raises(SchemaError, match=message):
        load_profile(project.layout)


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "openapi" / "history").glob("*.json")), ids=lambda path: path.stem
)
def test_the_documents_of_older_servers_hold_no_prose(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert strip_prose(document) == document
    assert document["info"]["version"] == path.stem
