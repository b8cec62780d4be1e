"""Depth estimation: how near every pixel is, from one image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from ...configuration.state import checked_model_id
from ...results.depth_map import decode_depth_map
from ..arguments import checked_choice, checked_flag
from ..exchange import Answer
from .answers import objects
from .model_path import path_with_model

__all__ = ["DEPTH_MAP_FORMATS", "DepthRequest", "read_depth"]

DEPTH_MAP_FORMATS = ("json", "png16", "png8")


@frozen
class DepthRequest:
    """Which model estimates depth and how the map travels; checked when it is made."""

    path: str
    fields: dict[str, Any]

    @classmethod
    def make(cls, *, model_id: str, model_id_in_path: bool, depth_map_format: str) -> DepthRequest:
        """Check the arguments.

        Raises:
            InvalidParameterError: One of them is not acceptable.

        """
        model_id = checked_model_id(model_id)
        in_path = checked_flag("model_id_in_path", model_id_in_path)
        route = "/infer/depth-estimation"
        return cls(
            path=path_with_model(route, model_id) if in_path else route,
            fields={
                "model_id": model_id,
                "depth_map_format": checked_choice("depth_map_format", depth_map_format, DEPTH_MAP_FORMATS),
            },
        )


def read_depth(answer: Answer, count: int) -> Sequence[dict[str, Any]]:
    """Read an answer; a map that came as a PNG becomes a float32 array."""
    return [
        {**result, "normalized_depth": decode_depth_map(result["normalized_depth"])}
        if "normalized_depth" in result
        else result
        for result in objects(answer, count)
    ]
