"""What gives objects of other libraries, which come with extras. The other files type-check without them."""

from typing import assert_type

import pandas as pd
import supervision as sv

from inference_ext import (
    AnomalyDetectionResult,
    ClassificationResult,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    SemanticSegmentationResult,
)


def to_supervision(
    boxes: ObjectDetectionResult,
    instances: InstanceSegmentationResult,
    points: KeypointDetectionResult,
    regions: SemanticSegmentationResult,
    one_class: ClassificationResult,
    several_classes: MultiLabelClassificationResult,
    anomalies: AnomalyDetectionResult,
) -> None:
    assert_type(boxes.to_supervision(), sv.Detections)
    assert_type(instances.to_supervision(), sv.Detections)
    assert_type(points.to_supervision(), sv.KeyPoints)
    assert_type(regions.to_supervision(), sv.Detections)
    assert_type(one_class.to_supervision(), sv.Classifications)
    assert_type(several_classes.to_supervision(), sv.Classifications)
    assert_type(anomalies.to_supervision(), sv.Classifications)


def to_pandas(
    boxes: ObjectDetectionResult,
    instances: InstanceSegmentationResult,
    points: KeypointDetectionResult,
    regions: SemanticSegmentationResult,
    one_class: ClassificationResult,
    several_classes: MultiLabelClassificationResult,
    anomalies: AnomalyDetectionResult,
) -> None:
    assert_type(boxes.to_pandas(), pd.DataFrame)
    assert_type(instances.to_pandas(), pd.DataFrame)
    assert_type(points.to_pandas(), pd.DataFrame)
    assert_type(regions.to_pandas(), pd.DataFrame)
    assert_type(one_class.to_pandas(), pd.DataFrame)
    assert_type(several_classes.to_pandas(), pd.DataFrame)
    assert_type(anomalies.to_pandas(), pd.DataFrame)
