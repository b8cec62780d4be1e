"""Every setting by itself and in pairs, over v0 and every v1 route; the ways the key travels."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from differential.case import KEY, Case, Step, both_shells, given, single

__all__ = ["CASES"]

#: Two values of every setting that may reach the server, neither of them the default.
_VALUES: dict[str, tuple[Any, ...]] = {
    "confidence_threshold": (0.375, "best", 0.0, 1),
    "keypoint_confidence_threshold": (0.25, 0),
    "format": ("json",),
    "mask_decode_mode": ("accurate", "fast"),
    "tradeoff_factor": (0.5, 0.0),
    "allow_reduced_mask_resolution": (True,),
    "response_mask_format": ("rle", "polygon"),
    "max_candidates": (300,),
    "max_detections": (7,),
    "iou_threshold": (0.625, 0.0),
    "stroke_width": (3,),
    "count_inference": (False, True),
    "service_secret": ("secret-of-the-test",),
    "disable_preproc_auto_orientation": (True, False),
    "disable_preproc_contrast": (True, False),
    "disable_preproc_grayscale": (True, False),
    "disable_preproc_static_crop": (True, False),
    "class_agnostic_nms": (True, False),
    "class_filter": (["bolt", "nut"], []),
    "fix_batch_size": (True, False),
    "visualize_predictions": (True,),
    "visualize_labels": (True, False),
    "include_anomaly_map": (True, False),
    "disable_active_learning": (True,),
    "active_learning_target_dataset": ("other-project",),
    "source": ("a source",),
    "source_info": ("ä & b = c",),
}

_ROUTES: dict[str, tuple[Any, str]] = {
    "v0": ("v0", "detector/1"),
    "boxes": ("v1", "detector/1"),
    "instances": ("v1", "instances/1"),
    "keypoints": ("v1", "keypoints/1"),
    "classes": ("v1", "classes/1"),
}


def _infer(case_id: str, route: str, settings: dict[str, Any], **others: Any) -> Case:
    mode, model = _ROUTES[route]
    keywords = {"inference_input": given("path", "small.png"), "model_id": model}
    configuration = {"max_concurrent_requests": 1, **settings}
    return single(case_id, "infer", keywords, mode=mode, configuration=configuration, **others)


def _alone() -> list[Case]:
    return [
        _infer(f"setting/{route}/{name}/{value}", route, {name: value})
        for route in _ROUTES
        for name, values in _VALUES.items()
        for value in values
    ]


def _pairs() -> list[Case]:
    """Every pair of settings on every route; half of them through each shell, so that the run stays short."""
    return [
        _infer(
            f"settings/{route}/{first}+{second}",
            route,
            {first: _VALUES[first][0], second: _VALUES[second][0]},
            shell="sync" if number % 2 else "async",
        )
        for route in _ROUTES
        for number, (first, second) in enumerate(combinations(_VALUES, 2))
    ]


def _everything() -> list[Case]:
    settings = {name: values[0] for name, values in _VALUES.items()}
    return [_infer(f"setting/{route}/everything", route, settings) for route in _ROUTES]


def _keys() -> list[Case]:
    cases: list[Case] = []
    for transport in (None, "legacy", "header", "both"):
        for key in (KEY, None):
            name = f"{transport}/{'key' if key else 'no_key'}"
            settings = {"api_key_transport": transport}
            cases += [_infer(f"key/{route}/{name}", route, settings, key=key) for route in ("v0", "boxes")]
            configuration = {"max_concurrent_requests": 1, **settings}
            for method, keywords in _CONTROL.items():
                cases.append(single(f"key/{method}/{name}", method, keywords, key=key, configuration=configuration))
    return cases


def _keys_of_the_environment() -> list[Case]:
    """A client without a key, where the environment has one."""
    environment = {"ROBOFLOW_API_KEY": "KEY-of-the-environment"}
    return [
        _infer(f"environment_key/{route}", route, {}, key=None, environment=environment) for route in ("v0", "boxes")
    ]


def _filtered() -> list[Case]:
    """Settings that v0 has no parameter for, where they change the answer."""
    none_left: dict[str, Any] = {"class_filter": ["nut"]}
    drawn: dict[str, Any] = {"visualize_predictions": True, "output_visualisation_format": "numpy"}
    return [
        _infer(f"made_up_for/{route}/{name}", route, settings)
        for route in ("v0", "boxes")
        for name, settings in {"class_filter": none_left, "visualize_predictions": drawn}.items()
    ]


_CONTROL: dict[str, dict[str, Any]] = {
    "get_server_info": {},
    "list_loaded_models": {},
    "get_model_description": {"model_id": "loadable/1"},
    "load_model": {"model_id": "loadable/1"},
    "unload_model": {"model_id": "loadable/1"},
    "unload_all_models": {},
}

_REFUSED: dict[str, Any] = {
    "api_key_transport": "cookie",
    "output_visualisation_format": "svg",
    "max_batch_size": 0,
    "confidence_threshold": "high",
    "iou_threshold": 3.0,
    "format": "xml",
}


def _refused() -> list[Case]:
    """Values that mean nothing; both are asked to make the configuration and, if they do, to use it."""
    keywords = {"inference_input": given("path", "small.png"), "model_id": "detector/1"}
    return [
        Case(f"refused/{name}", [Step("infer", keywords)], configuration={name: value})
        for name, value in _REFUSED.items()
    ]


CASES = [
    *both_shells([*_alone(), *_everything(), *_keys(), *_keys_of_the_environment(), *_filtered()]),
    *_pairs(),
    *_refused(),
]
