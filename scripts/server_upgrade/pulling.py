"""Taking the document from the server that an upgrade is for, and keeping that of the server before."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from real_server.arrangements import ARRANGEMENTS
from real_server.environment import ensure_environment
from real_server.server import running_server
from real_server.settings import Profile
from schema_tools import snapshot
from schema_tools.errors import SchemaError
from schema_tools.profile import load_profile
from schema_tools.route_flags import unknown_flags

if TYPE_CHECKING:
    from pathlib import Path

    from real_server.cache import Requirements
    from schema_tools.document import JsonObject
    from schema_tools.layout import Layout

    from server_upgrade.workspace import Workspace

__all__ = ["adopt", "download", "pulled_version", "take"]

_ROUTES = "lib/python*/site-packages/inference/core/interfaces/http/http_api.py"


def pulled_version(layout: Layout) -> str:
    """The version of the server whose document `openapi/upstream.json` is."""
    return str(layout.load(layout.lock)["server_version"])


def download(requirements: Requirements, layout: Layout, workspace: Workspace) -> None:
    """Install the server when it is missing, start it with every flag on, and keep its document as it is.

    Raises:
        LaneError: The server could not be installed or started.
        SchemaError: It has flags around its routes that `openapi/profile.yaml` does not know, or says that it is
            another version.

    """
    _require_known_flags(requirements, layout)
    if workspace.raw_document.exists():
        return
    arrangement = replace(ARRANGEMENTS["current"], requirements=requirements)
    with running_server(arrangement, Profile.FULL) as server:
        raw = snapshot.from_server(server.under_test.url)
    _keep(raw, requirements.server_version, workspace)


def adopt(document: Path, version: str, workspace: Workspace) -> None:
    """Keep a saved document instead.

    Raises:
        SchemaError: It cannot be read, is no document, or is of another version.

    """
    _keep(snapshot.from_file(document), version, workspace)


def take(layout: Layout, workspace: Workspace) -> str:
    """Make the kept document the current one; the one before goes to `openapi/history`.

    Returns:
        What was taken, for the user.

    Raises:
        SchemaError: It lists too few routes.

    """
    raw = snapshot.from_file(workspace.raw_document)
    taken = snapshot.take(raw, load_profile(layout))
    lock = taken.lock
    before = layout.openapi / "history" / f"{pulled_version(layout)}.json"
    before.parent.mkdir(exist_ok=True)
    shutil.copyfile(layout.upstream, before)
    snapshot.write(taken, layout)
    return (
        f"server {lock['server_version']}: {lock['operations']} operations, {lock['schemas']} schemas; "
        f"the document before is {layout.name(before)}"
    )


def _keep(raw: JsonObject, version: str, workspace: Workspace) -> None:
    said = raw["info"]["version"]
    if said != version:
        raise SchemaError(f"the document is of server {said}, not {version}")
    workspace.raw_document.write_text(json.dumps(raw), encoding="utf-8")


def _require_known_flags(requirements: Requirements, layout: Layout) -> None:
    (routes,) = ensure_environment(requirements).venv.glob(_ROUTES)
    if unknown := unknown_flags(routes, load_profile(layout)):
        raise SchemaError(
            f"{layout.name(layout.profile)}: the server has routes under flags that have no row, so they might be "
            f"left out: {', '.join(unknown)}. Look at their conditions in {routes}, add a row for each to `set` or "
            "`keep` (and to FULL_PROFILE in scripts/real_server/settings.py when it has to be set), or name it in "
            "scripts/schema_tools/route_flags.py as one that does not matter"
        )
