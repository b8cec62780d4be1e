"""Whatever goes wrong is one line on standard error and an exit code."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from command_runs import SCRIPT, CommandRun, run_script
from recording_server import RecordingServer, Reply, Request, detector
from small_models import MODEL, write_pictures
from written_results import lines_of

from inference_ext.command_line.exit_codes import MEANINGS, ExitCode
from inference_ext.command_line.running import MOST_FAILURES_IN_A_ROW

KEY = "rf_verySecretKey123"
NOBODY = "http://127.0.0.1:1"


def test_an_image_that_fails_is_told_in_a_line_and_the_others_go_on(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, ["a.png", "b.png"])
    (folder / "bad.png").write_bytes(b"this is no image")
    ended = command("infer", "a.png", "bad.png", "missing.png", "b.png", "--model", MODEL)
    assert ended.code == ExitCode.SOME_FAILED
    lines = lines_of(ended.output)
    assert [line["image"] for line in lines] == ["a.png", "bad.png", "missing.png", "b.png"]
    assert ["result" in line for line in lines] == [True, False, False, True]
    assert lines[1]["error"]["type"] == lines[2]["error"]["type"] == "InvalidInputFormatError"
    bad, missing, summary = ended.errors.splitlines()
    assert bad.startswith("inference-ext: error: ")
    assert "bad.png" in bad
    assert "missing.png" in missing
    assert "no such file" in missing
    assert summary == "inference-ext: 2 done, 2 failed"


def test_a_word_that_gives_nothing_is_told(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, ["a.png"])
    (folder / "empty").mkdir()
    words = ["empty", "*.tiff", "rtsp://user:word@camera/1?key=2", "no-video.mp4", "a.png"]
    ended = command("infer", *words, "--model", MODEL)
    assert ended.code == ExitCode.SOME_FAILED
    assert lines_of(ended.output)[-1]["image"] == "a.png"
    for word, line in zip(
        ("'empty'", "'*.tiff'", "'rtsp://camera/1'", "no-video.mp4"), ended.errors.splitlines()[:-1], strict=True
    ):
        assert line.startswith("inference-ext: error: ")
        assert word in line


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--model", "nothing/1"), ExitCode.FAILED, "nothing/1"),
        (("--model", MODEL, "--url", NOBODY), ExitCode.FAILED, "127.0.0.1:1"),
        (("--model", "no id"), ExitCode.FAILED, "no id"),
        (("--model", MODEL, "--url", "localhost:9001"), ExitCode.USAGE, "localhost:9001"),
        (("--model", MODEL, "--embedded", "--url", NOBODY), ExitCode.USAGE, "--embedded and --url"),
        (("--model", MODEL, "--embedded", "--api-key-file", "k"), ExitCode.USAGE, "--api-key-file"),
        (("--model", MODEL, "--api-key-file", "nowhere"), ExitCode.USAGE, "nowhere"),
        (("--model", MODEL, "--output", "out.txt"), ExitCode.USAGE, "out.txt"),
        (("--model", MODEL, "--output", "nowhere/out.csv"), ExitCode.USAGE, "nowhere"),
        (("--model", MODEL, "-o", "a.csv", "-o", "./a.csv"), ExitCode.USAGE, "twice"),
        (("--model", MODEL, "--output", "directory.csv"), ExitCode.USAGE, "directory.csv"),
        (("--model", MODEL, "--annotate", "000.png"), ExitCode.USAGE, "000.png"),
        (("--model", MODEL, "--annotate", "./"), ExitCode.USAGE, "--annotate"),
    ],
)
def test_what_is_wrong_with_all_images_is_told_once(
    command: CommandRun, folder: Path, words: tuple[str, ...], code: ExitCode, told: str
) -> None:
    write_pictures(folder, 3)
    (folder / "directory.csv").mkdir()
    ended = command("infer", ".", *words)
    assert (ended.code, ended.output) == (code, "")
    assert ended.error.startswith("inference-ext: error: ")
    assert told in ended.error


def test_a_server_that_goes_away_stops_the_run(command: CommandRun, folder: Path, server: RecordingServer) -> None:
    def answer(request: Request) -> Reply:
        return detector(request) if len(server.requests) < 8 else Reply({"message": "broken"}, 500)

    server.answer = answer
    write_pictures(folder, 60)
    words = ("infer", ".", "--model", "p/1", "--url", server.url, "-o", "out.jsonl", "--max-concurrent-requests", 2)
    ended = command(*words)
    assert ended.code == ExitCode.FAILED
    *failed, last = ended.errors.splitlines()
    assert MOST_FAILURES_IN_A_ROW <= len(failed) <= MOST_FAILURES_IN_A_ROW + 2  # those before the last good one
    assert "stopped after" in last
    done = [line for line in lines_of(folder / "out.jsonl") if "result" in line]
    assert 0 < len(done) < 10
    server.answer = detector
    again = command(*words)
    assert (again.code, again.error) == (0, f"inference-ext: {60 - len(done)} done, {len(done)} there already")


def test_images_the_server_refuses_do_not_stop_the_run(
    command: CommandRun, folder: Path, server: RecordingServer
) -> None:
    def answer(request: Request) -> Reply:
        return Reply({"message": "not such an image"}, 400) if "/infer/" in request.path else detector(request)

    server.answer = answer
    write_pictures(folder, MOST_FAILURES_IN_A_ROW + 5)
    ended = command("infer", ".", "--model", "p/1", "--url", server.url)
    assert ended.code == ExitCode.SOME_FAILED
    assert len(lines_of(ended.output)) == MOST_FAILURES_IN_A_ROW + 5


def refuses_the_key(request: Request) -> Reply:
    return detector(request) if request.path == "/info" else Reply({"message": f"the key {KEY} is unknown"}, 401)


@pytest.mark.parametrize("place", ["environment", "file", "standard input"])
@pytest.mark.parametrize("words", [("infer", ".", "--model", "p/1"), ("models",), ("doctor",)])
def test_a_wrong_key_is_never_shown(
    command: CommandRun,
    folder: Path,
    server: RecordingServer,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    words: tuple[str, ...],
) -> None:
    write_pictures(folder, 1)
    (folder / "key").write_text(f"{KEY}\nsecond line\n")
    server.answer = refuses_the_key
    option = {"environment": (), "file": ("--api-key-file", "key"), "standard input": ("--api-key-file", "-")}[place]
    if place == "environment":
        monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    ended = command(*words, *option, "--url", server.url)
    assert any(KEY in str(request) for request in server.requests)
    assert ended.code == ExitCode.FAILED
    assert "401" in ended.output + ended.errors
    assert KEY not in ended.output + ended.errors


def test_a_wrong_key_is_not_shown_by_the_script_either(folder: Path, server: RecordingServer) -> None:
    write_pictures(folder, 1)
    server.answer = refuses_the_key
    words = ("infer", ".", "--model", "p/1", "--api-key-file", "-", "--url", server.url)
    ended = run_script(*words, text=f"{KEY}\n", INFERENCE_EXT_TRACEBACK="1")
    assert any(KEY in str(request) for request in server.requests)
    assert "401" in ended.errors
    assert KEY not in ended.output + ended.errors


def test_a_key_on_the_command_line_is_refused_and_not_shown(command: CommandRun) -> None:
    for words in (("--api-key", KEY), (f"--api-key={KEY}",)):
        ended = command("infer", ".", "--model", MODEL, *words)
        assert ended.code == ExitCode.USAGE
        assert "--api-key-file" in ended.error
        assert KEY not in ended.error


@pytest.mark.parametrize("content", ["", "\n", "two words\n", "\x00\n"])
def test_a_key_that_is_none_is_refused_and_not_shown(command: CommandRun, folder: Path, content: str) -> None:
    (folder / "key").write_text(content)
    ended = command("info", "--api-key-file", "key")
    assert ended.code == ExitCode.USAGE
    assert "two words" not in ended.error


@pytest.mark.parametrize("program", [[sys.executable, "-m", "inference_ext"], [str(SCRIPT)]])
def test_without_the_extra_there_is_one_line_that_names_it(folder: Path, program: list[str]) -> None:
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['typer'] = None\n")
    ended = run_script("serve", program=program, PYTHONPATH=str(folder))
    assert (ended.code, ended.output) == (ExitCode.MISSING_EXTRA, "")
    assert ended.error == "inference-ext: error: the command line needs typer: pip install 'inference-ext[cli]'"


@pytest.mark.parametrize(
    ("missing", "words", "extra"),
    [("werkzeug", ("info", "--embedded"), "local"), ("tqdm", ("infer", ".", "--model", "m/1", "--progress"), "cli")],
)
def test_another_missing_extra_is_named(folder: Path, missing: str, words: tuple[str, ...], extra: str) -> None:
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    ended = run_script(*words, PYTHONPATH=str(folder))
    assert (ended.code, ended.output) == (ExitCode.MISSING_EXTRA, "")
    assert f"pip install 'inference-ext[{extra}]'" in ended.error


def test_what_a_server_says_cannot_move_the_cursor(command: CommandRun, folder: Path, server: RecordingServer) -> None:
    write_pictures(folder, 1)
    server.answer = lambda _: Reply({"message": "first\nsecond \x1b[2Jthird"}, 404)
    ended = command("models", "--url", server.url)
    assert ended.code == ExitCode.FAILED
    assert "\x1b" not in ended.error


def test_a_warning_is_a_line_too() -> None:
    program = (
        "import sys, warnings; from inference_ext.command_line import app, main\n"
        "@app.app.command()\n"
        "def warn():\n    warnings.warn('the server is old')\n"
        "sys.exit(main(['warn']))"
    )
    ended = run_script(program=[sys.executable, "-c", program])
    assert (ended.code, ended.error) == (0, "inference-ext: warning: the server is old")


def test_a_fault_of_the_program_is_a_line_and_shows_where_on_request(
    command: CommandRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("one by zero")

    monkeypatch.setattr("inference_ext.client.server_control.ServerControl.get_server_info", broken)
    ended = command("info")
    assert ended.code == ExitCode.FAILED
    assert "ZeroDivisionError: one by zero" in ended.error
    monkeypatch.setenv("INFERENCE_EXT_TRACEBACK", "1")
    assert "Traceback" in command("info").errors


def test_every_exit_code_has_a_meaning_and_stands_in_the_help(command: CommandRun) -> None:
    output = command.done("--help")
    assert set(MEANINGS) == set(ExitCode)
    for code, meaning in MEANINGS.items():
        assert f"{code.value:>5}  {meaning}" in output
