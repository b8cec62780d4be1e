"""`models`, `info`, `serve` and `doctor`."""

from __future__ import annotations

import json
import re
import signal
from importlib import metadata
from pathlib import Path

import pytest
from command_runs import CommandRun, run_script, start_script
from recording_server import RecordingServer, Reply, detector
from small_models import MODEL, write_pictures

from inference_ext import InferenceHTTPClient
from inference_ext.command_line.environment_checks import check_environment, version_key
from inference_ext.version import VERSION

# -- models


def test_models_are_loaded_listed_and_unloaded(command: CommandRun) -> None:
    command("models", "unload", MODEL)
    loaded = json.loads(command.done("models", "load", MODEL, "--json"))
    assert {"model_id": MODEL, "task_type": "object-detection"}.items() <= loaded[-1].items()
    assert json.loads(command.done("models", "--json")) == loaded
    head, *rows = command.done("models").splitlines()
    assert head.split() == ["MODEL", "TASK", "INPUT", "BATCH"]
    assert [MODEL, "object-detection", "any", "any"] in [row.split() for row in rows]
    left = json.loads(command("models", "unload", MODEL, "--json").output)
    assert MODEL not in [model["model_id"] for model in left]


def test_sizes_of_inputs_are_shown(command: CommandRun, server: RecordingServer) -> None:
    rows = [row.split() for row in command.done("models", "--url", server.url).splitlines()]
    assert rows[1] == ["p/1", "object-detection", "64x64", "any"]


def test_that_no_model_is_loaded_is_said_beside_the_data(command: CommandRun) -> None:
    ended = command("models", "--embedded", "--json")
    assert (ended.code, json.loads(ended.output), ended.errors) == (0, [], "")
    assert "no model is loaded" in command("models", "--embedded").error


def test_options_in_front_of_load_are_refused_not_lost(command: CommandRun) -> None:
    ended = command("models", "--url", "http://127.0.0.1:1", "load", MODEL)
    assert ended.code == 2
    assert "models load ID" in ended.error


# -- info


def test_info_tells_who_the_server_is(command: CommandRun, backend_url: str) -> None:
    facts = json.loads(command.done("info", "--json"))
    with InferenceHTTPClient(backend_url) as client:
        expected = client.get_server_info().to_dict()
    assert facts == {**expected, "url": backend_url, "client_version": VERSION}
    lines = dict(re.split(r":\s+", line, maxsplit=1) for line in command.done("info").splitlines())
    assert lines == {name.replace("_", " "): value for name, value in facts.items()}
    assert json.loads(command.done("info", "--json", "--embedded"))["url"] is None


# -- serve


def test_serve_gives_the_address_and_ends_well(command: CommandRun) -> None:
    process = start_script("serve", "--port", 0)
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address is not None
        assert json.loads(command.done("info", "--json", "--url", address[0]))["url"] == address[0]
        taken = command("serve", "--port", address[0].rpartition(":")[2])
        assert (taken.code, taken.output) == (1, "")
        assert "in use" in taken.error
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, errors) == (0, "")


# -- doctor


def findings(command: CommandRun, *words: object) -> dict[str, dict[str, str]]:
    output = command("doctor", "--json", *words).output
    return {finding["subject"]: finding for finding in json.loads(output)}


def test_the_doctor_finds_nothing_wrong_here(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, ["a.png"])
    output = command.done("doctor", "--model", MODEL, "--image", "a.png")
    lines = output.splitlines()
    assert all(re.match(r"(ok|warning)\s+\S", line) for line in lines)
    assert all(" -> " in line for line in lines if line.startswith("warning"))
    subjects = findings(command, "--model", MODEL, "--image", "a.png")
    assert {"Python", "packages", "OpenCV", "Pillow", "extra local", "server", "version", f"model {MODEL}"} <= set(
        subjects
    )
    assert "a.png" in subjects[f"model {MODEL}"]["found"]


def test_the_doctor_says_what_to_do_about_a_server_that_is_not_there(command: CommandRun) -> None:
    ended = command("doctor", "--url", "http://127.0.0.1:1")
    assert (ended.code, ended.errors) == (1, "")
    (line,) = [line for line in ended.output.splitlines() if line.startswith("problem")]
    assert "server" in line
    assert "-> start the server" in line


