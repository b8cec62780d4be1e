"""What `infer` is to work on: files, directories, patterns, videos and image URLs, each image once."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

__all__ = ["IMAGE_ENDINGS", "VIDEO_ENDINGS", "Source", "find_sources", "is_url", "key_of", "shown_name"]

IMAGE_ENDINGS = frozenset(
    {
        *(".avif", ".bmp", ".dib", ".gif", ".heic", ".heif", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".pbm"),
        *(".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"),
    }
)
"""Files taken from a directory, whatever the letter case. A file that is named is taken whatever its ending."""

VIDEO_ENDINGS = frozenset(
    {".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".webm", ".wmv"}
)
"""Files that are read as videos, whatever the letter case."""


@dataclass(frozen=True, slots=True)
class Source:
    """One image file, video file or image URL."""

    name: str
    """Path as it was given, with `.` and doubled slashes taken out; or the URL."""

    kind: Literal["image", "video", "url"]


def is_url(name: str) -> bool:
    """Tell an image URL from a path."""
    return name[:8].lower().startswith(("http://", "https://"))


def key_of(name: str) -> str:
    """Give what two names of the same file have in common; links are not followed."""
    return name if is_url(name) else os.path.abspath(name)  # noqa: PTH100 - Path.absolute keeps `..`


def shown_name(name: str) -> str:
    """Give a name for messages: a URL without user, password and query, which may be secret."""
    if "://" not in name:
        return name
    try:
        parts = urlsplit(name)
    except ValueError:
        return name.partition("://")[0] + "://..."
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def find_sources(
    given: Sequence[str],
    *,
    recursive: bool,
    leave_out: Path | None,
    problem: Callable[[str], None],
    note: Callable[[str], None],
) -> Iterator[Source]:
    """Find every image, in the order given; those of a directory or pattern sorted by path.

    A pattern means what a shell would make of it: every match is taken as if it had been named. Hidden files and
    folders (a name that begins with a dot) are left out, as shells do.

    Args:
        given: The words of the command line.
        recursive: Look into the folders of directories, too.
        leave_out: A directory whose files are not to be found: that of the annotated pictures.
        problem: Told in a sentence about a word that gives nothing.
        note: Told about videos that are left out.

    """
    seen: set[str] = set()
    finder = _Finder(recursive, leave_out, problem, note)
    for source in finder.all(given):
        key = key_of(source.name)
        if key not in seen:
            seen.add(key)
            yield source


@dataclass(frozen=True, slots=True)
class _Finder:
    recursive: bool
    leave_out: Path | None
    problem: Callable[[str], None]
    note: Callable[[str], None]

    def all(self, given: Sequence[str]) -> Iterator[Source]:
        for word in given:
            if is_url(word):
                yield Source(word, "url")
            elif "://" in word:
                self.problem(
                    f"{shown_name(word)!r}: expected a file, a directory, a pattern or the http(s) URL of an image"
                )
            elif not os.path.lexists(word) and glob.has_magic(word):
                yield from self._matches(word)
            else:
                yield from self._named(os.path.normpath(word))

    def _matches(self, pattern: str) -> Iterator[Source]:
        matches = sorted(os.path.normpath(match) for match in glob.iglob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no `/`
        if not matches:
            self.problem(f"{pattern!r}: nothing matches this pattern")
        for match in matches:
            if not self._is_left_out(match):
                yield from self._named(match)

    def _named(self, name: str) -> Iterator[Source]:
        path = Path(name)
        if path.is_dir():
            yield from self._of_directory(name)
        elif path.suffix.lower() in VIDEO_ENDINGS:
            yield Source(name, "video")
        else:
            yield Source(name, "image")  # that it is not there or no image, it says in its turn

    def _of_directory(self, name: str) -> Iterator[Source]:
        found = videos = folders = 0
        walk = os.walk(name, onerror=lambda error: self.problem(f"directory {error.filename!r}: {error.strerror}"))
        for folder, inner, files in walk:
            kept = sorted(entry for entry in inner if not entry.startswith("."))
            folders += len(kept)
            inner[:] = [entry for entry in kept if self.recursive and not self._is_left_out(str(Path(folder, entry)))]
            for file in sorted(entry for entry in files if not entry.startswith(".")):
                ending = Path(file).suffix.lower()
                if ending in IMAGE_ENDINGS:
                    found += 1
                    yield Source(os.path.normpath(str(Path(folder, file))), "image")
                videos += ending in VIDEO_ENDINGS
        if not found:
            more = "; --recursive looks into its folders" if folders and not self.recursive else ""
            self.problem(f"directory {name!r}: there is no image file in it{more}")
        if videos:
            self.note(f"directory {name!r}: {videos} video files left out; name them, or use a pattern such as '*.mp4'")

    def _is_left_out(self, name: str) -> bool:
        return self.leave_out is not None and Path(key_of(name)).is_relative_to(key_of(str(self.leave_out)))
