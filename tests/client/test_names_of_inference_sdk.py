"""Programs written for inference-sdk find its names here: the module paths, and a hint where something is not here."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest

import inference_ext
from inference_ext import InferenceHTTPClient

#: The public names of inference-sdk 1.8.3, by module; its own constants and helpers are not among them.
NAMES = {
    "http.client": ["InferenceHTTPClient"],
    "http.entities": [
        "ApiKeyTransport",
        "HTTPClientMode",
        "InferenceConfiguration",
        "ModelDescription",
        "RegisteredModels",
        "ServerInfo",
        "VisualisationResponseFormat",
    ],
    "http.errors": [
        "APIKeyNotProvided",
        "EncodingError",
        "FeatureDeprecatedError",
        "HTTPCallErrorError",
        "HTTPClientError",
        "HTTPServerConnectionError",
        "InvalidInputFormatError",
        "InvalidModelIdentifier",
        "InvalidParameterError",
        "InvalidURLImageInput",
        "ModelNotInitializedError",
        "ModelNotSelectedError",
        "ModelTaskTypeNotSupportedError",
        "URLAddressNotAllowedError",
        "WrongClientModeError",
    ],
}


@pytest.mark.parametrize("module", NAMES)
def test_a_module_has_its_names_and_they_are_those_of_the_package(module: str) -> None:
    found = importlib.import_module(f"inference_ext.{module}")
    assert sorted(found.__all__) == sorted(NAMES[module])
    for name in NAMES[module]:
        assert getattr(found, name) is getattr(inference_ext, name)


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("http", ["attrs", "cv2", "httpx", "inference_api", "numpy", "orjson", "PIL"]),
        ("http.errors", ["attrs", "cv2", "httpx", "inference_api", "numpy", "orjson", "PIL"]),
        ("http.entities", ["cv2", "httpx", "inference_api", "PIL"]),
        ("http.client", ["cv2", "PIL", "skimage"]),
    ],
)
def test_importing_a_module_loads_no_more_than_it_needs(module: str, unneeded: list[str]) -> None:
    code = f"import sys, inference_ext.{module}; print([name for name in {unneeded} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_webrtc_names_what_to_use_in_its_place(client: InferenceHTTPClient) -> None:
    untyped: Any = client
    with pytest.raises(AttributeError, match=r"start_inference_pipeline_with_workflow.*infer_on_stream"):
        _ = untyped.webrtc
    assert not hasattr(client, "webrtc")
    with pytest.raises(AttributeError, match="no attribute 'web_rtc'"):
        _ = untyped.web_rtc
