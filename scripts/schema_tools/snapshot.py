"""Taking a snapshot of the server's document, and comparing a server with the one we have."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tools.comparison.drift import drift
from schema_tools.document import dumps, is_object, operations, schemas_of
from schema_tools.errors import SchemaError
from schema_tools.prose import strip_prose

if TYPE_CHECKING:
    from pathlib import Path

    from schema_tools.document import JsonObject
    from schema_tools.layout import Layout
    from schema_tools.profile import Profile

__all__ = [
    "OTHER_FLAGS",
    "Snapshot",
    "check",
    "from_file",
    "from_server",
    "require_snapshot",
    "take",
    "write",
]

#: Exit code for a server that runs with other flags, and has not changed as far as it can be seen.
OTHER_FLAGS = 2

TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True)
class Snapshot:
    """The server's document as we keep it.

    Attributes:
        document: The document, prose stripped.
        text: Its canonical text, what ``upstream.json`` holds.
        lock: What ``upstream.lock.json`` holds.

    """

    document: JsonObject
    text: str
    lock: JsonObject


def from_server(url: str) -> JsonObject:
    """Fetch ``/openapi.json`` of a running server.

    Raises:
        SchemaError: The server cannot be reached or answers with something else.

    """
    address = url.rstrip("/") + "/openapi.json"
    if not address.startswith(("http://", "https://")):
        raise SchemaError(f"--url {url}: expected http://host:port")
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read()
    except (OSError, urllib.error.URLError) as error:
        raise SchemaError(f"{address}: no document: {error}") from error
    return _openapi_document(content, address)


def from_file(path: Path) -> JsonObject:
    """Read a saved document of a server.

    Raises:
        SchemaError: The file cannot be read or is not an OpenAPI document.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SchemaError(f"{path}: cannot be read: {error.strerror}") from error
    return _openapi_document(content, str(path))


def take(raw: JsonObject, profile: Profile) -> Snapshot:
    """Strip the document and describe it in a lock.

    Raises:
        SchemaError: The server does not run with the full flag profile.

    """
    if missing := profile.missing(raw):
        flags = "".join(f"\n  {flag}" for flag in missing)
        raise SchemaError(
            f"this server (version {raw['info']['version']}) does not list every route. Start it with these flags "
            f"or, if a new version dropped the route, edit the row in openapi/profile.yaml:{flags}",
            exit_code=OTHER_FLAGS,
        )
    document = strip_prose(raw)
    text = dumps(document)
    lock = {
        "server_version": document["info"]["version"],
        "profile": profile.locked(),
        "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
        "operations": len(list(operations(document))),
        "schemas": len(schemas_of(document)),
    }
    return Snapshot(document, text, lock)


def write(snapshot: Snapshot, layout: Layout) -> None:
    """Replace ``upstream.json`` and ``upstream.lock.json``."""
    layout.upstream.write_text(snapshot.text, encoding="utf-8", newline="\n")
    layout.lock.write_text(dumps(snapshot.lock), encoding="utf-8", newline="\n")


def check(raw: JsonObject, profile: Profile, layout: Layout) -> str:
    """Compare a server with the snapshot we have.

    Args:
        raw: The document of the server.
        profile: The flags that decide which operations it lists.
        layout: Where the snapshot is.

    Returns:
        The version of both.

    Raises:
        SchemaError: The server has changed, or runs with other flags; the message tells each finding.

    """
    found = drift(layout.load(layout.upstream), raw, profile)
    is_same_text = dumps(strip_prose(raw)) == layout.upstream.read_text(encoding="utf-8")
    if is_same_text and not found.has_changed:
        return found.theirs
    versions = f"({found.ours} -> {found.theirs})"
    if not found.has_other_flags:
        verdict = f"the server has changed {versions}"
    elif found.has_changed:
        verdict = f"the server has changed {versions}, and runs with other flags"
    else:
        verdict = f"the server runs with other flags {versions}; what both list is the same"
    findings = found.lines() or ["nothing a caller can see (the version, an order, or names)"]
    raise SchemaError(
        f"{layout.name(layout.upstream)}: {verdict}"
        + "".join(f"\n  {finding}" for finding in findings)
        + "".join(f"\nto do: {step}" for step in found.to_do()),
        exit_code=1 if found.has_changed or not found.has_other_flags else OTHER_FLAGS,
    )


def require_snapshot(layout: Layout) -> JsonObject:
    """Read ``upstream.json`` and make sure that it is the one the lock file speaks of.

    Raises:
        SchemaError: One of the two was edited by hand.

    """
    document = layout.load(layout.upstream)
    lock = layout.load(layout.lock)
    actual = {
        "server_version": document["info"]["version"],
        "sha256": hashlib.sha256(layout.upstream.read_bytes()).hexdigest(),
        "operations": len(list(operations(document))),
        "schemas": len(schemas_of(document)),
    }
    for key, value in actual.items():
        if lock.get(key) != value:
            raise SchemaError(
                f"{layout.name(layout.lock)}: {key} is {lock.get(key)!r}, but {layout.name(layout.upstream)} "
                f"has {value!r}: neither is edited by hand, run scripts/pull_schema.py"
            )
    return document


def _openapi_document(content: bytes, source: str) -> JsonObject:
    try:
        document: Any = json.loads(content)
    except ValueError as error:
        raise SchemaError(f"{source}: is not JSON: {error}") from error
    if not is_object(document) or not {"openapi", "info", "paths", "components"} <= document.keys():
        raise SchemaError(f"{source}: is not an OpenAPI document with paths and components")
    return document
