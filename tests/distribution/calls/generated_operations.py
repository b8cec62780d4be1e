"""Every operation of the generated layer."""

from typing import Any, assert_type

from inference_api import Client, File, models
from inference_api.api import (
    builder,
    core_models,
    infer,
    models_registry,
    pipelines,
    server,
    v0,
    webrtc,
    workflows,
)


def builder_operations(client: Client) -> None:
    assert_type(builder.delete_local_workflow.sync("i", client=client), models.ErrorMessage)
    assert_type(builder.get_builder_edit_page.sync("i", client=client), str)
    assert_type(builder.get_builder_page.sync(client=client), str)
    assert_type(builder.get_local_workflow.sync("i", client=client), dict[str, Any])
    assert_type(builder.list_cached_models.sync(client=client), dict[str, Any])
    assert_type(builder.list_local_workflows.sync(client=client), dict[str, Any])
    assert_type(builder.save_local_workflow.sync("i", client=client, body={}), models.ErrorMessage)


def core_models_operations(client: Client) -> None:
    assert_type(
        core_models.clip_compare.sync(client=client, body=models.ClipCompareRequest.from_dict({})),
        models.ClipCompareResponse,
    )
    assert_type(
        core_models.clip_embed_image.sync(client=client, body=models.ClipImageEmbeddingRequest.from_dict({})),
        models.ClipEmbeddingResponse,
    )
    assert_type(
        core_models.clip_embed_text.sync(client=client, body=models.ClipTextEmbeddingRequest.from_dict({})),
        models.ClipEmbeddingResponse,
    )
    assert_type(
        core_models.doctr_ocr.sync(client=client, body=models.DoctrOCRInferenceRequest.from_dict({})),
        list[models.OCRInferenceResponse] | models.OCRInferenceResponse,
    )
    assert_type(
        core_models.easy_ocr_ocr.sync(client=client, body=models.EasyOCRInferenceRequest.from_dict({})),
        list[models.OCRInferenceResponse] | models.OCRInferenceResponse,
    )
    core_models.gaze_detection.sync(client=client)
    assert_type(
        core_models.grounding_dino_infer.sync(client=client, body=models.GroundingDINOInferenceRequest.from_dict({})),
        models.ObjectDetectionInferenceResponse,
    )
    assert_type(
        core_models.owlv2_infer.sync(client=client, body=models.OwlV2InferenceRequest.from_dict({})),
        models.ObjectDetectionInferenceResponse,
    )
    assert_type(
        core_models.perception_encoder_compare.sync(
            client=client, body=models.PerceptionEncoderCompareRequest.from_dict({})
        ),
        models.PerceptionEncoderCompareResponse,
    )
    assert_type(
        core_models.perception_encoder_embed_image.sync(
            client=client, body=models.PerceptionEncoderImageEmbeddingRequest.from_dict({})
        ),
        models.PerceptionEncoderEmbeddingResponse,
    )
    assert_type(
        core_models.perception_encoder_embed_text.sync(
            client=client, body=models.PerceptionEncoderTextEmbeddingRequest.from_dict({})
        ),
        models.PerceptionEncoderEmbeddingResponse,
    )
    assert_type(
        core_models.pp_ocr_ocr.sync(client=client, body=models.PPOCRInferenceRequest.from_dict({})),
        models.OCRInferenceResponse,
    )
    assert_type(
        core_models.sam2_embed_image.sync(client=client, body=models.Sam2EmbeddingRequest.from_dict({})),
        models.Sam2EmbeddingResponse,
    )
    assert_type(
        core_models.sam2_segment_image.sync(client=client, body=models.Sam2SegmentationRequest.from_dict({})),
        models.Sam2SegmentationResponse | bytes,
    )
    assert_type(
        core_models.sam3_3d_infer.sync(client=client, body=models.Sam3DObjectsInferenceRequest.from_dict({})),
        models.Sam3DObjectsInferenceResponse,
    )
    assert_type(
        core_models.sam3_concept_segment.sync(client=client, body=models.Sam3SegmentationRequest.from_dict({})),
        models.Sam3SegmentationResponse | bytes,
    )
    assert_type(
        core_models.sam3_embed_image.sync(client=client, body=models.Sam2EmbeddingRequest.from_dict({})),
        models.Sam3EmbeddingResponse,
    )
    assert_type(
        core_models.sam3_visual_segment.sync(client=client, body=models.Sam2SegmentationRequest.from_dict({})),
        models.Sam2SegmentationResponse,
    )
    assert_type(
        core_models.sam_embed_image.sync(client=client, body=models.SamEmbeddingRequest.from_dict({})),
        models.SamEmbeddingResponse | bytes,
    )
    assert_type(
        core_models.sam_segment_image.sync(client=client, body=models.SamSegmentationRequest.from_dict({})),
        models.SamSegmentationResponse | bytes,
    )
    assert_type(
        core_models.trocr_ocr.sync(client=client, body=models.TrOCRInferenceRequest.from_dict({})),
        models.OCRInferenceResponse,
    )
    assert_type(
        core_models.yolo_world_infer.sync(client=client, body=models.YOLOWorldInferenceRequest.from_dict({})),
        models.ObjectDetectionInferenceResponse,
    )


