"""Every public call shape, as a type checker must see it. Never run: checked by mypy and pyright."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt
from inference_api import Client, models
from inference_api.api.infer import infer_object_detection
from inference_api.api.server import get_info
from PIL import Image

from inference_ext import (
    AnomalyDetectionResult,
    ApiKeyTransport,
    ClassificationResult,
    HTTPClientMode,
    InferenceConfiguration,
    InferenceHTTPClient,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    ModelDescription,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    RegisteredModels,
    SemanticSegmentationResult,
    ServerInfo,
    __version__,
)
from inference_ext.http import client as sdk_client
from inference_ext.http import entities, errors

Classified = ClassificationResult | MultiLabelClassificationResult | AnomalyDetectionResult
Pixels = npt.NDArray[np.uint8]
Item = tuple[str | int, Pixels, dict[str, Any]]


def configuring(client: InferenceHTTPClient) -> None:
    chained = client.select_api_v0().select_api_v1().select_model("p/1").configure(InferenceConfiguration())
    assert_type(chained, InferenceHTTPClient)
    assert_type(client.client_mode, HTTPClientMode)
    assert_type(client.selected_model, str | None)
    assert_type(client.inference_configuration, InferenceConfiguration)
    with client.use_model("p/1") as inner:
        assert_type(inner, InferenceHTTPClient)
    with InferenceHTTPClient("http://localhost:9001", api_key="K") as opened:
        assert_type(opened, InferenceHTTPClient)


def written_for_inference_sdk(settings: InferenceConfiguration) -> None:
    assert_type(replace(settings, confidence_threshold=0.5), InferenceConfiguration)
    assert_type(asdict(settings), dict[str, Any])
    assert_type(InferenceConfiguration.init_default(), InferenceConfiguration)
    assert_type(InferenceConfiguration(api_key_transport="header").api_key_transport, ApiKeyTransport | None)
    assert_type(InferenceConfiguration(api_key_transport=ApiKeyTransport.BOTH), entities.InferenceConfiguration)
    assert_type(sdk_client.InferenceHTTPClient.init("http://localhost:9001", "K"), InferenceHTTPClient)
    try:
        info = InferenceHTTPClient("http://localhost:9001").get_server_info()
    except errors.HTTPCallErrorError as error:
        assert_type(error.status_code, int)
        assert_type(error.api_message, str | None)
        assert_type([one.block_id for one in error.blocks_errors], list[str | None])
    else:
        assert_type(info, entities.ServerInfo)
        assert_type(info.to_dict(), dict[str, Any])
    assert_type(__version__, str)


def plain(client: InferenceHTTPClient, array: Pixels, picture: Image.Image) -> None:
    assert_type(client.infer("a.jpg", model_id="p/1"), dict[str, Any])
    assert_type(client.infer(Path("a.jpg")), dict[str, Any])
    assert_type(client.infer(b"..."), dict[str, Any])
    assert_type(client.infer(array), dict[str, Any])
    assert_type(client.infer(picture), dict[str, Any])
    assert_type(client.infer(["a.jpg", "b.jpg"]), list[dict[str, Any]])
    assert_type(client.infer(("a.jpg",)), list[dict[str, Any]])
    assert_type(client.infer(["a.jpg", array, picture]), list[dict[str, Any]])
    assert_type(client.infer_from_api_v0(array), dict[str, Any])
    assert_type(client.infer_from_api_v1([array]), list[dict[str, Any]])


async def plain_async(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(await client.infer_async(array), dict[str, Any])
    assert_type(await client.infer_async([array]), list[dict[str, Any]])
    assert_type(await client.infer_from_api_v0_async("a.jpg"), dict[str, Any])
    assert_type(await client.infer_from_api_v1_async(["a.jpg"]), list[dict[str, Any]])


def typed(client: InferenceHTTPClient, array: Pixels) -> None:
    boxes = client.detect_objects(array, model_id="p/1", confidence=0.5, class_filter=["cat"])
    assert_type(boxes, ObjectDetectionResult)
    assert_type(boxes.predictions, list[models.ObjectDetectionPrediction])
    assert_type(boxes.predictions[0].x, float)
    assert_type(boxes.predictions[0].class_, str)
    assert_type(boxes.image.width, int)
    assert_type(boxes.dict(), dict[str, Any])
    assert_type(boxes.annotate(array), Pixels)
    assert_type(client.detect_objects([array]), list[ObjectDetectionResult])
    assert_type(client.segment_instances("a.jpg"), InstanceSegmentationResult)
    assert_type(client.segment_instances(["a.jpg"]), list[InstanceSegmentationResult])
    masks = client.segment_semantic("a.jpg", confidence="best")
    assert_type(masks, SemanticSegmentationResult)
    assert_type(masks.class_ids(), Pixels)
    assert_type(client.segment_semantic(["a.jpg"]), list[SemanticSegmentationResult])
    assert_type(client.classify("a.jpg"), Classified)
    assert_type(client.classify(["a.jpg"]), list[Classified])
    points = client.detect_keypoints("a.jpg", keypoint_confidence=0.3)
    assert_type(points, KeypointDetectionResult)
    assert_type(points.predictions[0].keypoints[0].x, float)
    assert_type(client.detect_keypoints(["a.jpg"]), list[KeypointDetectionResult])


async def typed_async(client: InferenceHTTPClient) -> None:
    assert_type(await client.detect_objects_async("a.jpg"), ObjectDetectionResult)
    assert_type(await client.detect_objects_async(["a.jpg"]), list[ObjectDetectionResult])
    assert_type(await client.segment_instances_async("a.jpg"), InstanceSegmentationResult)
    assert_type(await client.segment_semantic_async("a.jpg"), SemanticSegmentationResult)
    assert_type(await client.classify_async("a.jpg"), Classified)
    assert_type(await client.detect_keypoints_async("a.jpg"), KeypointDetectionResult)


def streams(client: InferenceHTTPClient) -> None:
    assert_type(client.infer_on_stream("video.mp4"), Generator[Item, None, None])
    assert_type(client.infer_on_stream_async(0), AsyncGenerator[Item, None])


async def control(client: InferenceHTTPClient) -> None:
    assert_type(client.get_server_info(), ServerInfo)
    assert_type(client.list_loaded_models(), RegisteredModels)
    assert_type(client.get_model_description("p/1"), ModelDescription)
    assert_type(client.load_model("p/1", set_as_default=True), RegisteredModels)
    assert_type(await client.unload_model_async("p/1"), RegisteredModels)
    assert_type(await client.unload_all_models_async(), RegisteredModels)


def generated(client: InferenceHTTPClient) -> None:
    api: Client = client.api
    assert_type(get_info.sync(client=api).version, str)
    image = models.InferenceRequestImage(type_="base64", value="...")
    request = models.ObjectDetectionInferenceRequest(model_id="p/1", image=image)
    answer = infer_object_detection.sync(client=api, body=request)
    if isinstance(answer, models.ObjectDetectionInferenceResponse):
        assert_type(answer.predictions[0].confidence, float)
