"""The Segment Anything family: dictionaries, and bytes where the caller asks for a binary answer."""

from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import InferenceHTTPClient

Answer = dict[str, Any]
Pixels = npt.NDArray[np.uint8]


async def first_version(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.sam_embed_image(inference_input=array, image_id="i", sam_version_id="vit_b"), Answer)
    assert_type(client.sam_embed_image([array]), list[Answer])
    assert_type(
        client.sam_embed_image(inference_input=array, image_id="i", sam_version_id="vit_b", format="binary"), bytes
    )
    assert_type(client.sam_embed_image([array], format="binary"), list[bytes])
    assert_type(await client.sam_embed_image_async(inference_input=array, image_id="i", sam_version_id="vit_b"), Answer)
    assert_type(await client.sam_embed_image_async([array]), list[Answer])
    assert_type(
        await client.sam_embed_image_async(
            inference_input=array, image_id="i", sam_version_id="vit_b", format="binary"
        ),
        bytes,
    )
    assert_type(await client.sam_embed_image_async([array], format="binary"), list[bytes])
    assert_type(client.sam_embed_image(array, format="json"), Answer)
    assert_type(client.sam_segment_image(image_id="i"), Answer)
    assert_type(client.sam_segment_image(image_id="i", format="binary"), bytes)
    assert_type(
        client.sam_segment_image(
            inference_input=array,
            image_id="i",
            sam_version_id="vit_b",
            point_coords=[[1, 2.5]],
            point_labels=[1],
            mask_input=array,
            has_mask_input=True,
            use_mask_input_cache=False,
            embeddings=array,
            orig_im_size=[4, 4],
        ),
        Answer,
    )
    assert_type(client.sam_segment_image([array]), list[Answer])
    assert_type(
        client.sam_segment_image(
            inference_input=array,
            image_id="i",
            sam_version_id="vit_b",
            point_coords=[[1, 2.5]],
            point_labels=[1],
            mask_input=array,
            has_mask_input=True,
            use_mask_input_cache=False,
            embeddings=array,
            orig_im_size=[4, 4],
            format="binary",
        ),
        bytes,
    )
    assert_type(client.sam_segment_image([array], format="binary"), list[bytes])
    assert_type(
        await client.sam_segment_image_async(
            inference_input=array,
            image_id="i",
            sam_version_id="vit_b",
            point_coords=[[1, 2.5]],
            point_labels=[1],
            mask_input=array,
            has_mask_input=True,
            use_mask_input_cache=False,
            embeddings=array,
            orig_im_size=[4, 4],
        ),
        Answer,
    )
    assert_type(await client.sam_segment_image_async([array]), list[Answer])
    assert_type(
        await client.sam_segment_image_async(
            inference_input=array,
            image_id="i",
            sam_version_id="vit_b",
            point_coords=[[1, 2.5]],
            point_labels=[1],
            mask_input=array,
            has_mask_input=True,
            use_mask_input_cache=False,
            embeddings=array,
            orig_im_size=[4, 4],
            format="binary",
        ),
        bytes,
    )
    assert_type(await client.sam_segment_image_async([array], format="binary"), list[bytes])


async def second_version(client: InferenceHTTPClient, array: Pixels) -> None:
    prompts: list[dict[str, Any]] = [{"points": [{"x": 1, "y": 1, "positive": True}]}]
    assert_type(client.sam2_embed_image(inference_input=array, image_id="i", sam2_version_id="hiera_large"), Answer)
    assert_type(client.sam2_embed_image([array]), list[Answer])
    assert_type(
        await client.sam2_embed_image_async(inference_input=array, image_id="i", sam2_version_id="hiera_large"), Answer
    )
    assert_type(await client.sam2_embed_image_async([array]), list[Answer])
    assert_type(
        client.sam2_segment_image(
            inference_input=array, prompts=prompts, sam2_version_id="hiera_large", multimask_output=False
        ),
        Answer,
    )
    assert_type(client.sam2_segment_image([array]), list[Answer])
    assert_type(
        client.sam2_segment_image(
            inference_input=array,
            prompts=prompts,
            sam2_version_id="hiera_large",
            multimask_output=False,
            mask_input_format="binary",
            image_id="i",
            save_logits_to_cache=True,
            load_logits_from_cache=True,
        ),
        bytes,
    )
    assert_type(client.sam2_segment_image([array], mask_input_format="binary"), list[bytes])
    assert_type(
        await client.sam2_segment_image_async(
            inference_input=array, prompts=prompts, sam2_version_id="hiera_large", multimask_output=False
        ),
        Answer,
    )
    assert_type(await client.sam2_segment_image_async([array]), list[Answer])
    assert_type(
        await client.sam2_segment_image_async(
            inference_input=array,
            prompts=prompts,
            sam2_version_id="hiera_large",
            multimask_output=False,
            mask_input_format="binary",
            image_id="i",
            save_logits_to_cache=True,
            load_logits_from_cache=True,
        ),
        bytes,
    )
    assert_type(await client.sam2_segment_image_async([array], mask_input_format="binary"), list[bytes])
    assert_type(client.sam2_segment_image(array, mask_input_format="rle"), Answer)


