"""What type checkers know about typed results; checked by `test_types.py`, never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_type

import numpy as np
import pandas as pd
import supervision as sv
from inference_api import models
from numpy.typing import NDArray

from inference_ext import (
    AnnotatedPicture,
    AnomalyDetectionResult,
    ClassificationResult,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    LabelScore,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    SemanticRegion,
    SemanticSegmentationResult,
    draw_result,
)

Pixels = NDArray[np.uint8]
Instance = models.InstanceSegmentationPrediction | models.InstanceSegmentationRLEPrediction


def boxes(result: ObjectDetectionResult, image: Pixels) -> None:
    assert_type(iter(result), Iterator[models.ObjectDetectionPrediction])
    for box in result:
        assert_type(box, models.ObjectDetectionPrediction)
    assert_type(len(result), int)
    assert_type(result[0], models.ObjectDetectionPrediction)
    assert_type(result[1:], list[models.ObjectDetectionPrediction])
    assert_type(result["unknown field"], Any)
    assert_type(result.filter(classes="a", min_confidence=0.5, min_area=9), ObjectDetectionResult)
    assert_type(result.filter(classes={"a"}).filter(classes=("b",)), ObjectDetectionResult)
    assert_type(result.crops(image, padding=3), list[tuple[models.ObjectDetectionPrediction, Pixels]])
    assert_type(result.to_supervision(), sv.Detections)
    assert_type(result.to_pandas(), pd.DataFrame)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(), str)
    assert_type(result.to_csv("a.csv"), str)
    assert_type(result.to_json("a.json", indent=2), str)
    assert_type(result.annotate(image, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image), AnnotatedPicture)
    assert_type(result.picture(image).pixels, Pixels)
    assert_type(draw_result(result, image), Pixels)
    assert_type(draw_result(result.dict(), image, labels=False), Pixels)


def instances(result: InstanceSegmentationResult, image: Pixels) -> None:
    assert_type(iter(result), Iterator[Instance])
    assert_type(result.filter(classes="a"), InstanceSegmentationResult)
    assert_type(result.crops(image), list[tuple[Instance, Pixels]])
    assert_type(result.to_supervision(), sv.Detections)


def key_points(result: KeypointDetectionResult, image: Pixels) -> None:
    assert_type(iter(result), Iterator[models.KeypointsPrediction])
    assert_type(result.filter(classes="a"), KeypointDetectionResult)
    assert_type(result.crops(image), list[tuple[models.KeypointsPrediction, Pixels]])
    assert_type(result.to_supervision(), sv.KeyPoints)


def semantic(result: SemanticSegmentationResult) -> None:
    assert_type(iter(result), Iterator[SemanticRegion])
    assert_type(result[0].mask, NDArray[np.bool_])
    assert_type(result[0].confidence, float | None)
    assert_type(result.filter(classes="a"), SemanticSegmentationResult)
    assert_type(result.to_supervision(), sv.Detections)


def classes(one: ClassificationResult, many: MultiLabelClassificationResult, anomaly: AnomalyDetectionResult) -> None:
    assert_type(iter(one), Iterator[models.ClassificationPrediction])
    assert_type(iter(anomaly), Iterator[models.ClassificationPrediction])
    assert_type(iter(many), Iterator[LabelScore])
    assert_type(many[0].is_predicted, bool)
    assert_type(one.filter(classes="a"), ClassificationResult)
    assert_type(many.filter(classes="a"), MultiLabelClassificationResult)
    assert_type(anomaly.filter(min_confidence=0.5), AnomalyDetectionResult)
    assert_type(one.to_supervision(), sv.Classifications)
    assert_type(many.to_supervision(), sv.Classifications)
    assert_type(anomaly.to_supervision(), sv.Classifications)
    assert_type(anomaly.heat_map(), NDArray[np.float32] | None)
