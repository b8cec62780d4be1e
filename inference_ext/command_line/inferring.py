"""From sources to outcomes: several requests in flight, outcomes in the order of the sources."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..errors import HTTPClientError, InvalidInputFormatError
from .records import Outcome
from .sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..client import InferenceHTTPClient
    from ..images import BGRPixels

__all__ = ["Inferring", "IsThere"]

T = TypeVar("T")

#: Paths handed to the client at a time: it keeps a list of them, and a run may be about very many.
_FILES_AT_A_TIME = 1000


class IsThere(Protocol):
    """Knows what need not be done."""

    def has(self, image: str, frame: int | None = None) -> bool:
        """Tell whether an image or a frame is there already."""
        ...

    def has_frames_of(self, video: str) -> bool:
        """Tell whether some frames of a video need not be done."""
        ...


class Inferring:
    """Runs one model on many sources.

    Args:
        client: Configured to return errors, not to raise them.
        model_id: The model.
        outputs: Knows what is there already; that is left out.

    """

    def __init__(self, client: InferenceHTTPClient, model_id: str, outputs: IsThere) -> None:
        self._client = client
        self._model_id = model_id
        self._outputs = outputs
        self._at_once = client.inference_configuration.max_concurrent_requests
        self._is_begun = False
        self._task: str | None = None

    def outcomes(self, sources: Iterable[Source]) -> Generator[Outcome]:
        """Iterate over the outcomes of what is not there yet.

        Raises:
            HTTPClientError: The server cannot be reached or does not have the model: nothing was sent yet.

        """
        for kind, group in groupby(sources, lambda source: source.kind):
            if kind == "video":
                for source in group:
                    yield from self._of_video(source.name)
                continue
            wanted = (source.name for source in group if not self._outputs.has(source.name))
            of_some = self._of_files if kind == "image" else self._of_urls
            for names in _in_lists(wanted, _FILES_AT_A_TIME if kind == "image" else self._at_once):
                self._begin()
                yield from of_some(names)

    def _begin(self) -> None:
        """Ask once for the model: what is wrong with all images is said once, and nothing is begun."""
        from ..configuration import HTTPClientMode

        if not self._is_begun and self._client.client_mode is HTTPClientMode.V1:
            self._task = self._client.get_model_description(self._model_id).task_type
        self._is_begun = True

    def _of_files(self, names: list[str]) -> Generator[Outcome]:
        with closing(self._client.infer_on_stream(names, self._model_id)) as stream:
            for name, (_, pixels, result) in zip(names, stream, strict=True):
                yield self._outcome(name, None, pixels, result)

    def _of_urls(self, urls: list[str]) -> Iterator[Outcome]:
        with ThreadPoolExecutor(len(urls)) as threads:
            images = list(threads.map(_downloaded, urls))
        there = [image.content for image in images if isinstance(image, _Downloaded)]
        results: Iterator[Any] = iter(self._client.infer(there, self._model_id) if there else ())
        for url, image in zip(urls, images, strict=True):
            if isinstance(image, _Downloaded):
                yield self._outcome(url, None, image.pixels, next(results))
            else:
                yield Outcome(url, error=image, task=self._task)

    def _of_video(self, name: str) -> Generator[Outcome]:
        if self._outputs.has_frames_of(name):
            yield from self._of_missing_frames(name)
            return
        self._begin()
        try:
            with closing(self._client.infer_on_stream(name, self._model_id)) as stream:
                for frame, (_, pixels, result) in enumerate(stream):
                    yield self._outcome(name, frame, pixels, result)
        except InvalidInputFormatError as error:  # about the file; those of frames are returned
            yield Outcome(name, error=error, task=self._task)

    def _of_missing_frames(self, name: str) -> Iterator[Outcome]:
        wanted = _frames(name, lambda frame: not self._outputs.has(name, frame))
        for frames in _in_lists(wanted, 4 * self._at_once):
            self._begin()
            results: list[Any] = self._client.infer([pixels for _, pixels in frames], self._model_id)
            for (frame, pixels), result in zip(frames, results, strict=True):
                yield self._outcome(name, frame, pixels, result)

    def _outcome(self, name: str, frame: int | None, pixels: BGRPixels, result: Any) -> Outcome:
        seen = pixels if pixels.size else None
        if isinstance(result, HTTPClientError):
            return Outcome(name, frame, seen, error=result, task=self._task)
        return Outcome(name, frame, seen, result=result, task=self._task)


@dataclass(frozen=True, slots=True)
class _Downloaded:
    content: bytes
    pixels: BGRPixels


def _downloaded(url: str) -> _Downloaded | HTTPClientError:
    """Fetch an image here and not in `infer`: it is also to be drawn on."""
    from ..execution.image_download import download_image
    from ..images import URLPolicy, load_pixels

    try:
        content = download_image(url, URLPolicy.from_environment())
        return _Downloaded(content, load_pixels(content))
    except HTTPClientError as error:
        return error


def _frames(video: str, is_wanted: Callable[[int], bool]) -> Generator[tuple[int, BGRPixels]]:
    """Decode the wanted frames of a video; the others are only passed over."""
    import cv2
    import numpy as np

    capture = cv2.VideoCapture(video)
    try:
        frame = 0
        while capture.grab():
            if is_wanted(frame):
                is_read, pixels = capture.retrieve()
                if not is_read:
                    return
                yield frame, np.array(pixels, np.uint8)
            frame += 1
    finally:
        capture.release()


def _in_lists(things: Iterator[T], most: int) -> Iterator[list[T]]:
    while some := list(islice(things, most)):
        yield some
