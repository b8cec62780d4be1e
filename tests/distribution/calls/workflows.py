"""Running and describing workflows."""

from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import (
    InferenceHTTPClient,
    WorkflowBlocks,
    WorkflowInterface,
    WorkflowOutputs,
    WorkflowValidation,
)

SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}


async def run(client: InferenceHTTPClient, array: npt.NDArray[np.uint8]) -> None:
    assert_type(client.run_workflow("workspace", "workflow", images={"image": "a.jpg"}), WorkflowOutputs)
    assert_type(client.run_workflow(specification=SPECIFICATION, images={"image": [array, "b.jpg"]}), WorkflowOutputs)
    assert_type(
        client.run_workflow(
            workspace_name="workspace",
            workflow_id="workflow",
            specification=None,
            images={"image": array},
            parameters={"threshold": 0.5},
            excluded_fields=["picture"],
            use_cache=False,
            enable_profiling=True,
            workflow_version_id="3",
            disable_sinks=True,
            debug=True,
        ),
        WorkflowOutputs,
    )
    assert_type(
        await client.run_workflow_async(
            workspace_name="workspace",
            workflow_id="workflow",
            specification=None,
            images={"image": array},
            parameters={"threshold": 0.5},
            excluded_fields=["picture"],
            use_cache=False,
            enable_profiling=True,
            workflow_version_id="3",
            disable_sinks=True,
            debug=True,
        ),
        WorkflowOutputs,
    )


async def run_on_old_servers(client: InferenceHTTPClient, array: npt.NDArray[np.uint8]) -> None:
    assert_type(
        client.infer_from_workflow(
            workspace_name="workspace",
            workflow_name="workflow",
            specification=None,
            images={"image": array},
            parameters={"threshold": 0.5},
            excluded_fields=["picture"],
            use_cache=False,
            enable_profiling=True,
            workflow_version_id="3",
            disable_sinks=True,
        ),
        WorkflowOutputs,
    )
    assert_type(
        await client.infer_from_workflow_async(
            workspace_name="workspace",
            workflow_name="workflow",
            specification=None,
            images={"image": array},
            parameters={"threshold": 0.5},
            excluded_fields=["picture"],
            use_cache=False,
            enable_profiling=True,
            workflow_version_id="3",
            disable_sinks=True,
        ),
        WorkflowOutputs,
    )


def outputs(outputs: WorkflowOutputs) -> None:
    assert_type(outputs[0], dict[str, Any])
    assert_type(len(outputs), int)
    assert_type([output for output in outputs], list[dict[str, Any]])  # noqa: C416 - what iterating gives
    assert_type(outputs.image_metadata, dict[tuple[str | int, ...], dict[str, Any]])
    assert_type(outputs.profiler_trace, list[Any])
    assert_type(outputs.trace_file, Path | None)
    assert_type(outputs.other_fields, dict[str, Any])


async def described(client: InferenceHTTPClient) -> None:
    assert_type(client.validate_workflow(specification=SPECIFICATION), WorkflowValidation)
    assert_type(
        client.describe_workflow_interface(
            workspace_name="workspace",
            workflow_id="workflow",
            specification=None,
            use_cache=False,
            workflow_version_id="3",
        ),
        WorkflowInterface,
    )
    assert_type(
        client.describe_workflow_blocks(execution_engine_version="1.4.0", dynamic_blocks_definitions=[{}]),
        WorkflowBlocks,
    )
    assert_type(client.get_workflow_execution_engine_versions(), list[str])
    assert_type(await client.validate_workflow_async(specification=SPECIFICATION), WorkflowValidation)
    assert_type(
        await client.describe_workflow_interface_async(
            workspace_name=None,
            workflow_id=None,
            specification=SPECIFICATION,
            use_cache=True,
            workflow_version_id=None,
        ),
        WorkflowInterface,
    )
    assert_type(
        await client.describe_workflow_blocks_async(execution_engine_version=None, dynamic_blocks_definitions=None),
        WorkflowBlocks,
    )
    assert_type(await client.get_workflow_execution_engine_versions_async(), list[str])
