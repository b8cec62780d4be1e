"""What one run finds out, image by image, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..json_types import is_object
from .messages import WrongUsageError
from .sources import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..errors import HTTPClientError
    from ..images import BGRPixels

__all__ = ["Done", "Outcome", "RunIdentity"]


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """What the results of one output have in common."""

    model_id: str
    settings: Mapping[str, Any]
    """What was asked of the model beyond its defaults: `confidence`, `iou`, `class`, `embedded`."""

    def check(self, record: Mapping[str, Any], origin: str) -> None:
        """Refuse an output of a run with another model or other settings.

        Raises:
            WrongUsageError: The record is of another run.

        """
        held = record.get("model_id"), record.get("settings")
        if held != (self.model_id, self.settings):
            wanted = self._shown(self.model_id, self.settings)
            raise WrongUsageError(
                f"{origin} holds results of {self._shown(*held)}, this run has {wanted}: choose another output, or "
                "start anew with --overwrite"
            )

    @staticmethod
    def _shown(model_id: object, settings: object) -> str:
        chosen = [f"{name} {value}" for name, value in settings.items()] if is_object(settings) else []
        return ", ".join([f"model {model_id!r}", *(chosen or ["default settings"])])


@dataclass(frozen=True, slots=True)
class Outcome:
    """One image or frame with what came of it: `result` or `error`."""

    image: str
    """Path or URL, as `Source.name`."""

    frame: int | None = None
    """Number of a video's frame from 0; `None` for images."""

    pixels: BGRPixels | None = None
    """The image (uint8, (height, width, 3), BGR), if it could be read."""

    result: dict[str, Any] | None = None
    """The model's result, as `infer` gives it."""

    error: HTTPClientError | None = None

    task: str | None = None
    """The model's task, if the server has told it."""

    def record(self, identity: RunIdentity) -> dict[str, Any]:
        """Give the line that is written down."""
        line: dict[str, Any] = {"image": self.image}
        if self.frame is not None:
            line["frame"] = self.frame
        line |= {"model_id": identity.model_id, "settings": dict(identity.settings)}
        if self.error is None:
            return {**line, "result": self.result}
        return {**line, "error": {"type": type(self.error).__name__, "message": str(self.error)}}


@dataclass(slots=True)
class Done:
    """Which images and frames an output holds already."""

    _images: set[str] = field(default_factory=set[str])
    _frames: dict[str, set[int]] = field(default_factory=dict[str, set[int]])

    def add(self, image: str, frame: int | None) -> None:
        """Note one that is there."""
        if frame is None:
            self._images.add(key_of(image))
        else:
            self._frames.setdefault(key_of(image), set()).add(frame)

    def __contains__(self, place: tuple[str, int | None]) -> bool:
        """Tell whether an image (with `None`) or a frame is there."""
        image, frame = place
        key = key_of(image)
        return key in self._images if frame is None else frame in self._frames.get(key, ())

    def has_frames_of(self, video: str) -> bool:
        """Tell whether any frame of a video is there."""
        return key_of(video) in self._frames
