"""What typed results can do beyond their fields."""

from pathlib import Path
from typing import Any, Literal, TextIO, assert_type

import numpy as np
import numpy.typing as npt
from inference_api import models

from inference_ext import (
    AnnotatedPicture,
    AnomalyDetectionResult,
    ClassificationResult,
    InferenceHTTPClient,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    LabelScore,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    ResultTable,
    SemanticRegion,
    SemanticSegmentationResult,
    draw_result,
)

Pixels = npt.NDArray[np.uint8]
Instance = models.InstanceSegmentationPrediction | models.InstanceSegmentationRLEPrediction
Task = Literal[
    "object-detection",
    "instance-segmentation",
    "keypoint-detection",
    "classification",
    "multi-label-classification",
    "anomaly-detection",
    "semantic-segmentation",
]


def boxes(result: ObjectDetectionResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[models.ObjectDetectionPrediction])
    assert_type(result[0], models.ObjectDetectionPrediction)
    assert_type(result[-2:], list[models.ObjectDetectionPrediction])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, models.ObjectDetectionPrediction)
    assert_type(result.filter(), ObjectDetectionResult)
    assert_type(result.filter(classes="cat", min_confidence=0.5, min_area=100), ObjectDetectionResult)
    assert_type(result.filter(classes={"cat", "dog"})[0], models.ObjectDetectionPrediction)
    assert_type(result.crops(image=array, padding=4), list[tuple[models.ObjectDetectionPrediction, Pixels]])
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def instances(result: InstanceSegmentationResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[Instance])
    assert_type(result[0], Instance)
    assert_type(result[-2:], list[Instance])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, Instance)
    assert_type(result.filter(), InstanceSegmentationResult)
    assert_type(result.filter(classes="cat", min_confidence=0.5, min_area=100), InstanceSegmentationResult)
    assert_type(result.filter(classes={"cat", "dog"})[0], Instance)
    assert_type(result.crops(image=array, padding=4), list[tuple[Instance, Pixels]])
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def keypoints(result: KeypointDetectionResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[models.KeypointsPrediction])
    assert_type(result[0], models.KeypointsPrediction)
    assert_type(result[-2:], list[models.KeypointsPrediction])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, models.KeypointsPrediction)
    assert_type(result.filter(), KeypointDetectionResult)
    assert_type(result.filter(classes="cat", min_confidence=0.5, min_area=100), KeypointDetectionResult)
    assert_type(result.filter(classes={"cat", "dog"})[0], models.KeypointsPrediction)
    assert_type(result.crops(image=array, padding=4), list[tuple[models.KeypointsPrediction, Pixels]])
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def one_class(result: ClassificationResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[models.ClassificationPrediction])
    assert_type(result[0], models.ClassificationPrediction)
    assert_type(result[-2:], list[models.ClassificationPrediction])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, models.ClassificationPrediction)
    assert_type(result.filter(classes=["cat"], min_confidence=0.5), ClassificationResult)
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def several_classes(result: MultiLabelClassificationResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[LabelScore])
    assert_type(result[0], LabelScore)
    assert_type(result[-2:], list[LabelScore])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, LabelScore)
    assert_type(result.filter(classes=["cat"], min_confidence=0.5), MultiLabelClassificationResult)
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def anomalies(result: AnomalyDetectionResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[models.ClassificationPrediction])
    assert_type(result[0], models.ClassificationPrediction)
    assert_type(result[-2:], list[models.ClassificationPrediction])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, models.ClassificationPrediction)
    assert_type(result.filter(classes=["cat"], min_confidence=0.5), AnomalyDetectionResult)
    assert_type(result.heat_map(), npt.NDArray[np.float32] | None)
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def regions(result: SemanticSegmentationResult, array: Pixels) -> None:
    assert_type(len(result), int)
    assert_type(list(result), list[SemanticRegion])
    assert_type(result[0], SemanticRegion)
    assert_type(result[-2:], list[SemanticRegion])
    assert_type(result["unknown field"], Any)
    for prediction in result:
        assert_type(prediction, SemanticRegion)
    assert_type(result.filter(classes=["cat"], min_confidence=0.5), SemanticSegmentationResult)
    assert_type(result.class_ids(), Pixels)
    assert_type(result.task, Task)
    assert_type(result.dict(by_alias=True, exclude_none=True), dict[str, Any])
    assert_type(result.annotate(image=array, labels=False, line_width=2), Pixels)
    assert_type(result.picture(image="a.jpg", labels=True, line_width=None), AnnotatedPicture)
    assert_type(result.to_rows(), list[dict[str, Any]])
    assert_type(result.to_csv(path="a.csv"), str)
    assert_type(result.to_json(path=Path("a.json"), indent=2), str)


def parts(score: LabelScore, region: SemanticRegion, picture: AnnotatedPicture) -> None:
    assert_type(score.class_, str)
    assert_type(score.class_id, int)
    assert_type(score.confidence, float)
    assert_type(score.is_predicted, bool)
    assert_type(region.class_, str)
    assert_type(region.class_id, int)
    assert_type(region.confidence, float | None)
    assert_type(region.pixel_count, int)
    assert_type(region.share, float)
    assert_type(region.mask, npt.NDArray[np.bool_])
    assert_type(picture.pixels, Pixels)
    picture.save(path=Path("a.png"))


def drawn(client: InferenceHTTPClient, array: Pixels, result: ObjectDetectionResult) -> None:
    assert_type(draw_result(client.infer(array), array), Pixels)
    assert_type(draw_result(result=result, image="a.jpg", labels=False, line_width=3), Pixels)


def tables(client: InferenceHTTPClient, table: ResultTable, file: TextIO) -> None:
    assert_type(ResultTable(target=file, task="classification"), ResultTable)
    with ResultTable("found.csv") as opened:
        assert_type(opened, ResultTable)
        assert_type(opened.add("a.jpg", client.infer("a.jpg")), int)
    assert_type(table.add(image=Path("a.jpg"), result=client.detect_objects("a.jpg")), int)
    for reference, _, found in client.infer_on_stream("clip.mp4"):
        assert_type(table.add(reference, found), int)
    table.close()
