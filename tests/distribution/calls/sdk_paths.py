"""Programs written for inference-sdk, with this package's name in their imports."""

from typing import Any, assert_type

import inference_ext
from inference_ext import InferenceHTTPClient
from inference_ext.http import client as sdk_client
from inference_ext.http import entities, errors
from inference_ext.http.client import InferenceHTTPClient as ClientFromThere
from inference_ext.http.entities import (
    ApiKeyTransport,
    HTTPClientMode,
    InferenceConfiguration,
    ModelDescription,
    RegisteredModels,
    ServerInfo,
    VisualisationResponseFormat,
)
from inference_ext.http.errors import (
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


def the_same_client(made: ClientFromThere) -> None:
    assert_type(made, InferenceHTTPClient)
    assert_type(sdk_client.InferenceHTTPClient.init("http://localhost:9001", "K"), inference_ext.InferenceHTTPClient)


def the_same_settings(
    settings: InferenceConfiguration,
    transport: ApiKeyTransport,
    mode: HTTPClientMode,
    pictures: VisualisationResponseFormat,
    model: ModelDescription,
    models: RegisteredModels,
    info: ServerInfo,
) -> None:
    assert_type(settings, inference_ext.InferenceConfiguration)
    assert_type(transport, inference_ext.ApiKeyTransport)
    assert_type(mode, inference_ext.HTTPClientMode)
    assert_type(pictures, inference_ext.VisualisationResponseFormat)
    assert_type(model, inference_ext.ModelDescription)
    assert_type(models, inference_ext.RegisteredModels)
    assert_type(info, inference_ext.ServerInfo)
    assert_type(entities.InferenceConfiguration(api_key_transport="both"), InferenceConfiguration)


def the_same_errors() -> None:
    assert_type(APIKeyNotProvided("e"), inference_ext.APIKeyNotProvided)
    assert_type(EncodingError("e"), inference_ext.EncodingError)
    assert_type(FeatureDeprecatedError("e"), inference_ext.FeatureDeprecatedError)
    assert_type(HTTPCallErrorError("e", 500), inference_ext.HTTPCallErrorError)
    assert_type(HTTPClientError("e"), inference_ext.HTTPClientError)
    assert_type(HTTPServerConnectionError("e"), inference_ext.HTTPServerConnectionError)
    assert_type(InvalidInputFormatError("e"), inference_ext.InvalidInputFormatError)
    assert_type(InvalidModelIdentifier("e"), inference_ext.InvalidModelIdentifier)
    assert_type(InvalidParameterError("e"), inference_ext.InvalidParameterError)
    assert_type(InvalidURLImageInput("e"), inference_ext.InvalidURLImageInput)
    assert_type(ModelNotInitializedError("e"), inference_ext.ModelNotInitializedError)
    assert_type(ModelNotSelectedError("e"), inference_ext.ModelNotSelectedError)
    assert_type(ModelTaskTypeNotSupportedError("e"), inference_ext.ModelTaskTypeNotSupportedError)
    assert_type(URLAddressNotAllowedError("e"), inference_ext.URLAddressNotAllowedError)
    assert_type(WrongClientModeError("e"), inference_ext.WrongClientModeError)


def a_call(client: InferenceHTTPClient) -> None:
    try:
        info = client.get_server_info()
    except errors.HTTPCallErrorError as error:
        assert_type(error.status_code, int)
        assert_type(error.api_message, str | None)
        assert_type([one.block_id for one in error.blocks_errors], list[str | None])
    else:
        assert_type(info, entities.ServerInfo)
        assert_type(info.to_dict(), dict[str, Any])
