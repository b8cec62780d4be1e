"""What an editor shows about every public name, asked of the language server that many of them run."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

from inference_ext import InferenceConfiguration

from . import editor_file
from .editor_file import EditorFile, Place
from .language_server import LanguageServer, language_server

#: An alias of ours in place of what a call gives. (The generator behind a `with` block is the standard library's.)
OPAQUE = re.compile(r"-> .*\b(Result|_(?!GeneratorContextManager)\w+)\b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editor")


@pytest.fixture(scope="module")
def server(folder: Path, wheel_python: Path) -> Generator[LanguageServer]:
    with language_server(folder, wheel_python) as running:
        yield running


def answers(server: LanguageServer, question: str, file: EditorFile, path: Path) -> list[tuple[Place, Any]]:
    server.open(file.write(path))
    return [(place, server.ask_at(question, path, place.line, place.column)) for place in file.places]


def labels(answer: Any) -> set[str]:
    return {item["label"].strip('"') for item in answer["items"]} if answer else set()


def words(text: str | None) -> list[str]:
    """The words of a text, however it is marked up."""
    return re.findall(r"[A-Za-z0-9]+", re.sub(r"&nbsp;", " ", text or ""))


def told(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        print(f"\n{line}", end=" ")


def assert_none(problems: Iterable[str]) -> None:
    found = list(problems)
    assert not found, "\n".join([f"{len(found)} of the names:", *found])


def test_every_name_is_completed(server: LanguageServer, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answers(server, "completion", editor_file.completions(), folder / "completions.py")
    missing = {place.label: place.names - labels(answer) for place, answer in found}
    assert_none(f"{label}: {', '.join(sorted(names))}" for label, names in missing.items() if names)
    told(capsys, f"completed: {sum(len(place.names) for place, _ in found)} names at {len(found)} places")


def test_every_name_has_a_signature_and_a_text(
    server: LanguageServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answers(server, "hover", editor_file.hovers(), folder / "hovers.py")
    assert_none(f"{place.label}: {problem}" for place, answer in found if (problem := what_is_wrong(place, answer)))
    told(capsys, f"hovered: {len(found)} names")


def what_is_wrong(place: Place, answer: Any) -> str | None:
    if answer is None:
        return "nothing is shown"
    signature, _, text = answer["contents"]["value"].partition("\n---\n")
    name = place.label.rpartition(".")[2]
    if not signature.startswith("```python\n(") and not signature.startswith("```python\nclass "):
        return f"no signature: {signature}"
    if name not in signature or "Unknown" in signature or OPAQUE.search(signature):
        return f"the signature does not say what it is: {signature}"
    if not words(text):
        return f"no text, only {signature}"
    documented = words(inspect.getdoc(place.value))[:8] if place.value is not None else []
    return None if words(text)[: len(documented)] == documented else f"another text: {text[:100]}"


def test_every_call_shows_its_parameters_and_answers(
    server: LanguageServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answers(server, "signatureHelp", editor_file.calls(), folder / "calls.py")
    problems: list[str] = []
    for place, answer in found:
        signatures: list[Any] = answer["signatures"] if answer else []
        declared = typing.get_overloads(place.value) or [place.value]
        expected = [
            [name for name in inspect.signature(one).parameters if name not in ("self", "cls")] for one in declared
        ]
        if (shown := [parameters(one) for one in signatures]) != expected:
            problems.append(f"{place.label}: {shown} is not {expected}")
        elif not all(words(one.get("documentation", {}).get("value")) for one in signatures):
            problems.append(f"{place.label}: no text")
    assert_none(problems)
    told(capsys, f"parameters shown: {len(found)} calls, {sum(len(one['signatures']) for _, one in found)} signatures")


def parameters(signature: Any) -> list[str]:
    """Names of a signature's parameters; the server marks them by their place in its text."""
    texts = [signature["label"][slice(*one["label"])] for one in signature["parameters"]]
    return [re.split(r"[:=]", text)[0].strip(" *") for text in texts if text not in ("*", "/")]


def test_settings_and_arguments_are_completed_in_the_call(server: LanguageServer, folder: Path) -> None:
    file = EditorFile()
    file.add("from inference_ext import InferenceConfiguration, InferenceHTTPClient")
    settings = frozenset(f"{name}=" for name in inspect.signature(InferenceConfiguration).parameters)
    file.ask("InferenceConfiguration(", "settings", names=settings, closed_by=")")
    formats = frozenset({"jpeg", "png"})
    file.ask('InferenceConfiguration(image_format="', "choices of a setting", names=formats, closed_by='")')
    file.add("def call(client: InferenceHTTPClient):")
    file.ask(
        '    client.detect_objects("a.jpg", ',
        "arguments",
        names=frozenset({"model_id=", "confidence=", "iou_threshold=", "class_filter=", "max_detections="}),
        closed_by=")",
    )
    found = answers(server, "completion", file, folder / "arguments.py")
    assert_none(f"{place.label}: {', '.join(left)}" for place, one in found if (left := place.names - labels(one)))
