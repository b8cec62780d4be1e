"""Directories, videos and cameras become frames in order."""

from .frames import Frame
from .sources import FrameSource, StreamInput, open_frames

__all__ = ["Frame", "FrameSource", "StreamInput", "open_frames"]
