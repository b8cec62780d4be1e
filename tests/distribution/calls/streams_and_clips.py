"""Directories, videos, cameras, and clips as a whole."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import InferenceHTTPClient, Progress

Answer = dict[str, Any]
Pixels = npt.NDArray[np.uint8]
Item = tuple[str | int, Pixels, Answer]


def note(progress: Progress) -> None:
    print(progress.seconds)


async def frames(client: InferenceHTTPClient, files: list[Path]) -> None:
    assert_type(client.infer_on_stream(input_uri="video.mp4", model_id="p/1", progress=True), Generator[Item])
    assert_type(client.infer_on_stream(0), Generator[Item])
    assert_type(client.infer_on_stream(Path("folder"), progress=note), Generator[Item])
    assert_type(client.infer_on_stream(files), Generator[Item])
    assert_type(client.infer_on_stream(["a.jpg", "b.jpg"]), Generator[Item])
    for reference, pixels, result in client.infer_on_stream("folder"):
        assert_type(reference, str | int)
        assert_type(pixels, Pixels)
        assert_type(result, Answer)
    assert_type(
        client.infer_on_stream_async(input_uri="video.mp4", model_id="p/1", progress=note), AsyncGenerator[Item]
    )
    async for reference, pixels, result in client.infer_on_stream_async(0):
        assert_type(reference, str | int)
        assert_type(pixels, Pixels)
        assert_type(result, Answer)


async def clips(client: InferenceHTTPClient) -> None:
    assert_type(client.infer_on_video(video_reference="clip.mp4", model_id="p/1", include_candidates=True), Answer)
    assert_type(
        client.infer_on_video_from_api_v0(video_reference=Path("clip.mp4"), model_id="p/1", include_candidates=True),
        Answer,
    )
    assert_type(
        client.infer_on_video_from_api_v1(video_reference="clip.mp4", model_id="p/1", include_candidates=True), Answer
    )
    assert_type(
        await client.infer_on_video_async(video_reference="clip.mp4", model_id="p/1", include_candidates=True), Answer
    )
    assert_type(
        await client.infer_on_video_from_api_v0_async(
            video_reference="clip.mp4", model_id="p/1", include_candidates=True
        ),
        Answer,
    )
    assert_type(
        await client.infer_on_video_from_api_v1_async(
            video_reference=Path("clip.mp4"), model_id="p/1", include_candidates=True
        ),
        Answer,
    )
