"""Wrong use of typed results."""

from typing import Any

from inference_ext import (
    AnnotatedPicture,
    AnomalyDetectionResult,
    ClassificationResult,
    InferenceHTTPClient,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    ResultTable,
    SemanticRegion,
    SemanticSegmentationResult,
    ServerDescription,
    draw_result,
)


def fields(boxes: ObjectDetectionResult, classes: ClassificationResult, tags: MultiLabelClassificationResult) -> None:
    boxes.prediction  # wrong: misspelled
    boxes.image.size  # wrong: width and height
    boxes.predictions.x  # wrong: a list
    boxes.predictions[0].label  # wrong: it is called class_
    boxes.time + 1  # wrong: it may be unset
    classes.top_class  # wrong: it is called top
    classes.predictions["cat"]  # wrong: a list
    tags.predictions[0]  # wrong: by name
    tags.top  # wrong: there may be several


def sequences(
    boxes: ObjectDetectionResult, tags: MultiLabelClassificationResult, points: KeypointDetectionResult
) -> None:
    boxes[0].keypoints  # wrong: boxes have none
    boxes[0.5]  # wrong: a fraction is no index
    tags[0].class_name  # wrong: it is called class_
    for box in boxes:
        box.box  # wrong: no such field
    for body in points:
        body.keypoints[0].visible  # wrong: it has a confidence
    boxes.append(boxes[0])  # wrong: a result never grows


def helpers(boxes: ObjectDetectionResult, classes: ClassificationResult, regions: SemanticSegmentationResult) -> None:
    boxes.filter("cat")  # wrong: classes have a name
    boxes.filter(classes=3)  # wrong: classes have names
    boxes.filter(confidence=0.5)  # wrong: it is called min_confidence
    boxes.filter(min_confidence="best")  # wrong: a number
    boxes.filter(classes="cat").boxes  # wrong: no such field
    classes.filter(min_area=3)  # wrong: classes have no area
    classes.crops("a.jpg")  # wrong: classes have no boxes
    boxes.crops()  # wrong: the image is missing
    boxes.crops("a.jpg", padding=1.5)  # wrong: whole pixels
    boxes.crops("a.jpg")[0].shape  # wrong: a pair
    boxes.annotate()  # wrong: the image is missing
    boxes.annotate(3)  # wrong: a number is no image
    boxes.annotate(["a.jpg"])  # wrong: one image
    boxes.annotate("a.jpg").save("b.jpg")  # wrong: an array
    boxes.annotate("a.jpg", thickness=2)  # wrong: it is called line_width
    boxes.picture("a.jpg").show()  # wrong: a notebook shows it
    boxes.class_ids()  # wrong: boxes have no mask
    regions.class_ids("a.jpg")  # wrong: no argument
    boxes.to_csv(3)  # wrong: a number is no path
    boxes.to_json("a.json", 2)  # wrong: indent has a name
    boxes.to_pandas("a.csv")  # wrong: no argument
    boxes.to_polars()  # wrong: no such form
    boxes.to_supervision().boxes  # wrong: no such field
    boxes.dict(True)  # wrong: arguments have names


def kinds(
    instances: InstanceSegmentationResult,
    anomaly: AnomalyDetectionResult,
    region: SemanticRegion,
    picture: AnnotatedPicture,
    server: ServerDescription,
) -> None:
    instances[0].points  # wrong: it may be run lengths
    anomaly.heat_map().shape  # wrong: it may not have been asked for
    region.mask.contours  # wrong: an array has none
    region.share = 1.0  # wrong: read only
    picture.save()  # wrong: the path is missing
    picture.pixels = None  # wrong: read only
    server.calls["infer"].available  # wrong: it is called is_available
    server.models[0]  # wrong: the server may not tell


def tables(client: InferenceHTTPClient, table: ResultTable, plain: dict[str, Any]) -> None:
    ResultTable()  # wrong: the file is missing
    ResultTable("a.csv", task="boxes")  # wrong: no such task
    table.add("a.jpg")  # wrong: the result is missing
    table.add("a.jpg", client.infer(["a.jpg"]))  # wrong: one at a time
    table.rows  # wrong: they are in the file
    draw_result(plain)  # wrong: the image is missing
    draw_result("a.jpg", plain)  # wrong: the other way round
    draw_result(client.detect_objects(["a.jpg"]), "a.jpg")  # wrong: one at a time