@pytest.mark.parametrize(
    ("words", "subject", "advice"),
    [
        (("--model", "nothing/1"), "model nothing/1", "--model"),
        (("--model", MODEL, "--image", "missing.png"), f"model {MODEL}", "message"),
        (("--url", "nonsense"), "client", "correct"),
    ],
)
def test_every_problem_has_its_advice(command: CommandRun, words: tuple[str, ...], subject: str, advice: str) -> None:
    assert command("doctor", *words).code == 1
    finding = findings(command, *words)[subject]
    assert finding["status"] == "problem"
    assert advice in finding["advice"]


def test_the_key_s_place_is_told_and_that_it_is_refused(
    command: CommandRun, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert findings(command, "--url", server.url)["API key"]["status"] == "warning"
    monkeypatch.setenv("ROBOFLOW_API_KEY", "rf_secret")
    found = findings(command, "--url", server.url)
    assert found["API key"]["status"] == "ok"
    assert "ROBOFLOW_API_KEY" in found["API key"]["found"]
    server.answer = lambda request: Reply({}, 401) if "/model" in request.path else detector(request)
    refused = findings(command, "--url", server.url)["server"]
    assert refused["status"] == "problem"
    assert "key was refused" in refused["advice"]


@pytest.mark.parametrize(("version", "named"), [("0.9.0", "not served"), ("99.0.0", "older")])
def test_a_server_of_another_time_is_a_warning(
    command: CommandRun, server: RecordingServer, version: str, named: str
) -> None:
    server.records_info = True
    server.answer = lambda request: (
        Reply({"name": "inference", "version": version, "uuid": "u"})
        if request.path == "/info"
        else (Reply({}, 404) if request.path == "/openapi.json" else detector(request))
    )
    finding = findings(command, "--url", server.url)["version"]
    assert finding["status"] == "warning"
    assert named in finding["found"]
    assert finding["advice"]


def test_a_model_is_tried_on_an_image_that_is_at_hand(command: CommandRun) -> None:
    assert "photograph" in findings(command, "--model", MODEL)[f"model {MODEL}"]["found"]
    assert command("doctor", "--image", "a.png").code == 2


def test_without_the_extra_local_a_drawn_picture_is_tried(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['skimage'] = None\n")
    ended = run_script("doctor", "--model", MODEL, PYTHONPATH=str(folder))
    assert (ended.code, ended.errors) == (0, "")
    assert re.search(rf"^ok +model {MODEL}: \d+ predictions? on a drawn picture", ended.output, re.MULTILINE)


def test_versions_of_what_is_installed_are_shown() -> None:
    by_subject = {finding.subject: finding.found for finding in check_environment()}
    for name in ("attrs", "httpx", "numpy", "pillow"):
        assert f"{name} {metadata.version(name)}" in by_subject["packages"]
    assert f"typer {metadata.version('typer')}" in by_subject["extra cli"]


@pytest.mark.parametrize(
    ("distribution", "content", "subject", "status", "named"),
    [
        ("httpx", "0.20.0", "packages", "problem", "httpx 0.20.0 is installed, expected >=0.27"),
        ("httpx", "1.0.0", "packages", "problem", "expected <1"),
        ("tqdm", "4.10", "extra progress", "warning", "tqdm 4.10"),
        ("opencv-python-headless", "4.9", "OpenCV", "warning", "overwrite each other"),
    ],
)
def test_packages_that_do_not_fit_are_found(
    folder: Path, distribution: str, content: str, subject: str, status: str, named: str
) -> None:
    # Metadata of another version, in front of what is installed.
    information = folder / f"{distribution.replace('-', '_')}-{content}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {content}\n")
    ended = run_script("doctor", "--json", "--embedded", PYTHONPATH=str(folder))
    (finding,) = [finding for finding in json.loads(ended.output) if finding["subject"] == subject]
    assert finding["status"] == status
    assert named in finding["found"]
    assert finding["advice"]
    assert ended.code == (1 if status == "problem" else 0)


@pytest.mark.parametrize(("module", "subject"), [("cv2", "OpenCV"), ("PIL", "Pillow")])
def test_a_library_that_cannot_be_imported_is_a_problem(folder: Path, module: str, subject: str) -> None:
    (folder / module).mkdir()
    (folder / module / "__init__.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')\n")
    ended = run_script("doctor", "--json", PYTHONPATH=str(folder))
    (finding,) = [finding for finding in json.loads(ended.output) if finding["subject"] == subject]
    assert (ended.code, finding["status"]) == (1, "problem")
    assert "libGL" in finding["found"]
    assert "pip install" in finding["advice"]


def test_versions_are_compared_by_their_numbers() -> None:
    assert version_key("1.10.0") > version_key("1.9") > version_key("1.8.3rc1") > version_key("0.58.3")
