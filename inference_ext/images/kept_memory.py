"""Memory for images that is taken again without asking the system in between."""

from __future__ import annotations

from functools import cache

__all__ = ["keep_memory"]

#: A 1080p image has 6.2 million bytes. Every thread's allocator may keep twice this.
_LARGEST_KEPT = 8 * 1024 * 1024


@cache
def keep_memory() -> None:
    """Have the C library keep blocks of the size of images when they are freed.

    glibc gives every block back to the system that is larger than any it saw freed before, from 128 KB up, and the
    pages of the next one are new ones that the system has to clear: decoding a 720p JPEG took 9 ms instead of 4, most
    of it for that. One block that is taken and freed moves the limit, as any program's first large image would.
    Elsewhere it does nothing.
    """
    bytes(_LARGEST_KEPT)
