"""The errors under the path they have in inference-sdk; they live in `inference_ext.errors`."""

from __future__ import annotations

from ..errors import (
    APIKeyNotProvided,
    EncodingError,
    FeatureDeprecatedError,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InvalidInputFormatError,
    InvalidModelIdentifier,
    InvalidParameterError,
    InvalidURLImageInput,
    ModelNotInitializedError,
    ModelNotSelectedError,
    ModelTaskTypeNotSupportedError,
    URLAddressNotAllowedError,
    WrongClientModeError,
)

__all__ = [
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
]
