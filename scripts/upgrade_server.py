"""From a new server version to a change that can be reviewed: `python scripts/upgrade_server.py VERSION`.

Run it again after each edit it asks for; what is done is not done again.

    1  resolves and installs the server (scripts/real_server/versions, environments in ~/.cache/inference-ext)
    2  looks for flags around routes that openapi/profile.yaml does not know; starts the server with every flag on
    3  takes its document (openapi/upstream.json, its lock); the one before goes to openapi/history
    4  deletes rows of openapi/ whose object is gone, adds missing ones; a text that has to be written is a draft
    5  builds openapi/openapi.json; stops here with every row to edit, as long as there are any
    6  generates generated/inference_api
    7  reports what changed: the document against the one before and against the oldest, the generated API
    8  writes the changelog's fragment
    9  runs the gates, the tests and the real servers' lanes (--tests quick: those of the schema and the generated code)

With --document a saved openapi.json is taken instead of steps 1 and 2; whether its server had every flag on and all
that the lanes need then remains to be seen.

The reports and the server's own words lie in out/upgrade-VERSION. Needs .venv, as scripts/test.py makes it, and a
Python 3.11 for the server.

Exit codes: 0 done, 1 something to edit or a failed test, 10 the server cannot be installed or started.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from real_server.cache import CURRENT, OLDEST, VERSIONS
from real_server.errors import LaneError
from schema_tools import build, render
from schema_tools.availability import known_versions
from schema_tools.command import argument_parser, run
from schema_tools.differences import SEVERITIES, compare, markdown
from schema_tools.drafts import WRITE_TEXT, draft_rows
from schema_tools.errors import SchemaError
from schema_tools.layout import Layout
from server_upgrade.fragment import write_fragment
from server_upgrade.pulling import adopt, download, pulled_version, take
from server_upgrade.requirements import resolved_requirements
from server_upgrade.texts import texts_page
from server_upgrade.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schema_tools.differences import Difference
    from schema_tools.document import JsonObject

CANNOT_RUN = 10
#: What has to pass, in order, by the choice of `--tests`.
TESTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "all": (("scripts/check.py",), ("scripts/test.py", "-q"), ("scripts/real_server_lane.py",)),
    "quick": (("-m", "pytest", "-q", "tests/schema", "tests/generated"),),
    "none": (),
}


def main() -> None:
    """Read the arguments and go through the steps."""
    parser = argument_parser(__doc__)
    parser.add_argument("version", help="of the server, such as 1.9.0")
    parser.add_argument("--document", type=Path, help="a saved openapi.json of that server")
    parser.add_argument("--tests", choices=list(TESTS), default="all", help="what is run at the end")
    arguments = parser.parse_args()

    layout = Layout()
    try:
        upgrade(arguments.version, layout, arguments.document)
    except LaneError as error:
        raise SchemaError(str(error), exit_code=CANNOT_RUN) from error
    for command in TESTS[arguments.tests]:
        say("$ python " + " ".join(command))
        if subprocess.run([sys.executable, *command], cwd=layout.root, check=False).returncode:
            raise SchemaError(f"`python {' '.join(command)}` failed: mend it and run this again")
    say(f"server {arguments.version} is done; read the reports and `git diff` before you commit")


def upgrade(version: str, layout: Layout, document: Path | None) -> None:
    """Go through the steps up to the tests.

    Raises:
        LaneError: The server cannot be installed or started.
        SchemaError: Something has to be edited; the message says what.

    """
    workspace = Workspace.of(version, layout)
    if pulled_version(layout) == version:
        say(f"the document of server {version} is here already")
    elif document is not None:
        adopt(document, version, workspace)
        say(take(layout, workspace))
    else:
        requirements = resolved_requirements(version, CURRENT, workspace.log)
        download(requirements, layout, workspace)
        say(take(layout, workspace))
        _forget_requirements_before(version)

    _bring_rows_up_to_date(layout, workspace)
    built = build.build(layout)
    build.write(built, layout)
    say(f"{layout.name(layout.document)}: {built.statistics['operations']} operations")

    _keep_packages(layout, workspace)
    say(f"{layout.name(layout.package)}: {render.replace(layout)} files")

    before, oldest, new = _compared_documents(layout)
    changes = compare(before, new)
    _report_documents(before, new, changes, workspace)
    _report_documents(oldest, new, compare(oldest, new), workspace)
    _report_packages(layout, workspace)
    say(f"changelog: {layout.name(write_fragment(before, new, changes, layout))}; say in it what users gain or lose")


def say(text: str) -> None:
    """Print at once: the steps take minutes."""
    print(text, flush=True)


def _forget_requirements_before(version: str) -> None:
    """The lane tests the current server and the oldest supported: other versions need no requirements."""
    for folder in VERSIONS.iterdir():
        if folder.name not in {version, OLDEST.server_version}:
            shutil.rmtree(folder)
            say(f"  deleted {folder}: neither the current server nor the oldest")


def _bring_rows_up_to_date(layout: Layout, workspace: Workspace) -> None:
    edits = draft_rows(layout)
    for edit in edits:
        say(f"  {edit}")
    if to_write := [edit for edit in edits if edit.todo == WRITE_TEXT]:
        raw: JsonObject = json.loads(workspace.raw_document.read_text(encoding="utf-8"))
        workspace.texts_to_write.write_text(texts_page(to_write, raw, layout), encoding="utf-8")
        say(f"what the server says about the texts to write: {layout.name(workspace.texts_to_write)}")


def _compared_documents(layout: Layout) -> tuple[JsonObject, JsonObject, JsonObject]:
    """The documents of the version before, of the oldest, and of the new one."""
    documents = list(known_versions(layout).values())
    return documents[-2], documents[0], documents[-1]


def _report_documents(old: JsonObject, new: JsonObject, changes: Sequence[Difference], workspace: Workspace) -> None:
    counts = Counter(row.severity for row in changes)
    report = workspace.report(f"server-against-{old['info']['version']}")
    report.write_text(markdown(old, new, changes), encoding="utf-8")
    found = ", ".join(f"{counts[severity]} {severity}" for severity in SEVERITIES)
    say(f"against server {old['info']['version']}: {found} ({report.name})")


def _keep_packages(layout: Layout, workspace: Workspace) -> None:
    """Copy both packages as they are before the first generation."""
    if not workspace.packages_before.exists():
        for package in (layout.package, layout.root / "inference_ext"):
            target = workspace.packages_before / package.relative_to(layout.root)
            shutil.copytree(package, target, ignore=shutil.ignore_patterns("__pycache__"))


def _report_packages(layout: Layout, workspace: Workspace) -> None:
    """Compare the packages with what they were before; a process of its own, because it reads both."""
    report = workspace.report("python-api")
    command = [sys.executable, "scripts/api_diff.py", "--against", str(workspace.packages_before)]
    done = subprocess.run(command, cwd=layout.root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SchemaError(f"scripts/api_diff.py failed: {done.stderr.strip()}")
    report.write_text(done.stdout, encoding="utf-8")
    say(f"the Python API before and now: {report.name}")


if __name__ == "__main__":
    run(main)
