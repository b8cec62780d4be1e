"""How the command is called: help, version, completion, wrong usage, and what starting it costs."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest
from command_runs import SCRIPT, CommandRun, run_script

COMMANDS = [
    (),
    ("infer",),
    ("models",),
    ("models", "load"),
    ("models", "unload"),
    ("info",),
    ("workflow",),
    ("workflow", "run"),
    ("serve",),
    ("doctor",),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_goes_to_standard_output_without_boxes(command: CommandRun, words: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        output = command.done(*words, option)
        assert output.startswith(f"Usage: {' '.join(['inference-ext', *words])} ")
        assert output.isascii()


@pytest.mark.parametrize(
    ("words", "named", "help_of"),
    [
        (("infer",), "SOURCES", "infer"),
        (("infer", "a.jpg"), "--model", "infer"),
        (("infer", "a.jpg", "--model"), "--model", "infer"),
        (("infer", "a.jpg", "--model", "m/1", "--confidence", "2"), "--confidence", "infer"),
        (("infer", "a.jpg", "--model", "m/1", "--confidence", "much"), "'much'", "infer"),
        (("infer", "a.jpg", "--model", "m/1", "--iou", "-1"), "--iou", "infer"),
        (("infer", "a.jpg", "--model", "m/1", "--timeout", "0"), "--timeout", "infer"),
        (("infer", "a.jpg", "--model", "m/1", "--max-concurrent-requests", "0"), "--max-concurrent-requests", "infer"),
        (("infer", "a.jpg", "--model", "m/1", "--recursiv"), "--recursive", "infer"),
        (("serve", "--port", "70000"), "--port", "serve"),
        (("models", "load"), "ID", "models load"),
        (("models", "lode", "m/1"), "'load'", "models"),
        (("workflow",), "command", "workflow"),
        (("docter",), "'doctor'", ""),
        ((), "command", ""),
        (("--nothing",), "--nothing", ""),
    ],
)
def test_wrong_usage_is_one_line_that_names_what_and_where_help_is(
    command: CommandRun, words: tuple[str, ...], named: str, help_of: str
) -> None:
    ended = command(*words)
    assert (ended.code, ended.output) == (2, "")
    assert ended.error.startswith("inference-ext: error: ")
    assert named in ended.error
    assert ended.error.endswith(f"(see {' '.join(filter(None, ['inference-ext', help_of]))} --help)")


def test_the_version_is_the_distribution_s(command: CommandRun) -> None:
    assert command.done("--version") == f"inference-ext {version('inference-ext')}\n"


def test_the_installed_script_and_the_module_are_the_same_program() -> None:
    script, module = run_script("--version"), run_script("--version", program=[sys.executable, "-m", "inference_ext"])
    assert script == module
    (entry,) = entry_points(group="console_scripts", name="inference-ext")
    assert entry.value == "inference_ext.command_line:main"
    usage = run_script("info", "--help", program=[sys.executable, "-m", "inference_ext"]).output
    assert usage.startswith("Usage: python -m inference_ext info ")


@pytest.mark.parametrize(
    ("statement", "further"),
    [
        ("main(['--help'])", ["importlib.metadata"]),
        ("main(['infer', '--help'])", []),  # typer 0.29 reads arguments with pydantic, which loads it
        ("main(['infer'])", []),
        ("main(['--version'])", ["importlib.metadata"]),
    ],
)
def test_help_and_usage_load_nothing_heavy(statement: str, further: list[str]) -> None:
    heavy = ["numpy", "cv2", "PIL", "httpx", "httpcore", "asyncio", "inference_api", "rich", "tqdm", *further]
    code = (
        f"import sys; from inference_ext.command_line import main; {statement}; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def complete(*words: str) -> list[str]:
    ended = run_script(
        _INFERENCE_EXT_COMPLETE="complete_bash",
        COMP_WORDS=" ".join(["inference-ext", *words]),
        COMP_CWORD=str(len(words)),
    )
    assert (ended.code, ended.errors) == (0, "")
    return ended.output.split()


def test_bash_completes_commands_and_options() -> None:
    assert complete("inf") == ["infer", "info"]
    assert complete("models", "un") == ["unload"]
    assert complete("infer", "--annot") == ["--annotate"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_made_for_each_shell(shell: str) -> None:
    ended = run_script(_INFERENCE_EXT_COMPLETE=f"source_{shell}")
    assert (ended.code, ended.errors) == (0, "")
    assert "_INFERENCE_EXT_COMPLETE" in ended.output
    assert "inference-ext" in ended.output


def test_the_completion_script_works_in_bash(folder: Path) -> None:
    script = run_script(_INFERENCE_EXT_COMPLETE="source_bash").output
    (folder / "completion.sh").write_text(
        f"export PATH={SCRIPT.parent}:$PATH\n{script}\n"
        "COMP_WORDS=(inference-ext doc)\nCOMP_CWORD=1\n"
        "$(complete -p inference-ext | grep -o '[-]F [^ ]*' | cut -c4-) inference-ext doc inference-ext\n"
        'echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "completion.sh"], capture_output=True, text=True, check=True, cwd=folder)
    assert done.stdout == "doctor\n"
