"""The calls that give typed results."""

from typing import assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import (
    AnomalyDetectionResult,
    ClassificationResult,
    InferenceHTTPClient,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    Progress,
    SemanticSegmentationResult,
)

Pixels = npt.NDArray[np.uint8]
Classified = ClassificationResult | MultiLabelClassificationResult | AnomalyDetectionResult


def note(progress: Progress) -> None:
    print(progress.done)


async def objects(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.detect_objects("a.jpg"), ObjectDetectionResult)
    assert_type(
        client.detect_objects(
            image=array,
            model_id="p/1",
            confidence=0.5,
            iou_threshold=0.5,
            class_filter=["cat"],
            max_detections=5,
        ),
        ObjectDetectionResult,
    )
    assert_type(client.detect_objects([array, "a.jpg"], confidence="best"), list[ObjectDetectionResult])
    assert_type(client.detect_objects([array], class_filter=("cat",), progress=note), list[ObjectDetectionResult])
    assert_type(await client.detect_objects_async("a.jpg"), ObjectDetectionResult)
    assert_type(
        await client.detect_objects_async(
            image=array,
            model_id="p/1",
            confidence=0.5,
            iou_threshold=0.5,
            class_filter=["cat"],
            max_detections=5,
        ),
        ObjectDetectionResult,
    )
    assert_type(await client.detect_objects_async([array], progress=True), list[ObjectDetectionResult])


async def instances(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.segment_instances("a.jpg"), InstanceSegmentationResult)
    assert_type(
        client.segment_instances(
            image=array,
            model_id="p/1",
            confidence=0.5,
            iou_threshold=0.5,
            class_filter=["cat"],
            max_detections=5,
        ),
        InstanceSegmentationResult,
    )
    assert_type(client.segment_instances([array], progress=note), list[InstanceSegmentationResult])
    assert_type(await client.segment_instances_async("a.jpg"), InstanceSegmentationResult)
    assert_type(
        await client.segment_instances_async(
            image=array,
            model_id="p/1",
            confidence="default",
            iou_threshold=0.5,
            class_filter=["cat"],
            max_detections=5,
        ),
        InstanceSegmentationResult,
    )
    assert_type(await client.segment_instances_async([array], progress=True), list[InstanceSegmentationResult])


async def semantic(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.segment_semantic(image=array, model_id="p/1", confidence="best"), SemanticSegmentationResult)
    assert_type(client.segment_semantic(["a.jpg"], progress=note), list[SemanticSegmentationResult])
    assert_type(
        await client.segment_semantic_async(image=array, model_id="p/1", confidence=0.5), SemanticSegmentationResult
    )
    assert_type(await client.segment_semantic_async(["a.jpg"], progress=True), list[SemanticSegmentationResult])


async def classes(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.classify(image=array, model_id="p/1", confidence=0.1), Classified)
    assert_type(client.classify(["a.jpg"], progress=note), list[Classified])
    assert_type(await client.classify_async(image=array, model_id="p/1", confidence=0.1), Classified)
    assert_type(await client.classify_async(["a.jpg"], progress=True), list[Classified])
    result = client.classify("a.jpg")
    assert_type(result.predicted_classes, list[str])
    if isinstance(result, MultiLabelClassificationResult):
        assert_type(result.predicted_classes, list[str])
    elif isinstance(result, AnomalyDetectionResult):
        assert_type(result.anomaly_score, float)
    else:
        assert_type(result, ClassificationResult)


async def keypoints(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.detect_keypoints(
            image=array,
            model_id="p/1",
            confidence=0.5,
            keypoint_confidence=0.3,
            iou_threshold=0.5,
            class_filter=["person"],
            max_detections=5,
        ),
        KeypointDetectionResult,
    )
    assert_type(client.detect_keypoints(["a.jpg"], progress=note), list[KeypointDetectionResult])
    assert_type(
        await client.detect_keypoints_async(
            image=array,
            model_id="p/1",
            confidence=0.5,
            keypoint_confidence=0.3,
            iou_threshold=0.5,
            class_filter=["person"],
            max_detections=5,
        ),
        KeypointDetectionResult,
    )
    assert_type(await client.detect_keypoints_async(["a.jpg"], progress=True), list[KeypointDetectionResult])