async def third_version(client: InferenceHTTPClient, array: Pixels) -> None:
    prompts = [{"type": "text", "text": "a cat"}]
    assert_type(client.sam3_embed_image(inference_input=array, image_id="i"), Answer)
    assert_type(client.sam3_embed_image([array]), list[Answer])
    assert_type(await client.sam3_embed_image_async(inference_input=array, image_id="i"), Answer)
    assert_type(await client.sam3_embed_image_async([array]), list[Answer])
    assert_type(client.sam3_visual_segment(inference_input=array, prompts=prompts, multimask_output=False), Answer)
    assert_type(client.sam3_visual_segment([array]), list[Answer])
    assert_type(
        client.sam3_visual_segment(
            inference_input=array,
            prompts=prompts,
            multimask_output=False,
            mask_input_format="binary",
            image_id="i",
            save_logits_to_cache=True,
            load_logits_from_cache=True,
        ),
        bytes,
    )
    assert_type(client.sam3_visual_segment([array], mask_input_format="binary"), list[bytes])
    assert_type(
        await client.sam3_visual_segment_async(inference_input=array, prompts=prompts, multimask_output=False), Answer
    )
    assert_type(await client.sam3_visual_segment_async([array]), list[Answer])
    assert_type(
        await client.sam3_visual_segment_async(
            inference_input=array,
            prompts=prompts,
            multimask_output=False,
            mask_input_format="binary",
            image_id="i",
            save_logits_to_cache=True,
            load_logits_from_cache=True,
        ),
        bytes,
    )
    assert_type(await client.sam3_visual_segment_async([array], mask_input_format="binary"), list[bytes])
    assert_type(client.sam3_visual_segment(array, mask_input_format="rle"), Answer)
    assert_type(
        client.sam3_concept_segment(
            inference_input=array,
            prompts=prompts,
            model_id="sam3/sam3_final",
            output_prob_thresh=0.4,
            nms_iou_threshold=0.5,
        ),
        Answer,
    )
    assert_type(client.sam3_concept_segment([array], prompts), list[Answer])
    assert_type(
        client.sam3_concept_segment(
            inference_input=array,
            prompts=prompts,
            model_id="sam3/sam3_final",
            output_prob_thresh=0.4,
            nms_iou_threshold=0.5,
            format="binary",
        ),
        bytes,
    )
    assert_type(client.sam3_concept_segment([array], prompts, format="binary"), list[bytes])
    assert_type(
        await client.sam3_concept_segment_async(
            inference_input=array,
            prompts=prompts,
            model_id="sam3/sam3_final",
            output_prob_thresh=0.4,
            nms_iou_threshold=0.5,
        ),
        Answer,
    )
    assert_type(await client.sam3_concept_segment_async([array], prompts), list[Answer])
    assert_type(
        await client.sam3_concept_segment_async(
            inference_input=array,
            prompts=prompts,
            model_id="sam3/sam3_final",
            output_prob_thresh=0.4,
            nms_iou_threshold=0.5,
            format="binary",
        ),
        bytes,
    )
    assert_type(await client.sam3_concept_segment_async([array], prompts, format="binary"), list[bytes])
    assert_type(client.sam3_concept_segment(array, prompts, format="rle"), Answer)


async def reconstruction(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.sam3_3d_infer(
            inference_input=array,
            mask_input=[0, 0, 4, 0, 4, 4],
            model_id="sam3-3d-objects",
            output_meshes=True,
            output_scene=False,
            with_mesh_postprocess=True,
            with_texture_baking=False,
            use_distillations=True,
        ),
        Answer,
    )
    assert_type(
        await client.sam3_3d_infer_async(
            inference_input=array,
            mask_input=[0, 0, 4, 0, 4, 4],
            model_id="sam3-3d-objects",
            output_meshes=True,
            output_scene=False,
            with_mesh_postprocess=True,
            with_texture_baking=False,
            use_distillations=True,
        ),
        Answer,
    )
    assert_type(client.sam3_3d_infer("a.jpg", array), Answer)