def infer_operations(client: Client) -> None:
    assert_type(
        infer.infer_action_recognition.sync(client=client, body=models.ActionRecognitionInferenceRequest.from_dict({})),
        models.ActionRecognitionInferenceResponse,
    )
    assert_type(
        infer.infer_classification.sync(client=client, body=models.ClassificationInferenceRequest.from_dict({})),
        models.AnomalyDetectionResponse
        | models.ClassificationInferenceResponse
        | list[
            models.AnomalyDetectionResponse
            | models.ClassificationInferenceResponse
            | models.MultiLabelClassificationInferenceResponse
        ]
        | models.MultiLabelClassificationInferenceResponse
        | models.StubResponse,
    )
    assert_type(
        infer.infer_depth_estimation.sync(client=client, body=models.DepthEstimationRequest.from_dict({})),
        models.DepthEstimationResponse,
    )
    assert_type(
        infer.infer_depth_estimation_with_model_id.sync(
            "i", client=client, body=models.DepthEstimationRequest.from_dict({})
        ),
        models.DepthEstimationResponse,
    )
    assert_type(
        infer.infer_embeddings.sync(client=client, body=models.ImageEmbeddingRequest.from_dict({})),
        models.ImageEmbeddingResponse,
    )
    assert_type(
        infer.infer_instance_segmentation.sync(
            client=client, body=models.InstanceSegmentationInferenceRequest.from_dict({})
        ),
        models.InstanceSegmentationInferenceResponse
        | list[models.InstanceSegmentationInferenceResponse]
        | models.StubResponse,
    )
    assert_type(
        infer.infer_keypoints_detection.sync(
            client=client, body=models.KeypointsDetectionInferenceRequest.from_dict({})
        ),
        models.KeypointsDetectionInferenceResponse
        | list[models.KeypointsDetectionInferenceResponse]
        | models.StubResponse,
    )
    assert_type(
        infer.infer_lmm.sync(client=client, body=models.LMMInferenceRequest.from_dict({})),
        list[models.LMMInferenceResponse] | models.LMMInferenceResponse | models.StubResponse,
    )
    assert_type(
        infer.infer_lmm_with_model_id.sync("i", client=client, body=models.LMMInferenceRequest.from_dict({})),
        list[models.LMMInferenceResponse] | models.LMMInferenceResponse | models.StubResponse,
    )
    assert_type(
        infer.infer_object_detection.sync(client=client, body=models.ObjectDetectionInferenceRequest.from_dict({})),
        list[models.ObjectDetectionInferenceResponse] | models.ObjectDetectionInferenceResponse | models.StubResponse,
    )
    assert_type(
        infer.infer_semantic_segmentation.sync(
            client=client, body=models.SemanticSegmentationInferenceRequest.from_dict({})
        ),
        list[models.SemanticSegmentationInferenceResponse]
        | models.SemanticSegmentationInferenceResponse
        | models.StubResponse,
    )


def models_registry_operations(client: Client) -> None:
    assert_type(
        models_registry.add_model.sync(client=client, body=models.AddModelRequest.from_dict({})),
        models.ModelsDescriptions,
    )
    assert_type(models_registry.clear_models.sync(client=client), models.ModelsDescriptions)
    assert_type(models_registry.list_models.sync(client=client), models.ModelsDescriptions)
    assert_type(
        models_registry.remove_model.sync(client=client, body=models.ClearModelRequest.from_dict({})),
        models.ModelsDescriptions,
    )
    assert_type(models_registry.start_model.sync("i", "i", client=client), models.StartModelResponse)


def pipelines_operations(client: Client) -> None:
    assert_type(
        pipelines.consume_pipeline.sync("i", client=client, body=models.ConsumeResultsPayload.from_dict({})),
        models.ConsumePipelineResponse,
    )
    assert_type(pipelines.get_pipeline_status.sync("i", client=client), models.InferencePipelineStatusResponse)
    assert_type(
        pipelines.initialise_pipeline.sync(client=client, body=models.InitialisePipelinePayload.from_dict({})),
        models.CommandResponse,
    )
    assert_type(
        pipelines.initialise_webrtc_pipeline.sync(
            client=client, body=models.InitialiseWebRTCPipelinePayload.from_dict({})
        ),
        models.InitializeWebRTCPipelineResponse,
    )
    assert_type(pipelines.list_pipelines.sync(client=client), models.ListPipelinesResponse)
    assert_type(pipelines.pause_pipeline.sync("i", client=client), models.CommandResponse)
    assert_type(pipelines.resume_pipeline.sync("i", client=client), models.CommandResponse)
    assert_type(pipelines.terminate_pipeline.sync("i", client=client), models.CommandResponse)


