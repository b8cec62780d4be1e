"""Video pipelines on the server."""

from typing import Any, assert_type

from inference_ext import InferenceHTTPClient

Answer = dict[str, Any]
SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}


async def started(client: InferenceHTTPClient) -> None:
    assert_type(client.start_inference_pipeline_with_workflow("rtsp://camera", SPECIFICATION), Answer)
    assert_type(
        client.start_inference_pipeline_with_workflow([0, "rtsp://camera"], workspace_name="w", workflow_id="f"),
        Answer,
    )
    assert_type(
        client.start_inference_pipeline_with_workflow(
            video_reference=0,
            workflow_specification=SPECIFICATION,
            workspace_name=None,
            workflow_id=None,
            image_input_name="image",
            workflows_parameters={"threshold": 0.5},
            workflows_thread_pool_workers=2,
            cancel_thread_pool_tasks_on_exit=False,
            video_metadata_input_name="video_metadata",
            max_fps=10,
            source_buffer_filling_strategy="ADAPTIVE_DROP_OLDEST",
            source_buffer_consumption_strategy="LAZY",
            video_source_properties={"frame_width": 640},
            batch_collection_timeout=0.5,
            results_buffer_size=8,
            workflow_version_id=None,
            disable_sinks=True,
            consumption_timeout=30.0,
            execution_engine_thread_pool_workers=2,
            decoding_buffer_size=16,
            predictions_queue_size=32,
        ),
        Answer,
    )
    assert_type(
        await client.start_inference_pipeline_with_workflow_async(
            video_reference=0,
            workflow_specification=SPECIFICATION,
            workspace_name=None,
            workflow_id=None,
            image_input_name="image",
            workflows_parameters={"threshold": 0.5},
            workflows_thread_pool_workers=2,
            cancel_thread_pool_tasks_on_exit=False,
            video_metadata_input_name="video_metadata",
            max_fps=10,
            source_buffer_filling_strategy=None,
            source_buffer_consumption_strategy=None,
            video_source_properties={"frame_width": 640},
            batch_collection_timeout=0.5,
            results_buffer_size=8,
            workflow_version_id=None,
            disable_sinks=True,
            consumption_timeout=30.0,
            execution_engine_thread_pool_workers=2,
            decoding_buffer_size=16,
            predictions_queue_size=32,
        ),
        Answer,
    )


async def watched_and_ended(client: InferenceHTTPClient) -> None:
    assert_type(client.list_inference_pipelines(), Answer)
    assert_type(client.get_inference_pipeline_status(pipeline_id="p"), Answer)
    assert_type(client.consume_inference_pipeline_result(pipeline_id="p", excluded_fields=["image"]), Answer)
    assert_type(client.pause_inference_pipeline(pipeline_id="p"), Answer)
    assert_type(client.resume_inference_pipeline(pipeline_id="p"), Answer)
    assert_type(client.terminate_inference_pipeline(pipeline_id="p"), Answer)
    assert_type(await client.list_inference_pipelines_async(), Answer)
    assert_type(await client.get_inference_pipeline_status_async(pipeline_id="p"), Answer)
    assert_type(await client.consume_inference_pipeline_result_async(pipeline_id="p", excluded_fields=None), Answer)
    assert_type(await client.pause_inference_pipeline_async(pipeline_id="p"), Answer)
    assert_type(await client.resume_inference_pipeline_async(pipeline_id="p"), Answer)
    assert_type(await client.terminate_inference_pipeline_async(pipeline_id="p"), Answer)
