"""Image URLs as sources."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from command_runs import CommandRun
from recording_server import RecordingServer, Reply
from small_models import MODEL, write_pictures
from written_results import lasting, lines_of

from inference_ext import InferenceHTTPClient
from inference_ext.results.drawing import draw_result


@pytest.fixture
def site(server: RecordingServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a web server that has the folder's files."""
    monkeypatch.setenv("ALLOW_URL_TO_NON_GLOBAL_ADDRESSES", "True")

    def answer(request: object) -> Reply:
        path = folder / str(getattr(request, "path", "")).lstrip("/")
        return Reply(path.read_bytes(), headers={"Content-Type": "image/png"}) if path.is_file() else Reply({}, 404)

    server.answer = answer
    return server.url


def test_urls_are_fetched_and_stand_in_order(command: CommandRun, folder: Path, site: str, backend_url: str) -> None:
    names = [path.name for path in write_pictures(folder, 12)]
    urls = [f"{site}/{name}?v=1" for name in names]
    lines = lines_of(command.done("infer", *urls, names[0], "--model", MODEL, "--max-concurrent-requests", 5))
    assert [line["image"] for line in lines] == [*urls, names[0]]
    with InferenceHTTPClient(backend_url) as client:
        expected = client.infer([*names, names[0]], MODEL)
    assert [line["result"] for line in lines] == lasting(expected)


def test_what_a_url_leads_to_is_annotated(command: CommandRun, folder: Path, site: str, backend_url: str) -> None:
    write_pictures(folder, ["photos/a.png"])
    words = ("infer", f"{site}/photos/a.png", "--model", MODEL, "--annotate", "drawn")
    command.done(*words)
    with InferenceHTTPClient(backend_url) as client:
        expected = draw_result(client.infer("photos/a.png", MODEL), "photos/a.png")
    assert np.array_equal(cv2.imread("drawn/127.0.0.1/photos/a.png"), expected)
    assert command(*words).error == "inference-ext: 0 done, 1 there already"


def test_a_url_that_gives_nothing_is_told_without_its_query_and_the_others_go_on(
    command: CommandRun, folder: Path, site: str
) -> None:
    write_pictures(folder, 2)
    (folder / "text.png").write_text("no image")
    urls = [f"{site}/{name}?signature=secret" for name in ("000.png", "missing.png", "text.png", "001.png")]
    ended = command("infer", *urls, "--model", MODEL)
    assert ended.code == 3
    assert ["result" in line for line in lines_of(ended.output)] == [True, False, False, True]
    missing, text, _ = ended.errors.splitlines()
    assert f"{site.removeprefix('http://').partition(':')[0]}" in missing
    assert "text.png" in text
    assert "secret" not in ended.errors


def test_addresses_of_the_own_network_are_refused_unless_allowed(
    command: CommandRun, folder: Path, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pictures(folder, 1)
    monkeypatch.delenv("ALLOW_URL_TO_NON_GLOBAL_ADDRESSES")
    ended = command("infer", f"{site}/000.png", "--model", MODEL)
    assert ended.code == 3
    assert "ALLOW_URL_TO_NON_GLOBAL_ADDRESSES" in ended.errors