def server_operations(client: Client) -> None:
    assert_type(server.clear_cache.sync(client=client), str)
    server.get_dashboard.sync(client=client)
    assert_type(server.get_device_stats.sync(client=client), dict[str, Any])
    assert_type(server.get_healthz.sync(client=client), models.HealthStatus)
    assert_type(server.get_info.sync(client=client), models.ServerVersionInfo)
    assert_type(server.get_logs.sync(client=client), models.LogsResponse)
    assert_type(server.get_metrics.sync(client=client), str)
    assert_type(server.get_readiness.sync(client=client), models.ReadinessStatus)
    assert_type(server.get_secure_gateway_health.sync(client=client), models.SecureGatewayHealthResponse)
    server.head_dashboard.sync(client=client)
    assert_type(server.start_notebook.sync(client=client), models.NotebookStartResponse)


def v0_operations(client: Client) -> None:
    assert_type(
        v0.infer_v0.sync("i", "i", client=client, body=File(payload=b"")),
        models.ActionRecognitionInferenceResponse
        | models.AnomalyDetectionResponse
        | models.ClassificationInferenceResponse
        | models.InstanceSegmentationInferenceResponse
        | models.KeypointsDetectionInferenceResponse
        | models.MultiLabelClassificationInferenceResponse
        | models.ObjectDetectionInferenceResponse
        | models.SemanticSegmentationInferenceResponse
        | models.StubResponse
        | bytes,
    )
    assert_type(
        v0.infer_v0_from_url.sync("i", "i", client=client),
        models.ActionRecognitionInferenceResponse
        | models.AnomalyDetectionResponse
        | models.ClassificationInferenceResponse
        | models.InstanceSegmentationInferenceResponse
        | models.KeypointsDetectionInferenceResponse
        | models.MultiLabelClassificationInferenceResponse
        | models.ObjectDetectionInferenceResponse
        | models.SemanticSegmentationInferenceResponse
        | models.StubResponse
        | bytes,
    )


def webrtc_operations(client: Client) -> None:
    assert_type(
        webrtc.initialise_webrtc_worker.sync(client=client, body=models.WebRTCWorkerRequest.from_dict({})),
        models.InitializeWebRTCResponse,
    )
    assert_type(
        webrtc.webrtc_session_end.sync(client=client, body=models.WebRTCSessionHeartbeatRequest.from_dict({})),
        models.StatusResponse,
    )
    assert_type(
        webrtc.webrtc_session_heartbeat.sync(client=client, body=models.WebRTCSessionHeartbeatRequest.from_dict({})),
        models.StatusResponse,
    )


def workflows_operations(client: Client) -> None:
    assert_type(
        workflows.describe_blocks.sync(client=client, body=models.DescribeBlocksRequest.from_dict({})),
        models.WorkflowsBlocksDescription,
    )
    assert_type(
        workflows.describe_workflow_interface.sync(
            "i", "i", client=client, body=models.PredefinedWorkflowDescribeInterfaceRequest.from_dict({})
        ),
        models.DescribeInterfaceResponse,
    )
    assert_type(
        workflows.describe_workflow_specification_interface.sync(
            client=client, body=models.WorkflowSpecificationDescribeInterfaceRequest.from_dict({})
        ),
        models.DescribeInterfaceResponse,
    )
    assert_type(
        workflows.describe_workflow_specification_workload.sync(
            client=client, body=models.WorkflowSpecificationDescribeWorkloadRequest.from_dict({})
        ),
        models.WorkflowIntrospection,
    )
    assert_type(
        workflows.describe_workflow_workload.sync(
            "i", "i", client=client, body=models.PredefinedWorkflowDescribeWorkloadRequest.from_dict({})
        ),
        models.WorkflowIntrospection,
    )
    assert_type(workflows.get_dynamic_block_outputs.sync(client=client, body={}), list[models.OutputDefinition])
    assert_type(workflows.get_execution_engine_versions.sync(client=client), models.ExecutionEngineVersions)
    assert_type(workflows.get_workflow_schema.sync(client=client), models.WorkflowsBlocksSchemaDescription)
    assert_type(workflows.legacy_describe_blocks.sync(client=client), models.WorkflowsBlocksDescription)
    assert_type(
        workflows.legacy_run_workflow.sync(
            "i", "i", client=client, body=models.PredefinedWorkflowInferenceRequest.from_dict({})
        ),
        models.WorkflowInferenceResponse,
    )
    assert_type(
        workflows.legacy_run_workflow_specification.sync(
            client=client, body=models.WorkflowSpecificationInferenceRequest.from_dict({})
        ),
        models.WorkflowInferenceResponse,
    )
    assert_type(
        workflows.run_workflow.sync(
            "i", "i", client=client, body=models.PredefinedWorkflowInferenceRequest.from_dict({})
        ),
        models.WorkflowInferenceResponse,
    )
    assert_type(
        workflows.run_workflow_specification.sync(
            client=client, body=models.WorkflowSpecificationInferenceRequest.from_dict({})
        ),
        models.WorkflowInferenceResponse,
    )
    assert_type(workflows.validate_workflow.sync(client=client, body={}), models.WorkflowValidationStatus)
