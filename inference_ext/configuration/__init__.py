"""What a call is made with: mode, model, settings, and how each setting is spelled on the wire."""

from .inference_configuration import ApiKeyTransport, InferenceConfiguration, VisualisationResponseFormat
from .mode import HTTPClientMode, mode_for_url
from .state import CallSettings, ClientState

__all__ = [
    "ApiKeyTransport",
    "CallSettings",
    "ClientState",
    "HTTPClientMode",
    "InferenceConfiguration",
    "VisualisationResponseFormat",
    "mode_for_url",
]
