"""Inference on directories, videos and cameras."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Generator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..configuration import CallSettings
from ..errors import HTTPClientError
from ..operations.exchange import Exchange, Job
from ..operations.inference import JobFactory, make_job_factory
from ..streams import Frame, StreamInput, open_frames
from .planning import InferencePlanning

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["StreamItem", "Streaming"]

StreamItem: TypeAlias = "tuple[str | int, npt.NDArray[np.uint8], dict[str, Any]]"
"""File path or frame number, the image (uint8, BGR), and the model's result."""


class Streaming(InferencePlanning):
    """Run a model on every frame of a stream, several requests in flight, results in order."""

    def infer_on_stream(self, input_uri: StreamInput, model_id: str | None = None) -> Generator[StreamItem]:
        """Run a model on a directory, a video file, a stream URL or a camera.

        Up to `max_concurrent_requests` frames are in flight, and a few more are ready to follow (two per core); a slow
        consumer holds the source back. Leaving the loop early closes the source and interrupts what is in flight.

        Args:
            input_uri: A directory (its images sorted by name, see `image_extensions_for_directory_scan`), a video
                file, a stream URL, or a camera's number.
            model_id: `project/version`. Default: the selected model.

        Yields:
            File path (`str`) or frame number from 0 (`int`), the image (uint8, (height, width, 3), BGR), and the
            result as `infer` gives it. With `on_error="return"` a failed frame has its error object as the result, and
            an unreadable file an image of shape (0, 0, 3).

        Raises:
            InvalidInputFormatError: The source cannot be opened, or a file is not an image.
            HTTPClientError: What `infer` raises; `input_index` is the frame's position.

        """
        settings = self._settings()
        call = self._inference_call(model_id, settings, None)
        frames = open_frames(input_uri, settings.configuration.image_extensions_for_directory_scan)
        return self._stream(frames, self._run(make_job_factory(call), settings), settings)

    async def infer_on_stream_async(
        self, input_uri: StreamInput, model_id: str | None = None
    ) -> AsyncGenerator[StreamItem]:
        """Run a model on a stream under asyncio; see `infer_on_stream`. Frames are read in worker threads."""
        settings = self._settings()
        call = self._inference_call(model_id, settings, None)
        frames = open_frames(input_uri, settings.configuration.image_extensions_for_directory_scan)
        taken: deque[Frame] = deque()
        options = self._execution_options(settings)
        job_for = await self._run_async(make_job_factory(call), settings)
        outcomes = self._async_engine.stream(_jobs(frames, job_for, taken), options)
        try:
            position = 0
            async for outcome in outcomes:
                yield _item(taken.popleft(), position, outcome, settings)
                position += 1
        finally:
            await outcomes.aclose()
            frames.close()

    def _stream(self, frames: Generator[Frame], job_for: JobFactory, settings: CallSettings) -> Generator[StreamItem]:
        taken: deque[Frame] = deque()
        options = self._execution_options(settings)
        outcomes = self._engine.stream(_jobs(frames, job_for, taken), options)
        try:
            for position, outcome in enumerate(outcomes):
                yield _item(taken.popleft(), position, outcome, settings)
        finally:
            outcomes.close()
            frames.close()


def _jobs(frames: Iterable[Frame], job_for: JobFactory, taken: deque[Frame]) -> Generator[Job[list[Any]]]:
    for frame in frames:
        taken.append(frame)
        yield partial(_frame_exchange, frame, job_for)


def _frame_exchange(frame: Frame, job_for: JobFactory) -> Exchange[list[Any]]:
    frame.load()
    return job_for([frame.sent])()


def _item(frame: Frame, position: int, outcome: list[Any] | HTTPClientError, settings: CallSettings) -> StreamItem:
    pixels = frame.pixels if frame.pixels is not None else np.zeros((0, 0, 3), np.uint8)
    if not isinstance(outcome, HTTPClientError):
        return frame.reference, pixels, outcome[0]
    if settings.configuration.on_error == "raise":
        outcome.locate(position, {})
        raise outcome
    outcome.input_index = position
    failed: Any = outcome
    return frame.reference, pixels, failed
