"""A changed server is told from a server with other flags, over a real socket; both at once as well."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from routes_of_flags import HIDDEN, with_flags_off, without_operations
from schema_tools.comparison.drift import drift
from schema_tools.comparison.flags import hidden_by
from schema_tools.document import operations
from schema_tools.layout import REPOSITORY, Layout
from schema_tools.profile import Flag, Profile, load_profile
from served_document import pull, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema_project import Document

PROFILE = load_profile(Layout())
FLAGS = {flag.name: flag for flag in PROFILE.to_set + PROFILE.to_keep}
SERVER: Document = json.loads((REPOSITORY / "openapi" / "upstream.json").read_text(encoding="utf-8"))
VERSION: str = SERVER["info"]["version"]
NEWER = "99.0.0"

SAME = f"the server runs with other flags ({VERSION} -> {VERSION}); what both list is the same"
CHANGED = f"the server has changed ({VERSION} -> {VERSION})"
BOTH = f"{CHANGED}, and runs with other flags"
BOX_CHANGED = "breaking: Box: field `x` no longer takes number"
BUILDER_OFF = "other flag: ENABLE_BUILDER=True (missing: GET /build and 6 more)"


def box_changed(document: Document) -> Document:
    """A change in a schema that every server lists."""
    changed = copy.deepcopy(document)
    changed["components"]["schemas"]["Box"]["properties"]["x"] = {"type": "string"}
    return changed


def with_route(document: Document, path: str = "/infer/pose") -> Document:
    return {**document, "paths": {**document["paths"], path: {"get": {"responses": {"200": {"description": ""}}}}}}


def of_version(document: Document, version: str) -> Document:
    return {**document, "info": {**document["info"], "version": version}}


def test_every_flag_hides_what_the_real_server_hides_without_it() -> None:
    assert {name: hidden_by(flag, SERVER) for name, flag in FLAGS.items()} == {
        name: frozenset(keys) for name, keys in HIDDEN.items()
    }
    assert all(flag.marker in HIDDEN[name] for name, flag in FLAGS.items())


@pytest.mark.parametrize("name", HIDDEN)
def test_a_flag_that_is_off_is_named_alone_and_is_no_change(name: str) -> None:
    found = drift(SERVER, with_flags_off(SERVER, name), PROFILE)
    assert (found.has_changed, found.differences, found.unknown) == (False, (), ())
    assert found.off == {FLAGS[name]: frozenset(HIDDEN[name])}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_change_is_seen_beside_a_flag_that_is_off(name: str) -> None:
    changed = copy.deepcopy(with_flags_off(SERVER, name))
    changed["paths"]["/info"]["get"]["parameters"] = [{"in": "query", "name": "q", "required": True, "schema": {}}]
    found = drift(SERVER, changed, PROFILE)
    assert [(row.place, row.change) for row in found.differences] == [
        ("GET /info", "query parameter `q` added (required)")
    ]
    assert set(found.off) == {FLAGS[name]}


#: What the server is, the exit code, the verdict, the findings in order, and a word of what is to do.
SITUATIONS: dict[str, tuple[Callable[[Document], Document], int, str, list[str], list[str]]] = {
    "changed": (box_changed, 1, CHANGED, [BOX_CHANGED, "added: Box: field `x` also takes string"], ["pull again"]),
    "one flag off": (
        lambda server: with_flags_off(server, "ENABLE_BUILDER"),
        2,
        SAME,
        [BUILDER_OFF],
        ["start the server with the flags of openapi/profile.yaml: ENABLE_BUILDER=True"],
    ),
    "a flag off that renames a schema": (
        lambda server: with_flags_off(server, "CORE_MODELS_ENABLED"),
        2,
        SAME,
        ["other flag: CORE_MODELS_ENABLED=True (missing: POST /clip/compare and 24 more)"],
        ["start the server"],
    ),
    "the flags of a server with nothing set": (
        lambda server: with_flags_off(
            server,
            "ENABLE_STREAM_API",
            "CORE_MODEL_OWLV2_ENABLED",
            "ENABLE_BUILDER",
            "SAM3_3D_OBJECTS_ENABLED",
            "SECURE_GATEWAY_HEALTH_ENDPOINT_ENABLED",
        ),
        2,
        SAME,
        [
            "other flag: ENABLE_STREAM_API=True (missing: GET /inference_pipelines/list and 7 more)",
            "other flag: CORE_MODEL_OWLV2_ENABLED=True (missing: POST /owlv2/infer)",
            BUILDER_OFF,
            "other flag: SAM3_3D_OBJECTS_ENABLED=True (missing: POST /sam3_3d/infer)",
            "other flag: SECURE_GATEWAY_HEALTH_ENDPOINT_ENABLED=True (missing: GET /secure-gateway/health)",
        ],
        ["start the server"],
    ),
    "changed and a flag off": (
        lambda server: box_changed(with_flags_off(server, "ENABLE_BUILDER")),
        1,
        BOTH,
        [BOX_CHANGED, "added: Box: field `x` also takes string", BUILDER_OFF],
        ["start the server", "pull again"],
    ),
    "an operation gone that no flag hides": (
        lambda server: without_operations(server, ["GET /logs"]),
        1,
        CHANGED,
        ["breaking: GET /logs: operation removed"],
        ["pull again"],
    ),
    "a part of what a flag shows gone": (
        lambda server: without_operations(server, ["GET /build"]),
        1,
        CHANGED,
        ["breaking: GET /build: operation removed"],
        ["pull again"],
    ),
    "an operation gone and a flag off": (
        lambda server: without_operations(with_flags_off(server, "ENABLE_BUILDER"), ["GET /logs"]),
        1,
        BOTH,
        ["breaking: GET /logs: operation removed", BUILDER_OFF],
        ["start the server", "pull again"],
    ),
    "an operation that no flag explains": (
        with_route,
        2,
        SAME,
        ["unknown flag: no row of openapi/profile.yaml explains GET /infer/pose"],
        ["openapi/profile.yaml needs a row"],
    ),
    "an operation that no flag explains, and a flag off": (
        lambda server: with_route(with_flags_off(server, "ENABLE_BUILDER")),
        2,
        SAME,
        [BUILDER_OFF, "unknown flag: no row of openapi/profile.yaml explains GET /infer/pose"],
        ["start the server", "openapi/profile.yaml needs a row"],
    ),
    "an operation that no flag explains, and a change": (
        lambda server: with_route(box_changed(server)),
        1,
        BOTH,
        [
            BOX_CHANGED,
            "added: Box: field `x` also takes string",
            "unknown flag: no row of openapi/profile.yaml explains GET /infer/pose",
        ],
        ["openapi/profile.yaml needs a row", "pull again"],
    ),
    "another version": (
        lambda server: of_version(server, NEWER),
        1,
        f"the server has changed ({VERSION} -> {NEWER})",
        ["nothing a caller can see (the version, an order, or names)"],
        ["pull again"],
    ),
    "a new operation of another version": (
        lambda server: with_route(of_version(server, NEWER)),
        1,
        f"the server has changed ({VERSION} -> {NEWER})",
        ["added: GET /infer/pose: operation added"],
        ["pull again"],
    ),
    "another version with a flag off": (
        lambda server: with_route(with_flags_off(of_version(server, NEWER), "ENABLE_BUILDER")),
        1,
        f"the server has changed ({VERSION} -> {NEWER}), and runs with other flags",
        ["added: GET /infer/pose: operation added", BUILDER_OFF],
        ["(if this version has no such route, edit its row instead): ENABLE_BUILDER=True", "pull again"],
    ),
    "another order": (
        lambda server: {**server, "paths": dict(reversed(server["paths"].items()))},
        1,
        CHANGED,
        ["nothing a caller can see (the version, an order, or names)"],
        ["pull again"],
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_verdict_over_a_real_socket(situation: str) -> None:
    make, code, verdict, findings, steps = SITUATIONS[situation]
    with served(make(SERVER)) as url:
        done = pull("--url", url, "--check")
    first, *others = done.stderr.splitlines()
    assert (done.returncode, done.stdout, first) == (code, "", f"error: openapi/upstream.json: {verdict}")
    assert [line.strip() for line in others if line.startswith("  ")] == findings
    told = [line for line in others if line.startswith("to do: ")]
    assert len(told) == len(steps)
    assert all(step in line for step, line in zip(steps, told, strict=True))


def test_a_server_that_is_the_same_is_no_drift() -> None:
    prose: dict[str, Any] = {**SERVER, "info": {**SERVER["info"], "description": "SERVER PROSE"}}
    with served(prose) as url:
        done = pull("--url", url, "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"no drift: server {VERSION} equals openapi/upstream.json\n"


def test_without_check_a_document_is_refused_for_its_flags() -> None:
    before = (REPOSITORY / "openapi" / "upstream.json").read_bytes()
    with served(box_changed(with_flags_off(SERVER, "ENABLE_BUILDER"))) as url:
        done = pull("--url", url)
    assert done.returncode == 2
    assert "ENABLE_BUILDER=True (missing: GET /build)" in done.stderr
    assert (REPOSITORY / "openapi" / "upstream.json").read_bytes() == before


def test_a_flag_without_a_list_hides_the_path_of_its_marker_and_what_is_below() -> None:
    flag = Flag("NEW_ENABLED", "True", "GET /build/api")
    assert hidden_by(flag, SERVER) == {
        key for key, _ in operations(SERVER) if key.endswith(" /build/api") or " /build/api/" in key
    }
    nothing = Flag("GONE_ENABLED", "True", "GET /gone")
    assert drift(SERVER, SERVER, Profile((nothing,), ())).off == {}
