"""Calls whose types a type checker must know exactly; checked by test_types.py, never run."""

from __future__ import annotations

from typing import assert_type

from inference_api import UNSET, Client, File, Response, models
from inference_api.api import infer, server
from inference_api.api.core_models import sam2_segment_image
from inference_api.api.server import get_info, get_metrics
from inference_api.api.v0 import infer_v0
from inference_api.models import (
    ConfidenceMode,
    ObjectDetectionInferenceRequest,
    ObjectDetectionInferenceResponse,
    ObjectDetectionPrediction,
    Sam2SegmentationRequest,
    Sam2SegmentationResponse,
    ServerVersionInfo,
    StubResponse,
)
from inference_api.types import Unset


def one_class_answers(client: Client) -> None:
    assert_type(get_info.sync(client=client), ServerVersionInfo)
    assert_type(get_info.sync_detailed(client=client), Response[ServerVersionInfo])
    assert_type(server.get_info.sync(client=client).version, str)
    assert_type(get_metrics.sync(client=client), str)


async def asynchronous_answers(client: Client) -> None:
    assert_type(await get_info.asyncio(client=client), ServerVersionInfo)
    assert_type((await get_info.asyncio_detailed(client=client)).parsed, ServerVersionInfo)


def union_answers(client: Client, detect: ObjectDetectionInferenceRequest, segment: Sam2SegmentationRequest) -> None:
    detected = infer.infer_object_detection.sync(client=client, body=detect)
    assert_type(detected, list[ObjectDetectionInferenceResponse] | ObjectDetectionInferenceResponse | StubResponse)
    assert_type(sam2_segment_image.sync(client=client, body=segment), Sam2SegmentationResponse | bytes)
    infer_v0.sync("boxes", "1", client=client, body=File(b""), confidence="best", labels=UNSET)


def fields(answer: ObjectDetectionInferenceResponse, request: ObjectDetectionInferenceRequest) -> None:
    assert_type(answer.predictions, list[ObjectDetectionPrediction])
    assert_type(answer.predictions[0].confidence, float)
    assert_type(request.confidence, ConfidenceMode | float | Unset)
    assert_type(models.ServerVersionInfo.from_dict({}), ServerVersionInfo)
