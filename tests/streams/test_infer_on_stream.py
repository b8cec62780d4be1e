"""Directories and videos: order, frame numbers, bounded look-ahead, and an end that leaves nothing open."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from mjpeg import camera
from PIL import Image
from recording_server import RecordingServer, Reply, Request
from taking_streams import TAKERS, Take

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    ModelNotSelectedError,
)

both = pytest.mark.parametrize("collect", TAKERS.values(), ids=TAKERS.keys())


def picture(value: int) -> bytes:
    return cv2.imencode(".png", np.full((8, 8, 3), value, np.uint8))[1].tobytes()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for value in (30, 4, 12, 7, 25):
        (tmp_path / f"frame-{value:03}.png").write_bytes(picture(value))
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "frame-999.webp").write_bytes(picture(99))
    (tmp_path / "sub.png").mkdir()
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    assert writer.isOpened()
    for value in range(12):
        writer.write(np.full((48, 64, 3), value * 20, np.uint8))
    writer.release()
    return path


@both
def test_directory_is_sorted_and_sends_the_files_own_bytes(
    collect: Take, client: InferenceHTTPClient, directory: Path
) -> None:
    items = collect(client, directory)
    assert [Path(path).name for path, _, _ in items] == [f"frame-{n:03}.png" for n in (4, 7, 12, 25, 30)]
    assert [int(pixels[0, 0, 0]) for _, pixels, _ in items] == [4, 7, 12, 25, 30]
    assert [result["predictions"][0]["class_id"] for _, _, result in items] == [4, 7, 12, 25, 30]


@both
def test_video_frames_are_numbered_to_the_last(collect: Take, client: InferenceHTTPClient, video: Path) -> None:
    items = collect(client, str(video))
    assert [number for number, _, _ in items] == list(range(12))
    for number, pixels, result in items:
        assert pixels.shape == (48, 64, 3)
        assert abs(int(pixels.mean()) - number * 20) <= 3
        assert abs(result["predictions"][0]["class_id"] - number * 20) <= 6


@both
def test_look_ahead_is_bounded_and_leaving_early_stops(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    for value in range(60):
        (tmp_path / f"{value:03}.png").write_bytes(picture(value))
    client.configure(InferenceConfiguration(max_concurrent_requests=2))
    before = threading.active_count()
    assert len(collect(client, tmp_path, limit=3)) == 3
    # Beside the three that were taken: two in flight, and at most twice as many prepared for them or done.
    assert sum(path.startswith("POST /infer/") for path in server.paths()) <= 3 + 2 + 2 * 2
    assert sum("inference-ext" in thread.name for thread in threading.enumerate()) == 0
    assert threading.active_count() <= before + 40  # the recording server's own threads


def test_a_video_is_held_back_by_a_slow_consumer(
    client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    path = tmp_path / "long.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(80):
        writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    client.configure(InferenceConfiguration(max_concurrent_requests=2))
    stream = client.infer_on_stream(path, model_id="p/1")
    for taken in range(1, 4):
        next(stream)
        time.sleep(0.3)  # the consumer is at work
        assert sum(path.startswith("POST /infer/") for path in server.paths()) <= taken + 2 + 2 * 2
    stream.close()


@both
def test_photographs_of_a_directory_are_upright_for_the_consumer_and_the_server(
    collect: Take, client: InferenceHTTPClient, tmp_path: Path
) -> None:
    pixels = np.zeros((40, 20, 3), np.uint8)
    pixels[:20] = 255  # upright, the upper half is white
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn to the right
    lying = Image.fromarray(np.ascontiguousarray(np.rot90(pixels)))
    lying.save(tmp_path / "photo.jpg", exif=exif, quality=100)
    ((_, yielded, result),) = collect(client, tmp_path)
    assert yielded.shape == (40, 20, 3)
    assert yielded[5, 10, 0] > 200 > 50 > yielded[35, 10, 0]
    assert result["image"] == {"width": 20, "height": 40}
    assert result["predictions"][0]["class_id"] > 200  # the value of the top left pixel


@both
def test_unreadable_file_follows_on_error(collect: Take, client: InferenceHTTPClient, directory: Path) -> None:
    (directory / "frame-010.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(InvalidInputFormatError, match=r"frame-010\.png") as caught:
        collect(client, directory)
    assert caught.value.input_index == 2
    client.configure(InferenceConfiguration(on_error="return"))
    items = collect(client, directory)
    assert len(items) == 6
    assert isinstance(items[2][2], InvalidInputFormatError)
    assert items[2][1].shape == (0, 0, 3)


@both
def test_source_that_does_not_open_is_told(collect: Take, client: InferenceHTTPClient, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputFormatError, match="no such file"):
        collect(client, tmp_path / "missing.mp4")
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(InvalidInputFormatError, match="cannot be opened"):
        collect(client, broken)


@both
def test_files_of_a_sequence_come_in_its_order(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, directory: Path
) -> None:
    files = [directory / f"frame-{value:03}.png" for value in (25, 4, 30, 4)]
    items = collect(client, [files[0], str(files[1]), *files[2:]])
    assert [item[0] for item in items] == [str(file) for file in files]
    assert [int(item[1][0, 0, 0]) for item in items] == [25, 4, 30, 4]
    assert [item[2]["image"] for item in items] == [{"width": 8, "height": 8}] * 4
    assert sorted(int(request.image()[0, 0, 0]) for request in server.requests if "/infer/" in request.path) == [
        4,
        4,
        25,
        30,
    ]
    assert collect(client, []) == []


@both
def test_one_request_at_a_time_goes_out_in_the_order_of_the_frames(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    for value in range(250):
        (tmp_path / f"{value:03}.png").write_bytes(b"broken" if value % 9 == 0 else picture(value))
    client.configure(InferenceConfiguration(max_concurrent_requests=1, on_error="return"))
    items = collect(client, tmp_path)
    assert [Path(str(item[0])).name for item in items] == [f"{value:03}.png" for value in range(250)]
    sent = [int(request.image()[0, 0, 0]) for request in server.requests if "/infer/" in request.path]
    assert sent == [value for value in range(250) if value % 9]


@both
def test_a_missing_file_of_a_sequence_follows_on_error(
    collect: Take, client: InferenceHTTPClient, directory: Path
) -> None:
    files = [directory / "frame-004.png", directory / "gone.png", directory / "frame-007.png"]
    with pytest.raises(InvalidInputFormatError, match=r"gone\.png") as caught:
        collect(client, files)
    assert caught.value.input_index == 1
    client.configure(InferenceConfiguration(on_error="return"))
    items = collect(client, files)
    assert [type(item[2]) for item in items] == [dict, InvalidInputFormatError, dict]
    assert items[1][0] == str(files[1])


@both
@pytest.mark.parametrize("wrong", [b"a.png", 3, None, np.zeros((4, 4, 3), np.uint8), "http://example.com/a.png"])
def test_what_is_no_file_in_a_sequence_is_told_by_its_place(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, directory: Path, wrong: Any
) -> None:
    with pytest.raises(InvalidInputFormatError, match=r"stream element 1\b.*path of an image file"):
        collect(client, [directory / "frame-004.png", wrong])
    assert server.requests == []


@both
def test_empty_directory_gives_nothing(collect: Take, client: InferenceHTTPClient, tmp_path: Path) -> None:
    assert collect(client, tmp_path) == []


@both
@pytest.mark.parametrize(
    ("extensions", "names"),
    [
        (["webp"], ["frame-999.webp"]),
        ([".webp", "txt"], ["frame-999.webp", "notes.txt"]),
        (["PNG"], []),
        (["png", "webp"], [*(f"frame-{number:03}.png" for number in (4, 7, 12, 25, 30)), "frame-999.webp"]),
    ],
)
def test_extensions_choose_the_files_of_a_directory(
    collect: Take, client: InferenceHTTPClient, directory: Path, extensions: list[str], names: list[str]
) -> None:
    (directory / "notes.txt").write_bytes(picture(9))  # what a file is, its content says
    client.configure(InferenceConfiguration(image_extensions_for_directory_scan=extensions))
    assert [Path(path).name for path, _, _ in collect(client, directory)] == names


@both
def test_directory_and_video_go_through_v0_too(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, directory: Path, video: Path
) -> None:
    client.select_api_v0().configure(InferenceConfiguration(confidence_threshold=0.25))
    assert [result["predictions"][0]["class_id"] for _, _, result in collect(client, str(directory))] == [
        4,
        7,
        12,
        25,
        30,
    ]
    assert [number for number, _, _ in collect(client, video)] == list(range(12))
    assert server.paths() == ["POST /p/1"] * 17
    assert {request.query["confidence"] for request in server.requests} == {"0.25"}


@both
def test_stream_of_a_network_camera(collect: Take, client: InferenceHTTPClient, server: RecordingServer) -> None:
    """An endless MJPEG stream: frames are numbered as they come, and leaving it hangs up."""
    shades = [20, 100, 180]
    with camera([cv2.imencode(".jpg", np.full((48, 64, 3), shade, np.uint8))[1].tobytes() for shade in shades]) as url:
        client.configure(InferenceConfiguration(max_concurrent_requests=2))
        items = collect(client, url, limit=6)
    assert [number for number, _, _ in items] == list(range(6))
    for _, pixels, result in items:
        assert pixels.shape == (48, 64, 3)
        assert pixels.dtype == np.uint8
        assert min(abs(int(pixels.mean()) - shade) for shade in shades) <= 3
        assert abs(result["predictions"][0]["class_id"] - int(pixels[0, 0, 0])) <= 6
    assert {"POST /infer/object_detection"} < set(server.paths())


@both
@pytest.mark.parametrize("number", [3, np.int64(3)])
def test_camera_is_opened_by_its_number_and_released(
    collect: Take, client: InferenceHTTPClient, video: Path, monkeypatch: pytest.MonkeyPatch, number: Any
) -> None:
    """The machine of a test has no camera: OpenCV is made to play a file as camera number 3."""
    opened: list[Any] = []
    capture = cv2.VideoCapture

    def connected(source: Any) -> Any:
        assert source == 3
        assert type(source) is int
        opened.append(capture(str(video)))
        return opened[-1]

    monkeypatch.setattr(cv2, "VideoCapture", connected)
    items = collect(client, number, limit=4)
    assert [position for position, _, _ in items] == [0, 1, 2, 3]
    assert [abs(int(pixels.mean()) - 20 * position) <= 3 for position, pixels, _ in items] == [True] * 4
    assert [camera_.isOpened() for camera_ in opened] == [False]


@both
def test_missing_camera_is_told_by_its_number(collect: Take, client: InferenceHTTPClient) -> None:
    with pytest.raises(InvalidInputFormatError, match="camera 97 cannot be opened as a video"):
        collect(client, 97)


@both
@pytest.mark.parametrize("source", [None, 1.0, b"clip.avi", {"clip.avi"}, np.zeros((4, 4, 3), np.uint8)])
def test_what_is_no_source_is_refused(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, source: Any
) -> None:
    with pytest.raises(InvalidInputFormatError, match="expected a directory, a video file"):
        collect(client, source)
    assert server.requests == []


@both
def test_password_of_a_camera_is_not_repeated(collect: Take, client: InferenceHTTPClient) -> None:
    with pytest.raises(InvalidInputFormatError, match="cannot be opened") as caught:
        collect(client, "http://user:secret@127.0.0.1:9/video.mjpg")
    assert "secret" not in str(caught.value)


@both
@pytest.mark.parametrize("limit", [3, None])
def test_video_file_is_closed_at_the_end_and_when_left_early(
    collect: Take, client: InferenceHTTPClient, video: Path, limit: int | None
) -> None:
    collect(client, video, limit)
    assert str(video) not in open_files()


@both
def test_video_file_is_closed_when_a_frame_fails(
    collect: Take, client: InferenceHTTPClient, server: RecordingServer, video: Path
) -> None:
    detector = server.answer

    def answer(request: Request) -> Reply:
        if request.path.startswith("/infer/") and request.json["image"]:
            return Reply({"message": "no"}, status=400)
        return detector(request)

    server.answer = answer
    with pytest.raises(HTTPCallErrorError) as caught:
        collect(client, video)
    assert caught.value.input_index == 0
    assert str(video) not in open_files()


def open_files() -> set[str]:
    """What this process has open."""
    return {os.path.realpath(entry) for entry in Path("/proc/self/fd").iterdir()}


class OneBuffer:
    """A capture back end that fills the same memory for every frame, as some do."""

    def __init__(self, capture: Any) -> None:
        self._capture = capture
        self._buffer = np.zeros((48, 64, 3), np.uint8)

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return bool(self._capture.isOpened())

    def read(self, room: Any) -> tuple[bool, Any]:
        del room
        available, pixels = self._capture.read()
        if available:
            np.copyto(self._buffer, pixels)
        return available, self._buffer

    def release(self) -> None:
        self._capture.release()


@both
def test_frames_that_were_handed_out_do_not_change(
    collect: Take, client: InferenceHTTPClient, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = cv2.VideoCapture
    monkeypatch.setattr(cv2, "VideoCapture", lambda source: OneBuffer(capture(source)))
    items = collect(client, video)
    assert [abs(int(pixels.mean()) - 20 * number) <= 3 for number, pixels, _ in items] == [True] * 12
    for number, _, result in items:
        assert abs(result["predictions"][0]["class_id"] - 20 * number) <= 6


def test_settings_hold_for_the_whole_stream(
    client: InferenceHTTPClient, server: RecordingServer, directory: Path
) -> None:
    """The settings of the call are those of its start, whatever happens to the client while it runs."""
    client.select_api_v0()
    seen = 0
    with client.use_configuration(InferenceConfiguration(confidence_threshold=0.5, max_concurrent_requests=1)):
        stream = client.infer_on_stream(directory, model_id="p/1")
        next(stream)
        client.select_model("q/2").select_api_v1()
    for _ in stream:
        seen += 1
        client.configure(InferenceConfiguration(confidence_threshold=0.9))
    assert seen == 4
    assert server.paths() == ["POST /p/1"] * 5
    assert {request.query["confidence"] for request in server.requests} == {"0.5"}


def test_selected_model_is_used_and_none_is_told(
    client: InferenceHTTPClient, server: RecordingServer, directory: Path
) -> None:
    client.select_api_v0()
    with pytest.raises(ModelNotSelectedError):
        list(client.infer_on_stream(directory))

    async def count() -> int:
        return len([item async for item in client.infer_on_stream_async(directory)])

    with pytest.raises(ModelNotSelectedError):
        asyncio.run(count())
    assert server.requests == []
    client.select_model("p/1")
    assert len(list(client.infer_on_stream(directory))) == 5
    with client.use_model("q/2"):
        assert asyncio.run(count()) == 5
    assert server.paths() == ["POST /p/1"] * 5 + ["POST /q/2"] * 5
