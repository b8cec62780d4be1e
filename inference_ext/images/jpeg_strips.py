"""JPEG encoding on several cores: strips of an image are encoded side by side and put into one file.

JPEG has a mark for starting afresh within the picture (restart interval). Strips that end where a row of its blocks
ends depend on nothing outside themselves, so the file shows the very pixels that encoding it in one piece gives.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol

from ..cores import available_cores

if TYPE_CHECKING:
    from .pixels import BGRPixels

__all__ = ["StripEncoder", "encode_as_strips", "encode_in_strips"]


class StripEncoder(Protocol):
    """Encodes pixels as a JPEG with a restart interval of so many blocks (0 for none)."""

    def __call__(self, pixels: BGRPixels, restart_interval: int) -> bytes:
        """Give the file; colour is subsampled 4:2:0, and the tables are the same every time."""
        ...


#: Below, starting a thread costs more than it saves.
_FEWEST_PIXELS = 500_000
_MOST_STRIPS = 4
#: The format has 16 bits for the length of an interval.
_LONGEST_INTERVAL = 65535

_START_OF_FRAME, _START_OF_SCAN, _FIRST_RESTART = 0xC0, 0xDA, 0xD0


class _IdleCores:
    """Cores that no encoding of this process uses: with many images at a time, each is best encoded on one."""

    def __init__(self) -> None:
        # A deque's ends need no lock, so that a process that is forked meanwhile finds none that is held.
        self._free = deque(range(available_cores()))

    @contextmanager
    def take(self, most: int) -> Generator[int]:
        """Take up to so many for the block; gives their number, which may be none."""
        taken: list[int] = []
        with suppress(IndexError):
            while len(taken) < most:
                taken.append(self._free.pop())
        try:
            yield len(taken)
        finally:
            self._free.extend(taken)


_idle_cores = _IdleCores()


def encode_in_strips(pixels: BGRPixels, encode: StripEncoder) -> bytes:
    """Encode an image as one JPEG, a large one on as many cores as are idle.

    Args:
        pixels: uint8, (height, width, 3).
        encode: Encodes one strip.

    """
    height, width = pixels.shape[:2]
    if height * width < _FEWEST_PIXELS:
        return encode(pixels, 0)
    with _idle_cores.take(_MOST_STRIPS) as cores:
        return encode_as_strips(pixels, encode, max(1, cores))


def encode_as_strips(pixels: BGRPixels, encode: StripEncoder, strips: int) -> bytes:
    """Encode an image as one JPEG out of up to so many strips; see `encode_in_strips`."""
    height, width = pixels.shape[:2]
    rows = -(-height // 16)  # of blocks, 16 x 16 pixels each
    rows_of_strip = -(-rows // strips)
    interval = rows_of_strip * -(-width // 16)
    if strips == 1 or interval > _LONGEST_INTERVAL:
        return encode(pixels, 0)
    height_of_strip = 16 * rows_of_strip
    parts = [pixels[start : start + height_of_strip] for start in range(0, height, height_of_strip)]
    first, *others = _encode_all(parts, partial(encode, restart_interval=interval))
    start = _start_of_data(first)
    pieces: list[bytes | memoryview] = [_with_height(first[:start], height), first[start:-2]]
    for number, strip in enumerate(others):
        pieces += (bytes((0xFF, _FIRST_RESTART + number % 8)), strip[_start_of_data(strip) : -2])
    return b"".join([*pieces, b"\xff\xd9"])


def _encode_all(strips: list[BGRPixels], encode: Callable[[BGRPixels], bytes]) -> list[memoryview]:
    """Encode each strip, the first one here, every other on a thread of its own."""
    encoded: dict[int, memoryview] = {}
    errors: list[BaseException] = []

    def encode_one(number: int) -> None:
        try:
            encoded[number] = memoryview(encode(strips[number]))
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    # Not an executor: starting and ending one takes as long as a tenth of the encoding.
    threads = [
        threading.Thread(target=encode_one, args=(number,), name="inference-ext-encode", daemon=True)
        for number in range(1, len(strips))
    ]
    for thread in threads:
        thread.start()
    encode_one(0)
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [encoded[number] for number in range(len(strips))]


def _segments(encoded: memoryview) -> Generator[tuple[int, int, int]]:
    """Give marker, start and end of each part of a JPEG's head."""
    position = 2
    while True:
        marker = encoded[position + 1]
        end = position + 2 + int.from_bytes(encoded[position + 2 : position + 4], "big")
        yield marker, position, end
        if marker == _START_OF_SCAN:
            return
        position = end


def _start_of_data(encoded: memoryview) -> int:
    *_, (_, _, end) = _segments(encoded)
    return end


def _with_height(head: memoryview, height: int) -> bytes:
    changed = bytearray(head)
    start = next(start for marker, start, _ in _segments(head) if marker == _START_OF_FRAME)
    changed[start + 5 : start + 7] = height.to_bytes(2, "big")
    return bytes(changed)
