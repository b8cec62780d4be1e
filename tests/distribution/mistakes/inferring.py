"""Wrong calls with images."""

from collections.abc import Iterator
from pathlib import Path

from inference_ext import InferenceHTTPClient, ObjectDetectionResult, Progress


def images(client: InferenceHTTPClient, paths: Iterator[Path]) -> None:
    client.infer()  # wrong: the image is missing
    client.infer(3)  # wrong: a number is no image
    client.infer(None)  # wrong: nothing is no image
    client.infer([1, 2])  # wrong: numbers are no images
    client.infer({"image": "a.jpg"})  # wrong: a dictionary is no image
    client.infer({"a.jpg", "b.jpg"})  # wrong: a set has no order
    client.infer(paths)  # wrong: an iterator is no sequence
    client.infer("a.jpg", model="p/1")  # wrong: the argument is called model_id
    client.infer("a.jpg", model_id=1)  # wrong: a number is no model
    client.infer("a.jpg", "p/1", 0.5)  # wrong: there is no third argument
    client.infer("a.jpg", confidence=0.5)  # wrong: confidence belongs to the typed calls
    client.infer("a.jpg").predictions  # wrong: infer gives a dictionary
    client.infer(["a.jpg"])["predictions"]  # wrong: a list gives a list
    client.infer_from_api_v0("a.jpg").keys().sort()  # wrong: keys have no order to bring them in
    client.infer_from_api_v2("a.jpg")  # wrong: there is no v2


def typed(client: InferenceHTTPClient) -> None:
    client.detect_objects("a.jpg").boxes  # wrong: no such field
    client.detect_objects("a.jpg", confidence="high")  # wrong: not a number, "best" or "default"
    client.detect_objects("a.jpg", 0.5)  # wrong: the second argument is the model
    client.detect_objects("a.jpg", "p/1", 0.5)  # wrong: confidence has a name
    client.detect_objects("a.jpg", conf=0.5)  # wrong: misspelled
    client.detect_objects("a.jpg", class_filter=5)  # wrong: a number is no list of names
    client.detect_objects("a.jpg", max_detections=0.5)  # wrong: a fraction is no count
    client.detect_objects(inference_input="a.jpg")  # wrong: the argument is called image here
    client.detect_objects(["a.jpg"]).predictions  # wrong: a list gives a list
    client.detect_objects("a.jpg")[0].predictions  # wrong: one image gives one result
    client.segment_semantic("a.jpg", iou_threshold=0.5)  # wrong: no boxes, no overlap
    client.classify("a.jpg").is_anomalous  # wrong: only one of three kinds has it
    client.detect_keypoints("a.jpg", keypoint_confidence="best")  # wrong: a number
    one: ObjectDetectionResult = client.detect_objects(["a.jpg"])  # wrong: a list
    other: ObjectDetectionResult = client.segment_instances("a.jpg")  # wrong: instances are no boxes
    print(one, other)


def told(done: int) -> None:
    print(done)


def progress(client: InferenceHTTPClient, state: Progress) -> None:
    client.infer(["a.jpg"], progress="bar")  # wrong: text is no function
    client.infer(["a.jpg"], progress=told)  # wrong: the function gets a Progress
    client.infer_on_stream("folder", progress=3)  # wrong: a number is no function
    state.done = 3  # wrong: read only
    state.percent  # wrong: no such field


def streams(client: InferenceHTTPClient) -> None:
    client.infer_on_stream(0.5)  # wrong: no path, address, number or list
    client.infer_on_stream("folder")[0]  # wrong: a generator has no index
    for reference, image in client.infer_on_stream("folder"):  # wrong: three values
        print(reference, image)
    for _ in client.infer_on_stream_async("folder"):  # wrong: async for
        pass
    client.infer_on_video(["a.mp4"])  # wrong: one clip
    client.infer_on_video(0)  # wrong: a camera is no clip


async def not_awaited(client: InferenceHTTPClient) -> None:
    client.infer_async("a.jpg")  # wrong: not awaited
    client.infer_async("a.jpg")["predictions"]  # wrong: not awaited
    client.detect_objects_async("a.jpg").predictions  # wrong: not awaited
    client.get_server_info_async().version  # wrong: not awaited
    await client.infer("a.jpg")  # wrong: nothing to wait for
    (await client.detect_objects_async(["a.jpg"])).predictions  # wrong: a list gives a list
    await client.infer_on_stream_async("folder")  # wrong: async for
    async with client.use_model("p/1"):  # wrong: not asynchronous
        pass
