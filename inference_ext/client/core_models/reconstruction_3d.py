"""Rebuilding objects in 3D."""

from __future__ import annotations

from typing import Any, cast

from ...errors import InvalidParameterError
from ...images import ImageInput, is_image_list
from ...operations.core_models.core_model import run_on_images
from ...operations.core_models.segment_anything import sam3_3d
from ..core import ClientCore
from ..planning import Plan, one_or_many

__all__ = ["Reconstruction3D"]


class Reconstruction3D(ClientCore):
    """SAM 3D: meshes and Gaussian splats of the objects in a photograph."""

    def sam3_3d_infer(
        self,
        inference_input: ImageInput,
        mask_input: Any,
        model_id: str = "sam3-3d-objects",
        *,
        output_meshes: bool = True,
        output_scene: bool = True,
        with_mesh_postprocess: bool = True,
        with_texture_baking: bool = True,
        use_distillations: bool = False,
    ) -> dict[str, Any]:
        """Rebuild the objects under masks in 3D, from one photograph.

        Since server 0.64.8 at the latest (missing in 0.63.5).

        Args:
            inference_input: One image in any accepted form (see `infer`).
            mask_input: Which objects: a polygon as a flat list x1, y1, x2, y2, ... in pixels, a mask as COCO run
                lengths (`size`, `counts`) or a boolean array (height, width), or a list with one of these per object.
            model_id: SAM 3D weights.
            output_meshes: Give triangle meshes besides Gaussian splats. Since server 1.0.5 at the latest (missing in
                0.64.8).
            output_scene: Give all objects placed together as well. Since server 1.0.5 at the latest (missing in
                0.64.8).
            with_mesh_postprocess: Clean and simplify the meshes. Since server 1.0.5 at the latest (missing in 0.64.8).
            with_texture_baking: Give the meshes a texture. It takes long. Since server 1.0.5 at the latest (missing in
                0.64.8).
            use_distillations: Trade some detail for speed. Since server 1.0.5 at the latest (missing in 0.64.8).

        Returns:
            The server's answer as a dictionary: `mesh_glb` and `gaussian_ply` of the scene (base64 text or `None`),
            `objects` (each with its own two and `metadata`: `rotation`, `translation`, `scale`) and `time` in seconds.

        Raises:
            InvalidParameterError: An argument is not acceptable.
            InvalidInputFormatError: An input is not an image this client can read.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: The answer is not what the call returns.

        """
        plan = self._sam3_3d_plan(
            inference_input,
            mask_input=mask_input,
            model_id=model_id,
            output_meshes=output_meshes,
            output_scene=output_scene,
            with_mesh_postprocess=with_mesh_postprocess,
            with_texture_baking=with_texture_baking,
            use_distillations=use_distillations,
        )
        return cast("dict[str, Any]", self._run(*plan))

    async def sam3_3d_infer_async(
        self,
        inference_input: ImageInput,
        mask_input: Any,
        model_id: str = "sam3-3d-objects",
        *,
        output_meshes: bool = True,
        output_scene: bool = True,
        with_mesh_postprocess: bool = True,
        with_texture_baking: bool = True,
        use_distillations: bool = False,
    ) -> dict[str, Any]:
        """Rebuild objects in 3D, under asyncio; see `sam3_3d_infer`."""
        plan = self._sam3_3d_plan(
            inference_input,
            mask_input=mask_input,
            model_id=model_id,
            output_meshes=output_meshes,
            output_scene=output_scene,
            with_mesh_postprocess=with_mesh_postprocess,
            with_texture_baking=with_texture_baking,
            use_distillations=use_distillations,
        )
        return cast("dict[str, Any]", await self._run_async(*plan))

    def _sam3_3d_plan(self, inference_input: object, **arguments: Any) -> Plan:
        if is_image_list(inference_input):
            raise InvalidParameterError("inference_input: expected one image, to which the masks belong")
        request = sam3_3d(**arguments)
        settings = self._settings()
        call = self._core_model_call(settings)
        steps = one_or_many(
            inference_input, lambda images: run_on_images(call, request.path, images, request.fields, request.read)
        )
        return steps, settings
