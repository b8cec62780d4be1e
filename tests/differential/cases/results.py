"""The tasks' answers, pictures drawn by the server, anomaly maps, and which model is taken."""

from __future__ import annotations

from typing import Any

from recording_server import Reply

from differential.answers import fixed, predictions, route_answers
from differential.case import Case, Step, both_shells, call, given, single

__all__ = ["CASES"]

_IMAGE = given("path", "small.png")
_MODELS = ("detector/1", "instances/1", "keypoints/1", "classes/1", "labels/1", "semantic/1", "speech/1", "loadable/1")


def _calls() -> list[Case]:
    cases: list[Case] = []
    for mode in ("v0", "v1"):
        for model in _MODELS:
            keywords = {"inference_input": _IMAGE, "model_id": model}
            cases.append(single(f"tasks/{mode}/{model.partition('/')[0]}", "infer", keywords, mode=mode))
        for form in ("base64", "numpy", "pillow"):
            cases += _pictures(mode, form)
        maps = {"max_concurrent_requests": 1, "include_anomaly_map": True}
        keywords = {"inference_input": _IMAGE, "model_id": "anomaly/1"}
        cases.append(single(f"anomaly_map/{mode}", "infer", keywords, mode=mode, configuration=maps))
        cases += _models_taken(mode)
    return cases


def _pictures(mode: Any, form: str) -> list[Case]:
    keywords = {"inference_input": _IMAGE, "model_id": "detector/1"}
    asked: list[dict[str, Any]] = (
        [{"format": "image"}, {"format": "image_and_json"}] if mode == "v0" else [{"visualize_predictions": True}]
    )
    return [
        single(
            f"drawn/{mode}/{form}/{next(iter(settings.values()))}",
            "infer",
            keywords,
            mode=mode,
            configuration={**settings, "output_visualisation_format": form, "max_concurrent_requests": 1},
        )
        for settings in asked
    ]


def _models_taken(mode: Any) -> list[Case]:
    wrong = {"inference_input": _IMAGE, "model_id": "detector"}
    three_parts = {"inference_input": _IMAGE, "model_id": "workspace/detector/1"}
    alias = {"inference_input": _IMAGE, "model_id": "yolov8n-640"}
    twice = [call("infer", inference_input=_IMAGE, model_id="detector/1")] * 2
    return [
        single(f"model/{mode}/none", "infer", {"inference_input": _IMAGE}, mode=mode),
        single(f"model/{mode}/one_part", "infer", wrong, mode=mode),
        single(f"model/{mode}/three_parts", "infer", three_parts, mode=mode),
        single(f"model/{mode}/alias", "infer", alias, mode=mode),
        Case(f"model/{mode}/twice", twice, mode=mode),
    ]


def _odd_answers() -> list[Case]:
    """Success answers that are not what the route gives."""
    one = {"inference_input": _IMAGE, "model_id": "detector/1"}
    many = {"inference_input": [given("path", f"picture{number}.png") for number in range(3)], "model_id": "detector/1"}
    html = Reply(b"<html>portal</html>", headers={"Content-Type": "text/html"})
    short = [predictions("object-detection")] * 2
    batch = {"max_concurrent_requests": 1, "max_batch_size": 3}
    unloaded = route_answers({"/model/add": {"models": []}})
    return [
        single("answers/v1/html", "infer", one, server=route_answers({"/infer/object_detection": html})),
        single("answers/v0/html", "infer", one, mode="v0", server=fixed(html)),
        single("answers/v0/list", "infer", one, mode="v0", server=fixed(Reply([1]))),
        single(
            "answers/v1/short_list",
            "infer",
            many,
            configuration=batch,
            server=route_answers({"/infer/object_detection": short}),
        ),
        single(
            "answers/v1/not_loadable",
            "infer",
            {**one, "model_id": "loadable/1"},
            server=unloaded,
        ),
    ]


def _construction() -> list[Case]:
    """What a new client is set to, and which mode its address gives."""
    settings = Step("inference_configuration", kind="property")
    mode = Step("client_mode", kind="property")
    model = Step("selected_model", kind="property")
    addresses = {
        "hosted": "https://detect.roboflow.com",
        "serverless": "https://serverless.roboflow.com",
        "own": "http://localhost:9001",
        "own_hosted": "https://my.roboflow.com",
        "upper_case": "HTTPS://detect.roboflow.com",
        "look_alike": "https://detect.roboflow.com.example.org",
    }
    fresh = Case("construction/defaults", [settings, model], mode=None, configuration=None)
    modes = [
        Case(f"construction/mode/{name}", [mode], mode=None, configuration=None, api_url=address)
        for name, address in addresses.items()
    ]
    no_key = single(
        "construction/hosted_without_key",
        "infer",
        {"inference_input": _IMAGE, "model_id": "detector/1"},
        mode=None,
        key=None,
        api_url=addresses["hosted"],
    )
    slash = single("construction/slash", "get_server_info", mode=None, api_url="{url}/")
    return [fresh, *modes, no_key, slash]


CASES = [*both_shells([*_calls(), *_odd_answers()]), *_construction()]
