"""Settings and descriptions under the path they have in inference-sdk; import them from `inference_ext` in new code."""

from __future__ import annotations

from ..configuration import ApiKeyTransport, HTTPClientMode, InferenceConfiguration, VisualisationResponseFormat
from ..operations.model_registry import ModelDescription, RegisteredModels, ServerInfo

__all__ = [
    "ApiKeyTransport",
    "HTTPClientMode",
    "InferenceConfiguration",
    "ModelDescription",
    "RegisteredModels",
    "ServerInfo",
    "VisualisationResponseFormat",
]
