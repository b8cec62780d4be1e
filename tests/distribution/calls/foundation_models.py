"""Detectors by words and examples, text reading, language models, depth, and what old servers had."""

from collections.abc import Sequence
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import ExampleBox, ExampleImage, ImageInput, InferenceHTTPClient

Answer = dict[str, Any]
Pixels = npt.NDArray[np.uint8]


async def by_words(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.infer_from_yolo_world(inference_input=array, class_names=["cat"], model_version="l", confidence=0.1),
        list[Answer],
    )
    assert_type(client.infer_from_yolo_world([array, "a.jpg"], ("cat",)), list[Answer])
    assert_type(
        client.infer_from_grounding_dino(
            inference_input=array,
            text=["cat"],
            box_threshold=0.5,
            text_threshold=0.5,
            class_agnostic_nms=True,
            grounding_dino_version_id="default",
        ),
        Answer,
    )
    assert_type(client.infer_from_grounding_dino([array], ["cat"]), list[Answer])
    assert_type(
        await client.infer_from_yolo_world_async(
            inference_input=array, class_names=["cat"], model_version="l", confidence=0.1
        ),
        list[Answer],
    )
    assert_type(
        await client.infer_from_grounding_dino_async(
            inference_input=array,
            text=["cat"],
            box_threshold=0.5,
            text_threshold=0.5,
            class_agnostic_nms=True,
            grounding_dino_version_id="default",
        ),
        Answer,
    )
    assert_type(await client.infer_from_grounding_dino_async([array], ["cat"]), list[Answer])


async def by_examples(client: InferenceHTTPClient, array: Pixels, box: ExampleBox, example: ExampleImage) -> None:
    assert_type(box["x"], int)
    assert_type(box["y"], int)
    assert_type(box["w"], int)
    assert_type(box["h"], int)
    assert_type(box["cls"], str)
    assert_type(box.get("negative"), bool | None)
    assert_type(example["boxes"], Sequence[ExampleBox])
    assert_type(example["image"], ImageInput)
    boxes: list[ExampleBox] = [
        {"x": 5, "y": 5, "w": 2, "h": 2, "cls": "cat"},
        ExampleBox(x=5, y=5, w=2, h=2, cls="dog", negative=True),
    ]
    examples: list[ExampleImage] = [{"image": array, "boxes": boxes}, ExampleImage(image=example["image"], boxes=boxes)]
    assert_type(
        client.infer_from_owlv2(
            inference_input=array,
            training_data=examples,
            confidence=0.9,
            owlv2_version_id="v",
            visualize_predictions=True,
            visualization_labels=True,
            visualization_stroke_width=2,
        ),
        Answer,
    )
    assert_type(
        client.infer_from_owlv2(
            ["a.jpg"], [{"image": "b.jpg", "boxes": [{"x": 1, "y": 1, "w": 1, "h": 1, "cls": "a"}]}]
        ),
        list[Answer],
    )
    assert_type(
        await client.infer_from_owlv2_async(
            inference_input=array,
            training_data=examples,
            confidence=0.9,
            owlv2_version_id="v",
            visualize_predictions=True,
            visualization_labels=True,
            visualization_stroke_width=2,
        ),
        Answer,
    )
    assert_type(await client.infer_from_owlv2_async(["a.jpg"], examples), list[Answer])


async def text_on_images(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.ocr_image(
            inference_input=array,
            model="easy_ocr",
            version="v",
            quantize=True,
            generate_bounding_boxes=True,
            language_codes=["en"],
        ),
        Answer,
    )
    assert_type(client.ocr_image([array], "trocr"), list[Answer])
    assert_type(
        await client.ocr_image_async(
            inference_input=array,
            model="pp_ocr",
            version="v",
            quantize=True,
            generate_bounding_boxes=True,
            language_codes=["en"],
        ),
        Answer,
    )
    assert_type(await client.ocr_image_async([array], "doctr"), list[Answer])


async def language_models(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.infer_lmm(
            inference_input=array,
            model_id="some/model",
            prompt="What is it?",
            model_id_in_path=True,
            max_new_tokens=10,
            enable_thinking=False,
        ),
        Answer,
    )
    assert_type(client.infer_lmm([array], "some/model"), list[Answer])
    assert_type(
        await client.infer_lmm_async(
            inference_input=array,
            model_id="some/model",
            prompt="What is it?",
            model_id_in_path=True,
            max_new_tokens=10,
            enable_thinking=False,
        ),
        Answer,
    )
    assert_type(await client.infer_lmm_async([array], "some/model"), list[Answer])


async def depth(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(
        client.depth_estimation(
            inference_input=array,
            model_id="depth-anything-v2/small",
            model_id_in_path=True,
            depth_map_format="png16",
        ),
        Answer,
    )
    assert_type(client.depth_estimation([array], depth_map_format="png8"), list[Answer])
    assert_type(
        await client.depth_estimation_async(
            inference_input=array,
            model_id="depth-anything-v2/small",
            model_id_in_path=True,
            depth_map_format="png16",
        ),
        Answer,
    )
    assert_type(await client.depth_estimation_async([array], depth_map_format="png8"), list[Answer])


async def of_old_servers(client: InferenceHTTPClient, array: Pixels) -> None:
    assert_type(client.detect_gazes(inference_input=array), Answer)
    assert_type(client.detect_gazes([array]), list[Answer])
    assert_type(await client.detect_gazes_async(inference_input=array), Answer)
    assert_type(await client.detect_gazes_async([array]), list[Answer])
    assert_type(
        client.prompt_cogvlm(visual_prompt=array, text_prompt="What?", chat_history=[("What?", "A cat.")]), Answer
    )
    assert_type(await client.prompt_cogvlm_async(visual_prompt=array, text_prompt="What?", chat_history=None), Answer)
