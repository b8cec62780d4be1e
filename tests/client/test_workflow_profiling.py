"""Traces of profiled runs: a file for each, and nothing lost when there is none."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
)

HARMLESS: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [{"type": "ContinueIf"}], "outputs": []}
TRACE = [{"name": "step", "ph": "X", "ts": 1, "dur": 2, "pid": 1, "tid": 1}]


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = lambda _: Reply({"outputs": [{}], "profiler_trace": []})
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


@both_shells
def test_every_profiled_run_has_a_file_of_its_own(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "traces"
    client.configure(InferenceConfiguration(profiling_directory=folder))
    server.answer = lambda _: Reply({"outputs": [{}], "profiler_trace": [*TRACE, len(server.requests)]})
    runs = [invoke(client, "run_workflow", specification=HARMLESS, enable_profiling=True) for _ in range(4)]
    assert all(request.json["enable_profiling"] for request in server.requests)
    assert sorted(folder.iterdir()) == sorted(run.trace_file for run in runs)
    for number, run in enumerate(runs, start=1):
        assert run.trace_file.name.startswith("workflow_execution_tack_")
        assert json.loads(run.trace_file.read_text()) == [*TRACE, number] == run.profiler_trace


def test_runs_at_the_same_time_share_no_file(
    client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    client.configure(InferenceConfiguration(profiling_directory=tmp_path))
    server.answer = lambda request: Reply({"outputs": [{}], "profiler_trace": [request.json["inputs"]["n"]]})

    def run(number: int) -> None:
        client.run_workflow(specification=HARMLESS, parameters={"n": number}, enable_profiling=True)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(json.loads(path.read_text())[0] for path in tmp_path.iterdir()) == list(range(12))


@both_shells
def test_server_without_traces_is_no_silent_loss(invoke: Invoke, client: InferenceHTTPClient, tmp_path: Path) -> None:
    client.configure(InferenceConfiguration(profiling_directory=tmp_path))
    with pytest.warns(UserWarning, match="ENABLE_WORKFLOWS_PROFILING"):
        outputs = invoke(client, "run_workflow", specification=HARMLESS, enable_profiling=True)
    assert json.loads(outputs.trace_file.read_text()) == []


@both_shells
def test_impossible_profiling_directory_costs_no_run(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    client.configure(InferenceConfiguration(profiling_directory=tmp_path / "file" / "traces"))
    with pytest.raises(InvalidParameterError, match="profiling_directory"):
        invoke(client, "run_workflow", specification=HARMLESS, enable_profiling=True)
    assert server.requests == []


@both_shells
def test_trace_that_cannot_be_written_leaves_the_outputs(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    folder = tmp_path / "traces"
    client.configure(InferenceConfiguration(profiling_directory=folder))

    def answer(_: Request) -> Reply:
        folder.rmdir()
        folder.touch()  # in the meantime somebody put a file there
        return Reply({"outputs": [{"a": 1}], "profiler_trace": TRACE})

    server.answer = answer
    with pytest.warns(UserWarning, match="not written"):
        outputs = invoke(client, "run_workflow", specification=HARMLESS, enable_profiling=True)
    assert outputs == [{"a": 1}]
    assert outputs.trace_file is None
    assert outputs.profiler_trace == TRACE


@both_shells
def test_run_without_profiling_writes_nothing(invoke: Invoke, client: InferenceHTTPClient, tmp_path: Path) -> None:
    client.configure(InferenceConfiguration(profiling_directory=tmp_path / "traces"))
    assert invoke(client, "run_workflow", specification=HARMLESS).trace_file is None
    assert list(tmp_path.iterdir()) == []
