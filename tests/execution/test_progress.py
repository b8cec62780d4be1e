"""How far a long call has come: what a callback is told, when and where, and the bar."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from left_behind import worker_threads
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    MissingDependencyError,
    Progress,
)

DARK, BRIGHT = np.full((8, 8, 3), 10, np.uint8), np.full((8, 8, 3), 200, np.uint8)


def refuses_bright_images(request: Request) -> Reply:
    if request.path.startswith("/infer/") and any(image.mean() > 100 for image in request.images()):
        return Reply({"message": "too bright"}, status=400)
    return detector(request)


@both_shells
@given(
    bright=st.lists(st.booleans(), min_size=1, max_size=9),
    window=st.integers(1, 4),
    batch=st.integers(1, 3),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_callback_is_told_each_step_until_all_are_done(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, bright: list[bool], window: int, batch: int
) -> None:
    server.answer = refuses_bright_images
    client.configure(
        InferenceConfiguration(on_error="return", max_concurrent_requests=window, max_batch_size=batch, max_retries=0)
    )
    told: list[Progress] = []
    threads: set[int] = set()

    def note(progress: Progress) -> None:
        told.append(progress)
        threads.add(threading.get_ident())

    images = [BRIGHT if each else DARK for each in bright]
    results = invoke(client, "detect_objects", images, model_id="p/1", progress=note)
    assert threads == {threading.get_ident()}
    steps = [progress.done for progress in told]
    assert steps == sorted(set(steps))
    assert steps[-1] == len(images)
    assert {progress.total for progress in told} == {len(images)}
    assert told[-1].failed == sum(isinstance(result, HTTPCallErrorError) for result in results)
    assert [progress.seconds for progress in told] == sorted(progress.seconds for progress in told)


@both_shells
@pytest.mark.parametrize("method", ["infer", "infer_from_api_v0", "infer_from_api_v1"])
def test_plain_calls_tell_too(invoke: Invoke, client: InferenceHTTPClient, method: str) -> None:
    told: list[Progress] = []
    invoke(client, method, [DARK] * 5, model_id="p/1", progress=told.append)
    assert (told[-1].done, told[-1].failed, told[-1].total) == (5, 0, 5)


@both_shells
def test_an_error_that_ends_the_list_is_counted_and_raised(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = refuses_bright_images
    told: list[Progress] = []
    with pytest.raises(HTTPCallErrorError):
        invoke(client, "infer", [DARK, DARK, BRIGHT, DARK], model_id="p/1", progress=told.append)
    assert told[-1].failed == 1


@both_shells
def test_an_error_of_the_callback_ends_the_call(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def stop(progress: Progress) -> None:
        raise RuntimeError(f"enough after {progress.done}")

    with pytest.raises(RuntimeError, match="enough after"):
        invoke(client, "infer", [DARK] * 50, model_id="p/1", progress=stop)
    assert len(server.requests) < 50
    assert worker_threads() == []


def pictures(folder: Path, number: int) -> Path:
    for index in range(number):
        cv2.imwrite(str(folder / f"{index}.png"), DARK)
    return folder


def video(folder: Path, frames: int) -> Path:
    path = folder / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(frames):
        writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    return path


def take(client: InferenceHTTPClient, shell: str, source: Any, **arguments: Any) -> list[Any]:
    if shell == "blocking":
        return list(client.infer_on_stream(source, model_id="p/1", **arguments))

    async def run() -> list[Any]:
        return [item async for item in client.infer_on_stream_async(source, model_id="p/1", **arguments)]

    return asyncio.run(run())


@pytest.mark.parametrize("shell", ["blocking", "asyncio"])
@pytest.mark.parametrize("kind", ["directory", "files", "video"])
def test_streams_tell_every_item(client: InferenceHTTPClient, tmp_path: Path, shell: str, kind: str) -> None:
    source: Any = video(tmp_path, 7) if kind == "video" else pictures(tmp_path, 7)
    told: list[Progress] = []
    items = take(client, shell, sorted(source.iterdir()) if kind == "files" else source, progress=told.append)
    assert len(items) == 7
    assert [(progress.done, progress.total) for progress in told] == [(done, 7) for done in range(1, 8)]


@pytest.mark.parametrize("shell", ["blocking", "asyncio"])
def test_a_failed_item_of_a_stream_is_counted(client: InferenceHTTPClient, tmp_path: Path, shell: str) -> None:
    pictures(tmp_path, 3)
    (tmp_path / "1.png").write_bytes(b"broken")
    client.configure(InferenceConfiguration(on_error="return"))
    told: list[Progress] = []
    take(client, shell, tmp_path, progress=told.append)
    assert [progress.failed for progress in told] == [0, 1, 1]


@both_shells
@pytest.mark.parametrize("wrong", [1, 0, "yes", [], 0.5])
def test_what_is_no_progress_option_is_refused(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, wrong: Any
) -> None:
    with pytest.raises(InvalidParameterError, match=r"progress is .*expected True, False or a function"):
        invoke(client, "infer", [DARK], model_id="p/1", progress=wrong)
    assert server.requests == []


def run_with_bar(server: RecordingServer, call: str, **environment: str) -> subprocess.CompletedProcess[str]:
    program = textwrap.dedent(f"""
        import threading
        import numpy as np
        from inference_ext import InferenceConfiguration, InferenceHTTPClient
        image = np.zeros((8, 8, 3), np.uint8)
        with InferenceHTTPClient({server.url!r}) as client:
            {call}
        print([thread.name for thread in threading.enumerate()])
    """)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **environment},
    )


BAR = 'client.infer([image] * 6, model_id="p/1", progress=True)'


@pytest.mark.parametrize(
    "call",
    [
        BAR,
        'client.configure(InferenceConfiguration(show_progress=True)).infer([image] * 6, model_id="p/1")',
        "client.configure(InferenceConfiguration(show_progress=True)).get_clip_image_embeddings([image] * 6)",
    ],
)
def test_the_bar_goes_to_stderr_and_leaves_no_thread(server: RecordingServer, call: str) -> None:
    if "clip" in call:
        server.answer = lambda _: Reply({"embeddings": [[0.5]], "time": 0.1})
    done = run_with_bar(server, call)
    assert done.returncode == 0, done.stderr
    assert "6/6" in done.stderr
    assert done.stdout.strip() == "['MainThread']"


@pytest.mark.parametrize(
    ("call", "environment"),
    [
        ('client.infer([image] * 6, model_id="p/1")', {}),
        (BAR, {"INFERENCE_EXT_PROGRESS": "0"}),
        (BAR, {"INFERENCE_EXT_PROGRESS": "off"}),
        (
            'client.configure(InferenceConfiguration(show_progress=True)).infer([image] * 6, "p/1", progress=False)',
            {},
        ),
    ],
)
def test_quiet_by_default_and_when_switched_off(
    server: RecordingServer, call: str, environment: dict[str, str]
) -> None:
    done = run_with_bar(server, call, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_bar_without_its_library_names_the_extra_and_sends_nothing(
    client: InferenceHTTPClient, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(MissingDependencyError, match=r"inference-ext\[progress\]"):
        client.infer([DARK], model_id="p/1", progress=True)
    assert server.requests == []
