"""Inference on directories, videos and cameras."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..configuration import CallSettings
from ..errors import HTTPClientError
from ..execution.options import ExecutionOptions
from ..execution.progress import ProgressOption
from ..images import BGRPixels
from ..operations.exchange import Exchange, Steps, StreamJob
from ..operations.inference import JobFactory, make_job_factory
from ..streams import Frame, FrameSource, StreamInput, open_frames
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

    def infer_on_stream(
        self, input_uri: StreamInput, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> Generator[StreamItem]:
        """Run a model on a directory, a sequence of image files, a video file, a stream URL or a camera.

        Up to `max_concurrent_requests` frames are in flight, and a few more are ready to follow (two per core). The
        next frames are read and sent while the consumer works, and a slow consumer holds the source back, or has a live
        one drop frames (`source_buffer_filling_strategy`). Leaving the loop early closes the source and interrupts what
        is in flight.

        Args:
            input_uri: A directory (its images sorted by name, see `image_extensions_for_directory_scan`), a video
                file, a stream URL, a camera's number, or a sequence of paths of image files, taken in its order.
            model_id: `project/version`. Default: the selected model.
            progress: Show how far it has come: `True` for a bar on stderr (extra `progress`), or a function that takes
                a `Progress`, called before each item is handed on. Default: the setting `show_progress`.

        Yields:
            File path (`str`) or frame number from 0 (`int`), the image (uint8, (height, width, 3), BGR), and the
            result as `infer` gives it. With `on_error="return"` a failed frame has its error object as the result, and
            an unreadable file an image of shape (0, 0, 3).

        Raises:
            InvalidInputFormatError: The source cannot be opened, or a file is not an image.
            HTTPClientError: What `infer` raises; `input_index` is the frame's position.

        """
        frames, make, settings = self._plan_stream(input_uri, model_id)
        options = self._execution_options(settings, progress)
        return self._stream(frames, self._run(make, settings), settings, options)

    async def infer_on_stream_async(
        self, input_uri: StreamInput, model_id: str | None = None, *, progress: ProgressOption | None = None
    ) -> AsyncGenerator[StreamItem]:
        """Run a model on a stream under asyncio; see `infer_on_stream`. Frames are read in worker threads."""
        frames, make, settings = self._plan_stream(input_uri, model_id)
        options = self._execution_options(settings, progress)
        job_for = await self._run_async(make, settings)
        jobs = _jobs(frames, job_for, settings)
        items = self._async_engine.stream(
            jobs, options, prepares_ahead=_prepares_ahead(settings), interrupt=frames.interrupt
        )
        try:
            with options.meter(None) as meter:
                done = failed = 0
                async for item in items:
                    done += 1
                    if meter is not None:
                        if done == 1:
                            meter.total = await self._async_engine.in_thread(frames.count)
                        failed += _has_failed(item)
                        meter.show(done, failed)
                    yield item
        finally:
            await items.aclose()
            await self._async_engine.in_thread(frames.close)

    def _plan_stream(
        self, source: StreamInput, model_id: str | None
    ) -> tuple[FrameSource, Steps[JobFactory], CallSettings]:
        settings = self._settings()
        call = self._inference_call(model_id, settings, None)
        configuration = settings.configuration
        frames = open_frames(
            source,
            configuration.image_extensions_for_directory_scan,
            configuration.source_buffer_filling_strategy,
            configuration.max_image_pixels,
        )
        return frames, make_job_factory(call), settings

    def _stream(
        self, frames: FrameSource, job_for: JobFactory, settings: CallSettings, options: ExecutionOptions
    ) -> Generator[StreamItem]:
        jobs = _jobs(frames, job_for, settings)
        items = self._engine.stream(jobs, options, prepares_ahead=_prepares_ahead(settings), interrupt=frames.interrupt)
        try:
            with options.meter(None) as meter:
                failed = 0
                for done, item in enumerate(items, 1):
                    if meter is not None:
                        if done == 1:
                            meter.total = frames.count()
                        failed += _has_failed(item)
                        meter.show(done, failed)
                    yield item
        finally:
            items.close()
            frames.close()


def _prepares_ahead(settings: CallSettings) -> bool:
    # Who asks for the newest frame does not want it to wait for its turn.
    return settings.configuration.source_buffer_filling_strategy == "wait"


def _has_failed(item: StreamItem) -> bool:
    outcome: object = item[2]
    return isinstance(outcome, HTTPClientError)


def _jobs(
    frames: Iterable[Frame], job_for: JobFactory, settings: CallSettings
) -> Generator[StreamJob[list[Any], StreamItem]]:
    for position, frame in enumerate(frames):
        beside = partial(_decoded, frame) if frame.is_encoded else None
        yield StreamJob(partial(_exchange, frame, job_for), beside, partial(_item, frame, position, settings))


def _exchange(frame: Frame, job_for: JobFactory) -> Exchange[list[Any]]:
    return job_for([frame.source()])()


def _decoded(frame: Frame) -> BGRPixels | HTTPClientError:
    """Decode a file for the consumer; its own bytes are sent meanwhile."""
    try:
        return frame.pixels()
    except HTTPClientError as error:
        return error


def _item(
    frame: Frame,
    position: int,
    settings: CallSettings,
    outcome: list[Any] | HTTPClientError,
    decoded: BGRPixels | HTTPClientError | None,
) -> StreamItem | HTTPClientError:
    pixels = frame.pixels() if decoded is None else decoded
    if isinstance(pixels, HTTPClientError):
        outcome = pixels
        pixels = np.zeros((0, 0, 3), np.uint8)
    if not isinstance(outcome, HTTPClientError):
        return frame.reference, pixels, outcome[0]
    if settings.configuration.on_error == "raise":
        return outcome
    outcome.input_index = position
    failed: Any = outcome
    return frame.reference, pixels, failed
