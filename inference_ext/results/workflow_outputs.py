"""The outputs of a workflow run, with their pictures in the form the caller chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ..configuration import VisualisationResponseFormat
from ..errors import EncodingError
from ..json_types import is_array, is_object
from .visualisation import present_picture

__all__ = ["OutputPath", "WorkflowOutputs", "present_outputs"]

OutputPath: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands in the outputs, such as `(0, "crops", 2)`: the index of the output, then keys and indices."""


class WorkflowOutputs(list[dict[str, Any]]):
    """What a workflow run gave: one dictionary for each element of the input batch, from output name to value.

    A list like any other. What has no place in its elements is in the attributes.
    """

    def __init__(self, outputs: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(outputs)
        self.image_metadata: dict[OutputPath, dict[str, Any]] = {}
        """For every picture in the outputs, by its place, what the server said about it: `video_metadata` with the
        frame's number and time, and whatever else stood beside the picture."""

        self.profiler_trace: list[Any] = []
        """Timing events in the form of Chrome's tracing; empty unless profiling was asked for and the server allows
        it."""

        self.trace_file: Path | None = None
        """The file the trace was written to."""

        self.other_fields: dict[str, Any] = {}
        """The answer's other fields, by name, such as what custom Python blocks printed."""


def present_outputs(outputs: Sequence[dict[str, Any]], output_format: VisualisationResponseFormat) -> WorkflowOutputs:
    """Bring every picture in the outputs, at any depth, into the chosen form.

    A picture is an object with `"type": "base64"` and a text under `value`. It is replaced by the base64 text, a uint8
    BGR array (height, width, 3) or a PIL image in RGB; its other fields go to `image_metadata`.

    Raises:
        EncodingError: A value that says it is a picture cannot be decoded; the message names its place.

    """
    presenter = _Presenter(output_format)
    # An output may be named "type" and another "value": only what stands inside an output can be a picture.
    presented = WorkflowOutputs([presenter.object(output, (index,)) for index, output in enumerate(outputs)])
    presented.image_metadata = presenter.metadata
    return presented


class _Presenter:
    def __init__(self, output_format: VisualisationResponseFormat) -> None:
        self._format = output_format
        self.metadata: dict[OutputPath, dict[str, Any]] = {}

    def object(self, value: Mapping[str, Any], path: OutputPath) -> dict[str, Any]:
        presented: dict[str, Any] = {}
        # Not by recursion: answers may nest deeper than Python's calls can.
        waiting: list[tuple[Any, OutputPath, Any]] = [(value, path, presented)]
        while waiting:
            source, place, copy = waiting.pop()
            for key, inner in enumerate(source) if is_array(source) else source.items():
                made, has_parts = self._begun(inner, (*place, key))
                if has_parts:
                    waiting.append((inner, (*place, key), made))
                if is_array(source):
                    copy.append(made)
                else:
                    copy[key] = made
        return presented

    def _begun(self, value: Any, path: OutputPath) -> tuple[Any, bool]:
        """Give what takes a value's place, and whether its parts are still to be put into it."""
        if is_object(value):
            return (self._picture(value, path), False) if _is_picture(value) else ({}, True)
        return ([], True) if is_array(value) else (value, False)

    def _picture(self, value: Mapping[str, Any], path: OutputPath) -> Any:
        self.metadata[path] = {key: inner for key, inner in value.items() if key not in ("type", "value")}
        try:
            return present_picture(value["value"], self._format)
        except EncodingError as error:
            place = "".join(f"[{step!r}]" for step in path)
            raise EncodingError(
                f"outputs{place} of the workflow says it is a picture and cannot be decoded: {error}; "
                "output_visualisation_format='base64' hands it over as it is"
            ) from error


def _is_picture(value: Mapping[str, Any]) -> bool:
    return value.get("type") == "base64" and isinstance(value.get("value"), str)
