"""Directories, videos and cameras become frames in order."""

from .frames import Frame
from .sources import StreamInput, open_frames

__all__ = ["Frame", "StreamInput", "open_frames"]
