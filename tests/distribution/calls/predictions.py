"""What stands in the fields of typed results."""

from typing import Any, Literal, assert_type

from inference_api import Unset, models


def anomaly_map_payload(model: models.AnomalyMapPayload) -> None:
    assert_type(model.shape, list[int])
    assert_type(model.dtype, Literal["float32"])
    assert_type(model.data, str)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.AnomalyMapPayload.from_dict({}), models.AnomalyMapPayload)


def classification_prediction(model: models.ClassificationPrediction) -> None:
    assert_type(model.class_, str)
    assert_type(model.class_id, int)
    assert_type(model.confidence, float)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.ClassificationPrediction.from_dict({}), models.ClassificationPrediction)


def inference_response_image(model: models.InferenceResponseImage) -> None:
    assert_type(model.width, int)
    assert_type(model.height, int)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.InferenceResponseImage.from_dict({}), models.InferenceResponseImage)


def instance_segmentation_prediction(model: models.InstanceSegmentationPrediction) -> None:
    assert_type(model.x, float)
    assert_type(model.y, float)
    assert_type(model.width, float)
    assert_type(model.height, float)
    assert_type(model.confidence, float)
    assert_type(model.class_, str)
    assert_type(model.class_id, int)
    assert_type(model.points, list[models.Point])
    assert_type(model.detection_id, str | Unset)
    assert_type(model.parent_id, None | str | Unset)
    assert_type(model.class_confidence, float | None | Unset)
    assert_type(model.mask_format, Literal["polygon"] | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.InstanceSegmentationPrediction.from_dict({}), models.InstanceSegmentationPrediction)


def instance_segmentation_rle_prediction(model: models.InstanceSegmentationRLEPrediction) -> None:
    assert_type(model.x, float)
    assert_type(model.y, float)
    assert_type(model.width, float)
    assert_type(model.height, float)
    assert_type(model.confidence, float)
    assert_type(model.class_, str)
    assert_type(model.class_id, int)
    assert_type(model.rle, dict[str, Any])
    assert_type(model.detection_id, str | Unset)
    assert_type(model.parent_id, None | str | Unset)
    assert_type(model.mask_format, Literal["rle"] | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.InstanceSegmentationRLEPrediction.from_dict({}), models.InstanceSegmentationRLEPrediction)


def keypoint(model: models.Keypoint) -> None:
    assert_type(model.x, float)
    assert_type(model.y, float)
    assert_type(model.confidence, float)
    assert_type(model.class_id, int)
    assert_type(model.class_, str)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.Keypoint.from_dict({}), models.Keypoint)


def keypoints_prediction(model: models.KeypointsPrediction) -> None:
    assert_type(model.x, float)
    assert_type(model.y, float)
    assert_type(model.width, float)
    assert_type(model.height, float)
    assert_type(model.confidence, float)
    assert_type(model.class_, str)
    assert_type(model.class_id, int)
    assert_type(model.keypoints, list[models.Keypoint])
    assert_type(model.class_confidence, float | None | Unset)
    assert_type(model.tracker_id, int | None | Unset)
    assert_type(model.detection_id, str | Unset)
    assert_type(model.parent_id, None | str | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.KeypointsPrediction.from_dict({}), models.KeypointsPrediction)


def mask_coordinate_metadata(model: models.MaskCoordinateMetadata) -> None:
    assert_type(model.width, int)
    assert_type(model.height, int)
    assert_type(model.scale_x, float)
    assert_type(model.scale_y, float)
    assert_type(model.coordinate_system, Literal["mask_grid"] | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.MaskCoordinateMetadata.from_dict({}), models.MaskCoordinateMetadata)


def multi_label_classification_prediction(model: models.MultiLabelClassificationPrediction) -> None:
    assert_type(model.confidence, float)
    assert_type(model.class_id, int)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.MultiLabelClassificationPrediction.from_dict({}), models.MultiLabelClassificationPrediction)


def object_detection_prediction(model: models.ObjectDetectionPrediction) -> None:
    assert_type(model.x, float)
    assert_type(model.y, float)
    assert_type(model.width, float)
    assert_type(model.height, float)
    assert_type(model.confidence, float)
    assert_type(model.class_, str)
    assert_type(model.class_id, int)
    assert_type(model.class_confidence, float | None | Unset)
    assert_type(model.tracker_id, int | None | Unset)
    assert_type(model.detection_id, str | Unset)
    assert_type(model.parent_id, None | str | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.ObjectDetectionPrediction.from_dict({}), models.ObjectDetectionPrediction)


def point(model: models.Point) -> None:
    assert_type(model.x, float)
    assert_type(model.y, float)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.Point.from_dict({}), models.Point)


def resolved_model(model: models.ResolvedModel) -> None:
    assert_type(model.model_id, str)
    assert_type(model.model_package_id, None | str | Unset)
    assert_type(model.backend, None | str | Unset)
    assert_type(model.quantization, None | str | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.ResolvedModel.from_dict({}), models.ResolvedModel)


def semantic_segmentation_prediction(model: models.SemanticSegmentationPrediction) -> None:
    assert_type(model.segmentation_mask, str)
    assert_type(model.class_map, dict[str, str])
    assert_type(model.confidence_mask, str)
    assert_type(model.present_class_ids, list[int] | None | Unset)
    assert_type(model.additional_properties, dict[str, Any])
    assert_type(model.additional_keys, list[str])
    assert_type(model.to_dict(), dict[str, Any])
    assert_type(models.SemanticSegmentationPrediction.from_dict({}), models.SemanticSegmentationPrediction)
