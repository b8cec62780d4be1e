"""Vectors of images and texts, and how alike they are."""

from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import InferenceHTTPClient

Answer = dict[str, Any]
Pixels = npt.NDArray[np.uint8]


async def clip(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.get_clip_image_embeddings(inference_input=array, clip_version="RN50"), Answer)
    assert_type(client.get_clip_image_embeddings(["a.jpg", array]), list[Answer])
    assert_type(client.get_clip_text_embeddings(text="a cat", clip_version="RN50"), Answer)
    assert_type(client.get_clip_text_embeddings(["a cat", "a dog"]), Answer)
    assert_type(
        client.clip_compare(
            subject=array, prompt=["a cat"], subject_type="image", prompt_type="text", clip_version="RN50"
        ),
        Answer,
    )
    assert_type(client.clip_compare("a.jpg", "a cat"), Answer)
    assert_type(client.clip_compare("a.jpg", {"cat": "a cat"}), Answer)
    assert_type(client.clip_compare("a cat", [array, "b.jpg"], subject_type="text", prompt_type="image"), Answer)
    assert_type(await client.get_clip_image_embeddings_async(inference_input=array, clip_version="RN50"), Answer)
    assert_type(await client.get_clip_image_embeddings_async(["a.jpg", array]), list[Answer])
    assert_type(await client.get_clip_text_embeddings_async(text=["a cat"], clip_version="RN50"), Answer)
    assert_type(
        await client.clip_compare_async(
            subject=array, prompt={"cat": "a cat"}, subject_type="image", prompt_type="text", clip_version="RN50"
        ),
        Answer,
    )


async def perception_encoder(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.get_perception_encoder_image_embeddings(inference_input=array, perception_encoder_version="v"), Answer
    )
    assert_type(client.get_perception_encoder_image_embeddings([array]), list[Answer])
    assert_type(client.get_perception_encoder_text_embeddings(text="a", perception_encoder_version="v"), Answer)
    assert_type(client.get_perception_encoder_text_embeddings(["a", "b"]), Answer)
    assert_type(
        client.perception_encoder_compare(
            subject=array, prompt="a", subject_type="image", prompt_type="text", perception_encoder_version="v"
        ),
        Answer,
    )
    assert_type(
        await client.get_perception_encoder_image_embeddings_async(
            inference_input=array, perception_encoder_version="v"
        ),
        Answer,
    )
    assert_type(await client.get_perception_encoder_image_embeddings_async([array]), list[Answer])
    assert_type(
        await client.get_perception_encoder_text_embeddings_async(text="a", perception_encoder_version="v"), Answer
    )
    assert_type(
        await client.perception_encoder_compare_async(
            subject=array, prompt="a", subject_type="image", prompt_type="text", perception_encoder_version="v"
        ),
        Answer,
    )


async def classification_models(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.get_image_embeddings(inference_input=array, model_id="resnet101", output_type="logits"), Answer)
    assert_type(client.get_image_embeddings([array], "resnet101"), list[Answer])
    assert_type(
        await client.get_image_embeddings_async(
            inference_input=array, model_id="resnet101", output_type="feature_vector"
        ),
        Answer,
    )
    assert_type(await client.get_image_embeddings_async([array], "resnet101"), list[Answer])
