"""Estimating depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, cast, overload

from ...caller_warnings import warn_caller
from ...images import ImageInput
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.depth import DepthRequest, read_depth
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["DepthEstimation", "DepthMapFormat"]

DepthMapFormat: TypeAlias = Literal["json", "png16", "png8"]
"""How a depth map travels: nested lists of numbers, a grey PNG of 65536 levels, or one of 256 levels."""


class DepthEstimation(ClientCore):
    """How near every pixel is, from one image."""

    @overload
    def depth_estimation(
        self,
        inference_input: ImageInput,
        model_id: str = "depth-anything-v3/small",
        model_id_in_path: bool = False,
        depth_map_format: DepthMapFormat = "json",
    ) -> dict[str, Any]: ...
    @overload
    def depth_estimation(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str = "depth-anything-v3/small",
        model_id_in_path: bool = False,
        depth_map_format: DepthMapFormat = "json",
    ) -> list[dict[str, Any]]: ...
    def depth_estimation(
        self,
        inference_input: Any,
        model_id: str = "depth-anything-v3/small",
        model_id_in_path: bool = False,
        depth_map_format: DepthMapFormat = "json",
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Estimate the depth of one image or of several, one request each.

        Args:
            inference_input: One image in any accepted form (see `infer`), or a sequence of images.
            model_id: `depth-anything-v2/small`, `depth-anything-v3/small` or `depth-anything-v3/base`.
            model_id_in_path: Send the model's id in the path too, for gateways that route by it.
            depth_map_format: `"png16"` and `"png8"` travel small and give a float32 array. `"json"` gives nested lists,
                ten times as large on the wire; it warns, as it is the default only until 2027.

        Returns:
            A dictionary, or a list of them in input order. `normalized_depth` is 0 (farthest) to 1 (nearest) within
            the image, not a distance: a float32 array (height, width), or nested lists with `"json"` and from servers
            that know no other format. `image` is the base64 text of a picture of it.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not a depth result, or its map cannot be decoded.

        """
        plan = self._depth_plan(inference_input, model_id, model_id_in_path, depth_map_format)
        return cast("dict[str, Any] | list[dict[str, Any]]", self._run(*plan))

    @overload
    async def depth_estimation_async(
        self,
        inference_input: ImageInput,
        model_id: str = "depth-anything-v3/small",
        model_id_in_path: bool = False,
        depth_map_format: DepthMapFormat = "json",
    ) -> dict[str, Any]: ...
    @overload
    async def depth_estimation_async(
        self,
        inference_input: Sequence[ImageInput],
        model_id: str = "depth-anything-v3/small",
        model_id_in_path: bool = False,
        depth_map_format: DepthMapFormat = "json",
    ) -> list[dict[str, Any]]: ...
    async def depth_estimation_async(
        self,
        inference_input: Any,
        model_id: str = "depth-anything-v3/small",
        model_id_in_path: bool = False,
        depth_map_format: DepthMapFormat = "json",
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Estimate depth under asyncio; see `depth_estimation`."""
        plan = self._depth_plan(inference_input, model_id, model_id_in_path, depth_map_format)
        return cast("dict[str, Any] | list[dict[str, Any]]", await self._run_async(*plan))

    def _depth_plan(
        self, inference_input: object, model_id: str, model_id_in_path: bool, depth_map_format: str
    ) -> Plan:
        request = DepthRequest.make(
            model_id=model_id, model_id_in_path=model_id_in_path, depth_map_format=depth_map_format
        )
        if depth_map_format == "json":
            warn_caller(
                "depth_map_format='json' gives the depth map as nested lists and stops being the default in 2027: "
                "pass 'png16' for a float32 array from an answer a tenth of the size",
                FutureWarning,
            )
        settings = self._settings()
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, request.path, images, request.fields, read_depth)
        )
        return steps, settings
