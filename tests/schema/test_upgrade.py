"""`scripts/upgrade_server.py`, run as a maintainer runs it, in a copy of the project, for a server made up here."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from schema_tools.layout import REPOSITORY, Layout

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "99.1.0"
NEEDED = ("openapi", "generated", "inference_ext", "scripts", "changes", "tests/distribution/calls", "pyproject.toml")


@dataclass(frozen=True)
class Project:
    """A copy of the project."""

    root: Path

    def upgrade(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "scripts/upgrade_server.py", *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=500, check=False)

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    @property
    def reports(self) -> Path:
        return self.root / "out" / f"upgrade-{VERSION}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    for name in NEEDED:
        source, target = REPOSITORY / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    return Project(root)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """A server with an operation more, a field less, a list of values longer and an answer without a type."""
    layout = Layout()
    new: dict[str, Any] = layout.load(layout.upstream)
    new["info"]["version"] = VERSION
    schemas = new["components"]["schemas"]
    field = {"type": "integer", "default": 4, "description": "How many WORDS OF THE SERVER."}
    schemas["PoseRequest"] = {"type": "object", "properties": {"limb_count": field}}
    del schemas["ObjectDetectionInferenceRequest"]["properties"]["max_candidates"]
    schemas["SecureGatewayHealthResponse"]["properties"]["status"]["enum"].append("starting")
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/PoseRequest"}}}}
    answer = {"application/json": {"schema": {}}}
    responses = {"200": {"description": "", "content": answer}}
    new["paths"]["/infer/pose"] = {"post": {"operationId": "pose", "requestBody": body, "responses": responses}}
    return new


@pytest.fixture(scope="module")
def first_run(
    project: Project, document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> subprocess.CompletedProcess[str]:
    saved = tmp_path_factory.mktemp("saved") / "openapi.json"
    saved.write_text(json.dumps(document), encoding="utf-8")
    return project.upgrade(VERSION, "--document", str(saved), "--tests", "none")


@pytest.fixture(scope="module")
def last_run(project: Project, first_run: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """What the maintainer does about the first run's list, and the run after it."""
    assert first_run.returncode == 1
    for name in ("operations", "parameters", "schemas", "fields"):
        path = project.root / "openapi" / "descriptions" / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("TODO", "Written."), encoding="utf-8")
    overlay = project.root / "openapi" / "overlays" / "30-responses.yaml"
    table = yaml.safe_load(overlay.read_text(encoding="utf-8"))
    target = "$.paths['/infer/pose'].post.responses['200'].content['application/json'].schema"
    any_object = {"type": "object", "additionalProperties": True}
    table["actions"].append({"description": "L11 any object", "target": target, "update": any_object})
    overlay.write_text(yaml.safe_dump(table, sort_keys=False), encoding="utf-8")
    return project.upgrade(VERSION, "--tests", "none")


def test_the_first_run_stops_with_what_to_edit(
    project: Project, first_run: subprocess.CompletedProcess[str], document: dict[str, Any]
) -> None:
    assert first_run.returncode == 1, first_run.stderr
    assert f"server {VERSION}: {len_of_operations(document)} operations" in first_run.stdout
    assert ": added POST /infer/pose  <- is it a good name?" in first_run.stdout
    assert "openapi/normalise.yaml:" in first_run.stdout
    assert ": changed GatewayStatus" in first_run.stdout
    assert ": added limb_count  <- write its text" in first_run.stdout
    assert "openapi/descriptions/fields.yaml: 1 rows are drafts, write their texts:\n  limb_count" in first_run.stderr
    old = Layout().load(Layout().lock)["server_version"]
    history = json.loads(project.text(f"openapi/history/{old}.json"))
    assert history == Layout().load(Layout().upstream)


def test_the_servers_words_are_shown_and_not_kept(
    project: Project, first_run: subprocess.CompletedProcess[str]
) -> None:
    del first_run
    assert "WORDS OF THE SERVER. default 4" in (project.reports / "texts-to-write.md").read_text(encoding="utf-8")
    for path in (project.root / "openapi").rglob("*.*"):
        assert "WORDS OF THE SERVER" not in path.read_text(encoding="utf-8"), path


def test_the_last_run_generates_and_reports(project: Project, last_run: subprocess.CompletedProcess[str]) -> None:
    assert last_run.returncode == 0, last_run.stderr
    assert "def sync(" in project.text("generated/inference_api/api/infer/infer_pose.py")
    assert f'"POST /infer/pose": Availability("{VERSION}", ' in project.text("generated/inference_api/availability.py")
    old = Layout().load(Layout().lock)["server_version"]
    report = (project.reports / f"server-against-{old}.md").read_text(encoding="utf-8")
    assert "- `POST /infer/pose`: operation added" in report
    assert "`ObjectDetectionInferenceRequest`: field `max_candidates` removed" in report
    assert (project.reports / "server-against-0.58.3.md").exists()
    packages = (project.reports / "python-api.md").read_text(encoding="utf-8")
    assert "max_candidates" in packages


def test_the_changelog_has_its_fragment(project: Project, last_run: subprocess.CompletedProcess[str]) -> None:
    del last_run
    fragment = project.text(f"changes/+server-{VERSION}.server.md")
    assert fragment.startswith(f"Server {VERSION} is supported (before: ")
    assert "New: `POST /infer/pose`." in fragment
    assert "can break its callers" in fragment


def test_a_run_after_the_last_changes_nothing(project: Project, last_run: subprocess.CompletedProcess[str]) -> None:
    del last_run
    files = [path for name in ("openapi", "generated", "changes") for path in (project.root / name).rglob("*.*")]
    before = {path: path.read_bytes() for path in files if "__pycache__" not in path.parts}
    again = project.upgrade(VERSION, "--tests", "none")
    assert (again.returncode, again.stderr) == (0, "")
    assert {path: path.read_bytes() for path in before} == before


def test_the_document_of_another_version_is_refused(project: Project, tmp_path: Path) -> None:
    saved = tmp_path / "openapi.json"
    shutil.copyfile(Layout().upstream, saved)
    refused = project.upgrade("98.0.0", "--document", str(saved), "--tests", "none")
    assert refused.returncode == 1
    assert "the document is of server " in refused.stderr
    assert ", not 98.0.0" in refused.stderr
    # nothing of it is kept for the next run
    assert not (project.root / "out" / "upgrade-98.0.0" / "openapi.json").exists()


def test_a_document_that_is_not_there_is_one_line(project: Project, tmp_path: Path) -> None:
    refused = project.upgrade("98.0.0", "--document", str(tmp_path / "none.json"), "--tests", "none")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "none.json: cannot be read" in refused.stderr


def len_of_operations(document: dict[str, Any]) -> int:
    return sum(len(item) for item in document["paths"].values())
