"""Every kind of input over v0 and v1: single, lists, batches, shrunk on the client."""

from __future__ import annotations

from typing import Any

from differential.case import Case, Environment, both_shells, given, single

__all__ = ["CASES", "KINDS"]

KINDS: dict[str, Any] = {
    "path_png": given("path", "small.png"),
    "path_jpg": given("path", "small.jpg"),
    "path_turned": given("path", "turned.jpg"),
    "base64": given("base64", "small.png"),
    "data_uri": given("data_uri", "small.png"),
    "url": given("url", "small.png"),
    "array": given("array", "bgr.npy"),
    "array_gray": given("array", "gray.npy"),
    "pil": given("pil", "small.png"),
    "pil_turned": given("pil_file", "turned.jpg"),
    "pil_rgba": given("pil", "rgba.png"),
    "array_float": given("array", "float.npy"),
    "array_16_bit": given("array", "wide16.npy"),
    "pathlib": given("pathlib", "small.png"),
    "bytes": given("bytes", "small.png"),
    "missing_path": "holiday.jpg",
    "text_file": given("path", "text.txt"),
    "number": 7,
    "none": None,
}

_PICTURES = [given("path", f"picture{number}.png") for number in range(3)]
_MIXED = [given("path", "picture0.png"), given("array", "bgr.npy"), given("base64", "picture1.png")]

LISTS: dict[str, Any] = {
    "none": [],
    "one": _PICTURES[:1],
    "three": _PICTURES,
    "mixed": _MIXED,
    "urls": [given("url", "picture0.png"), given("url", "picture1.png")],
    "nested": [_PICTURES[:2], _PICTURES[2:]],
    "tuple": given("tuple", _PICTURES[:2]),
    "one_bad": [_PICTURES[0], 7],
}

_SHRINKING = {"client_downsizing_disabled": False, "max_concurrent_requests": 1}
_SHRUNK: dict[str, tuple[Any, dict[str, Any]]] = {
    "path": (given("path", "small.png"), {"default_max_input_size": 60}),
    "base64": (given("base64", "small.png"), {"default_max_input_size": 60}),
    "url": (given("url", "small.png"), {"default_max_input_size": 60}),
    "array": (given("array", "bgr.npy"), {"default_max_input_size": 60}),
    "pil": (given("pil", "small.png"), {"default_max_input_size": 60}),
    "large": (given("array", "large.npy"), {}),
    "odd": (given("array", "odd.npy"), {"default_max_input_size": 100}),
    "fits": (given("array", "bgr.npy"), {"default_max_input_size": 2000}),
    "path_fits": (given("path", "small.jpg"), {"default_max_input_size": 2000}),
}


def _calls() -> list[Case]:
    cases: list[Case] = []
    for mode in ("v0", "v1"):
        for name, image in KINDS.items():
            keywords = {"inference_input": image, "model_id": "detector/1"}
            cases.append(single(f"infer/{mode}/{name}", "infer", keywords, mode=mode))
        explicit = {"inference_input": given("path", "small.png"), "model_id": "detector/1"}
        cases.append(single(f"infer_from_api/{mode}", f"infer_from_api_{mode}", explicit, mode=None))
        other = "v1" if mode == "v0" else "v0"
        cases.append(single(f"infer_from_api/{mode}/selected_{other}", f"infer_from_api_{mode}", explicit, mode=other))
        for name, images in LISTS.items():
            keywords = {"inference_input": images, "model_id": "detector/1"}
            for size in (1, 2):
                configuration = {"max_concurrent_requests": 1, "max_batch_size": size}
                settings: dict[str, Any] = {"mode": mode, "configuration": configuration, "unordered": True}
                cases.append(single(f"lists/{mode}/{name}/batch{size}", "infer", keywords, **settings))
        parallel = {"max_concurrent_requests": 3}
        listed = {"inference_input": _PICTURES, "model_id": "detector/1"}
        cases.append(
            single(f"lists/{mode}/parallel", "infer", listed, mode=mode, configuration=parallel, unordered=True)
        )
    return cases


def _shrunk() -> list[Case]:
    cases: list[Case] = []
    for mode in ("v0", "v1"):
        for name, (image, sizes) in _SHRUNK.items():
            # In v1 the model's own input size is the limit; the registry gives 64 x 48.
            keywords = {"inference_input": image, "model_id": "detector/1"}
            case_id = f"shrunk/{mode}/{name}"
            cases.append(single(case_id, "infer", keywords, mode=mode, configuration={**_SHRINKING, **sizes}))
        for model in ("detector/1", "instances/1", "keypoints/1", "classes/1", "labels/1"):
            keywords = {"inference_input": given("array", "bgr.npy"), "model_id": model}
            settings = {**_SHRINKING, "default_max_input_size": 60}
            case_id = f"shrunk/{mode}/{model.partition('/')[0]}"
            cases.append(single(case_id, "infer", keywords, mode=mode, configuration=settings))
    return cases


def _local_urls() -> list[Case]:
    """What the default URL policy says of an image on a local address."""
    keywords = {"inference_input": given("url", "small.png"), "model_id": "detector/1"}
    untouched: Environment = {"ALLOW_URL_TO_NON_GLOBAL_ADDRESSES": None}
    return [single(f"local_url/{mode}", "infer", keywords, mode=mode, environment=untouched) for mode in ("v0", "v1")]


CASES = both_shells([*_calls(), *_shrunk(), *_local_urls()])
