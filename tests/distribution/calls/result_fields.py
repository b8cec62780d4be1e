"""The fields of typed results."""

from typing import Any, assert_type

from inference_api import Unset, models

from inference_ext import (
    AnomalyDetectionResult,
    ClassificationResult,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    SemanticSegmentationResult,
)


def anomaly_detection_result(result: AnomalyDetectionResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(result.predictions, list[models.ClassificationPrediction])
    assert_type(result.anomaly_score, float)
    assert_type(result.anomaly_threshold, float)
    assert_type(result.anomaly_scale, float)
    assert_type(result.is_anomalous, bool)
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.top, str | Unset)
    assert_type(result.predicted_classes, list[str])
    assert_type(result.confidence, float | Unset)
    assert_type(result.parent_id, None | str | Unset)
    assert_type(result.anomaly_map, models.AnomalyMapPayload | None | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(AnomalyDetectionResult.from_dict({}), AnomalyDetectionResult)


def classification_result(result: ClassificationResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(result.predictions, list[models.ClassificationPrediction])
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.top, str | Unset)
    assert_type(result.predicted_classes, list[str])
    assert_type(result.confidence, float | Unset)
    assert_type(result.parent_id, None | str | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(ClassificationResult.from_dict({}), ClassificationResult)


def instance_segmentation_result(result: InstanceSegmentationResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(
        result.predictions, list[models.InstanceSegmentationPrediction | models.InstanceSegmentationRLEPrediction]
    )
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.original_image, models.InferenceResponseImage | None | Unset)
    assert_type(result.mask_metadata, models.MaskCoordinateMetadata | None | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(InstanceSegmentationResult.from_dict({}), InstanceSegmentationResult)


def keypoint_detection_result(result: KeypointDetectionResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(result.predictions, list[models.KeypointsPrediction])
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(KeypointDetectionResult.from_dict({}), KeypointDetectionResult)


def multi_label_classification_result(result: MultiLabelClassificationResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(result.predictions, dict[str, models.MultiLabelClassificationPrediction])
    assert_type(result.predicted_classes, list[str])
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.parent_id, None | str | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(MultiLabelClassificationResult.from_dict({}), MultiLabelClassificationResult)


def object_detection_result(result: ObjectDetectionResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(result.predictions, list[models.ObjectDetectionPrediction])
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(ObjectDetectionResult.from_dict({}), ObjectDetectionResult)


def semantic_segmentation_result(result: SemanticSegmentationResult) -> None:
    assert_type(result.image, models.InferenceResponseImage)
    assert_type(result.predictions, models.SemanticSegmentationPrediction)
    assert_type(result.visualization, None | str | Unset)
    assert_type(result.inference_id, None | str | Unset)
    assert_type(result.frame_id, int | None | Unset)
    assert_type(result.time, float | None | Unset)
    assert_type(result.resolved_model, None | models.ResolvedModel | Unset)
    assert_type(result.additional_properties, dict[str, Any])
    assert_type(result.additional_keys, list[str])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(SemanticSegmentationResult.from_dict({}), SemanticSegmentationResult)
