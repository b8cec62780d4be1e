"""Workflows on the real server: exact boxes, batches, pictures, traces, saved workflows, and what can be asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from real_server.saved_workflows import DETECTION, SAVED, WORKSPACE

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    VisualisationResponseFormat,
)
from inference_ext.operations.repeatable_steps import HARMLESS_STEPS
from tests.real_server.expected import check_boxes
from tests.real_server.features import CURRENT_STEPS, SIZE_OF_EMPTY_PICTURES, needs
from tests.real_server.scenes import EMPTY, GREEN, MARCH, THREE, Scene

(SAVED_ID,) = SAVED
NO_PICTURE = ["picture"]


@pytest.fixture
def client(base: str) -> Iterator[InferenceHTTPClient]:
    with InferenceHTTPClient(base, api_key="unused") as client:
        client.configure(InferenceConfiguration(image_format="png"))
        yield client


def check_outputs(outputs: list[dict[str, Any]], scenes: list[Scene]) -> None:
    """Assert one exact output per scene, in order."""
    assert len(outputs) == len(scenes)
    for output, scene in zip(outputs, scenes, strict=True):
        found = output["predictions"]
        knows_size = scene.rectangles or SIZE_OF_EMPTY_PICTURES.is_here
        width, height = (scene.width, scene.height) if knows_size else (None, None)
        assert found["image"] == {"width": width, "height": height}
        check_boxes(scene, found)


async def test_one_image(client: InferenceHTTPClient) -> None:
    arguments: dict[str, Any] = {"specification": DETECTION, "images": {"image": THREE.png}}
    outputs = client.run_workflow(**arguments)
    assert list(outputs[0]) == ["predictions", "picture"]
    check_outputs(outputs, [THREE])
    check_outputs(await client.run_workflow_async(**arguments), [THREE])


@pytest.mark.filterwarnings("ignore:infer_from_workflow:DeprecationWarning")
async def test_old_routes(client: InferenceHTTPClient) -> None:
    arguments: dict[str, Any] = {"specification": DETECTION, "images": {"image": GREEN.bgr}}
    check_outputs(client.infer_from_workflow(**arguments), [GREEN])
    check_outputs(await client.infer_from_workflow_async(**arguments), [GREEN])
    saved: dict[str, Any] = {"workspace_name": WORKSPACE, "workflow_name": SAVED_ID, "images": {"image": GREEN.bgr}}
    check_outputs(client.infer_from_workflow(**saved), [GREEN])


def test_saved_workflow(client: InferenceHTTPClient) -> None:
    outputs = client.run_workflow(WORKSPACE, SAVED_ID, images={"image": [THREE.pil, EMPTY.bgr]})
    check_outputs(outputs, [THREE, EMPTY])


def test_batch_in_every_form(client: InferenceHTTPClient, tmp_path: Path) -> None:
    path = tmp_path / "scene.png"
    path.write_bytes(MARCH[0].png)
    images = [path, MARCH[1].png, MARCH[2].png_base64, MARCH[3].bgr, MARCH[4].pil, EMPTY.png, THREE.png]
    outputs = client.run_workflow(specification=DETECTION, images={"image": images}, excluded_fields=NO_PICTURE)
    assert all(list(output) == ["predictions"] for output in outputs)
    check_outputs(outputs, [*MARCH[:5], EMPTY, THREE])


def test_nested_batch_keeps_its_nesting(client: InferenceHTTPClient) -> None:
    nested = {"type": "WorkflowBatchInput", "name": "image", "kind": ["image"], "dimensionality": 2}
    definition = {
        **DETECTION,
        "inputs": [nested, DETECTION["inputs"][1]],
        "steps": DETECTION["steps"][:1],
        "outputs": DETECTION["outputs"][:1],
    }
    images = [[THREE.png], [GREEN.png, EMPTY.png]]
    outputs = client.run_workflow(specification=definition, images={"image": images})
    colours = [[[box["class"] for box in found["predictions"]] for found in row["predictions"]] for row in outputs]
    assert colours == [[["red", "green", "blue"]], [["green"], []]]


def test_joined_batch_is_one_output(client: InferenceHTTPClient) -> None:
    count = {
        "type": "roboflow_core/property_definition@v1",
        "name": "count",
        "data": "$steps.model.predictions",
        "operations": [{"type": "SequenceLength"}],
    }
    join = {"type": "roboflow_core/dimension_collapse@v1", "name": "join", "data": "$steps.count.output"}
    definition = {
        **DETECTION,
        "steps": [DETECTION["steps"][0], count, join],
        "outputs": [{"type": "JsonField", "name": "counts", "selector": "$steps.join.output"}],
    }
    images = [THREE.png, GREEN.png, EMPTY.png]
    assert client.run_workflow(specification=definition, images={"image": images}) == [{"counts": [3, 1, 0]}]


def test_filtered_batch_keeps_its_length(client: InferenceHTTPClient) -> None:
    """A step that is skipped for an image leaves `None` there; the client checks the number of outputs."""
    several = {
        "type": "BinaryStatement",
        "left_operand": {
            "type": "DynamicOperand",
            "operand_name": "found",
            "operations": [{"type": "SequenceLength"}],
        },
        "comparator": {"type": "(Number) >"},
        "right_operand": {"type": "StaticOperand", "value": 1},
    }
    gate = {
        "type": "roboflow_core/continue_if@v1",
        "name": "gate",
        "condition_statement": {"type": "StatementGroup", "statements": [several]},
        "evaluation_parameters": {"found": "$steps.model.predictions"},
        "next_steps": ["$steps.size"],
    }
    size = {
        "type": "roboflow_core/property_definition@v1",
        "name": "size",
        "data": "$inputs.image",
        "operations": [{"type": "ExtractImageProperty", "property_name": "size"}],
    }
    definition = {
        **DETECTION,
        "steps": [DETECTION["steps"][0], gate, size],
        "outputs": [{"type": "JsonField", "name": "size", "selector": "$steps.size.output"}],
    }
    images = [GREEN.png, THREE.png, EMPTY.png]
    outputs = client.run_workflow(specification=definition, images={"image": images})
    assert outputs == [{"size": None}, {"size": 640 * 480}, {"size": None}]


@pytest.mark.parametrize(("confidence", "colours"), [(0.75, ["red", "green"]), (0.85, ["red"]), (0.95, [])])
def test_parameter_reaches_the_step(client: InferenceHTTPClient, confidence: float, colours: list[str]) -> None:
    outputs = client.run_workflow(
        specification=DETECTION,
        images={"image": THREE.png},
        parameters={"confidence": confidence},
        excluded_fields=NO_PICTURE,
    )
    assert [box["class"] for box in outputs[0]["predictions"]["predictions"]] == colours


@pytest.mark.parametrize("output_format", list(VisualisationResponseFormat))
def test_picture_in_every_form(client: InferenceHTTPClient, output_format: VisualisationResponseFormat) -> None:
    client.configure(InferenceConfiguration(output_visualisation_format=output_format))
    outputs = client.run_workflow(specification=DETECTION, images={"image": [THREE.png, EMPTY.png]})
    drawn, plain = (as_bgr(output["picture"], output_format) for output in outputs)
    assert drawn.shape == plain.shape == THREE.bgr.shape
    assert np.abs(plain.astype(int) - EMPTY.bgr).max() <= 8  # a JPEG of it
    frame = THREE.bgr.astype(int) - drawn
    assert 500 < np.count_nonzero(np.abs(frame).max(axis=2) > 40) < 20_000  # thin lines around three boxes
    assert list(outputs.image_metadata) == [(0, "picture"), (1, "picture")]
    for metadata in outputs.image_metadata.values():
        assert metadata["video_metadata"]["frame_timestamp"]


def as_bgr(value: Any, output_format: VisualisationResponseFormat) -> np.ndarray[Any, Any]:
    pixels: np.ndarray[Any, Any]
    if output_format is VisualisationResponseFormat.BASE64:
        decoded = cv2.imdecode(np.frombuffer(base64.b64decode(value, validate=True), np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        pixels = np.asarray(decoded)
    elif output_format is VisualisationResponseFormat.NUMPY:
        assert value.dtype == np.uint8
        pixels = value
    else:
        pixels = np.asarray(value)[:, :, ::-1]
    return pixels


async def test_traces(client: InferenceHTTPClient, tmp_path: Path) -> None:
    client.configure(InferenceConfiguration(profiling_directory=tmp_path))
    arguments: dict[str, Any] = {"specification": DETECTION, "images": {"image": GREEN.png}, "enable_profiling": True}
    runs = [client.run_workflow(**arguments), client.run_workflow(**arguments)]
    runs.append(await client.run_workflow_async(**arguments))
    assert len({run.trace_file for run in runs}) == 3
    for run in runs:
        assert run.trace_file is not None
        events = json.loads(run.trace_file.read_text())
        assert events == run.profiler_trace
        # What chrome://tracing needs of an event.
        assert events
        assert all({"name", "ph", "ts", "pid", "tid"} <= event.keys() for event in events)


def test_error_names_the_step(client: InferenceHTTPClient) -> None:
    step = {"type": "roboflow_core/nothing_of_the_kind@v1", "name": "x"}
    with pytest.raises(HTTPCallErrorError, match="nothing_of_the_kind") as caught:
        client.run_workflow(specification={**DETECTION, "steps": [step]}, images={"image": GREEN.png})
    assert caught.value.status_code == 400


def test_missing_saved_workflow_is_an_error(client: InferenceHTTPClient) -> None:
    with pytest.raises(HTTPCallErrorError):
        client.run_workflow(WORKSPACE, "no-such-workflow", images={"image": GREEN.png})


# -- what can be asked


async def test_validation(client: InferenceHTTPClient) -> None:
    assert client.validate_workflow(DETECTION).status == "ok"
    assert (await client.validate_workflow_async(DETECTION)).status == "ok"
    with pytest.raises(HTTPCallErrorError, match="inputs"):
        client.validate_workflow({"version": "1.0"})


async def test_interface(client: InferenceHTTPClient) -> None:
    for interface in (
        client.describe_workflow_interface(specification=DETECTION),
        client.describe_workflow_interface(WORKSPACE, SAVED_ID),
        await client.describe_workflow_interface_async(specification=DETECTION),
    ):
        assert interface.inputs == {"image": ["image"], "confidence": ["float_zero_to_one"]}
        assert interface.outputs == {"predictions": ["object_detection_prediction"], "picture": ["image"]}
        assert interface.typing_hints["object_detection_prediction"] == "dict"
        assert "image" in interface.kinds_schemas


async def test_engine_versions(client: InferenceHTTPClient) -> None:
    versions = client.get_workflow_execution_engine_versions()
    assert versions == await client.get_workflow_execution_engine_versions_async()
    assert all(version.split(".")[0] == "1" for version in versions)


def steps(client: InferenceHTTPClient) -> tuple[set[str], set[str]]:
    """Return the names of the server's steps: those that only compute, and those that have effects outside."""
    harmless: set[str] = set()
    sinks: set[str] = set()
    for block in client.describe_workflow_blocks().blocks:
        aliases = block.manifest_type_identifier_aliases or []
        names = {name.partition("@")[0] for name in (block.manifest_type_identifier, *aliases)}
        is_sink = block.block_schema["block_type"] == "sink" or ".sinks." in block.fully_qualified_block_class_name
        # Its steps are those of another workflow.
        (sinks if is_sink or "roboflow_core/inner_workflow" in names else harmless).update(names)
    assert len(sinks) > 10
    return harmless, sinks


def test_no_sink_counts_as_harmless(client: InferenceHTTPClient) -> None:
    _, sinks = steps(client)
    assert sinks.isdisjoint(HARMLESS_STEPS)


@needs(CURRENT_STEPS)
def test_all_other_steps_count_as_harmless(client: InferenceHTTPClient) -> None:
    harmless, _ = steps(client)
    assert harmless == HARMLESS_STEPS
