"""A typed client for the Roboflow Inference server: images in, predictions out.

    from inference_ext import InferenceHTTPClient

    client = InferenceHTTPClient("http://localhost:9001", api_key="...")
    result = client.detect_objects("street.jpg", model_id="my-project/1")

Names are imported when they are first used, so that importing the package loads neither OpenCV nor Pillow nor the
generated layer.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    """Version of the installed distribution."""

    from .client import InferenceHTTPClient as InferenceHTTPClient
    from .configuration import ApiKeyTransport as ApiKeyTransport
    from .configuration import HTTPClientMode as HTTPClientMode
    from .configuration import InferenceConfiguration as InferenceConfiguration
    from .configuration import VisualisationResponseFormat as VisualisationResponseFormat
    from .errors import APIKeyNotProvided as APIKeyNotProvided
    from .errors import ClientClosedError as ClientClosedError
    from .errors import EncodingError as EncodingError
    from .errors import FeatureDeprecatedError as FeatureDeprecatedError
    from .errors import HTTPCallErrorError as HTTPCallErrorError
    from .errors import HTTPClientError as HTTPClientError
    from .errors import HTTPServerConnectionError as HTTPServerConnectionError
    from .errors import InvalidInputFormatError as InvalidInputFormatError
    from .errors import InvalidModelIdentifier as InvalidModelIdentifier
    from .errors import InvalidParameterError as InvalidParameterError
    from .errors import InvalidResponseError as InvalidResponseError
    from .errors import InvalidURLImageInput as InvalidURLImageInput
    from .errors import MissingDependencyError as MissingDependencyError
    from .errors import ModelNotInitializedError as ModelNotInitializedError
    from .errors import ModelNotSelectedError as ModelNotSelectedError
    from .errors import ModelTaskTypeNotSupportedError as ModelTaskTypeNotSupportedError
    from .errors import RequestTimeoutError as RequestTimeoutError
    from .errors import ServerVersionError as ServerVersionError
    from .errors import URLAddressNotAllowedError as URLAddressNotAllowedError
    from .errors import WrongClientModeError as WrongClientModeError
    from .execution.progress import Progress as Progress
    from .images import ImageInput as ImageInput
    from .images import URLPolicy as URLPolicy
    from .operations.core_models.open_vocabulary import ExampleBox as ExampleBox
    from .operations.core_models.open_vocabulary import ExampleImage as ExampleImage
    from .operations.model_registry import ModelDescription as ModelDescription
    from .operations.model_registry import RegisteredModels as RegisteredModels
    from .operations.model_registry import ServerInfo as ServerInfo
    from .operations.server_description import CallAvailability as CallAvailability
    from .operations.server_description import ServerDescription as ServerDescription
    from .results.annotated_picture import AnnotatedPicture as AnnotatedPicture
    from .results.csv_table import ResultTable as ResultTable
    from .results.drawing import draw_result as draw_result
    from .results.label_score import LabelScore as LabelScore
    from .results.semantic_regions import SemanticRegion as SemanticRegion
    from .results.typed import AnomalyDetectionResult as AnomalyDetectionResult
    from .results.typed import ClassificationResult as ClassificationResult
    from .results.typed import InstanceSegmentationResult as InstanceSegmentationResult
    from .results.typed import KeypointDetectionResult as KeypointDetectionResult
    from .results.typed import MultiLabelClassificationResult as MultiLabelClassificationResult
    from .results.typed import ObjectDetectionResult as ObjectDetectionResult
    from .results.typed import SemanticSegmentationResult as SemanticSegmentationResult
    from .results.workflow_descriptions import WorkflowBlocks as WorkflowBlocks
    from .results.workflow_descriptions import WorkflowInterface as WorkflowInterface
    from .results.workflow_descriptions import WorkflowValidation as WorkflowValidation
    from .results.workflow_outputs import WorkflowOutputs as WorkflowOutputs
    from .workflow_block_errors import BlockTraceback as BlockTraceback
    from .workflow_block_errors import WorkflowBlockError as WorkflowBlockError

_NAMES_OF_MODULES = {
    ".client": ("InferenceHTTPClient",),
    ".configuration": (
        "ApiKeyTransport",
        "HTTPClientMode",
        "InferenceConfiguration",
        "VisualisationResponseFormat",
    ),
    ".errors": (
        "APIKeyNotProvided",
        "ClientClosedError",
        "EncodingError",
        "FeatureDeprecatedError",
        "HTTPCallErrorError",
        "HTTPClientError",
        "HTTPServerConnectionError",
        "InvalidInputFormatError",
        "InvalidModelIdentifier",
        "InvalidParameterError",
        "InvalidResponseError",
        "InvalidURLImageInput",
        "MissingDependencyError",
        "ModelNotInitializedError",
        "ModelNotSelectedError",
        "ModelTaskTypeNotSupportedError",
        "RequestTimeoutError",
        "ServerVersionError",
        "URLAddressNotAllowedError",
        "WrongClientModeError",
    ),
    ".execution.progress": ("Progress",),
    ".images": ("ImageInput", "URLPolicy"),
    ".operations.core_models.open_vocabulary": ("ExampleBox", "ExampleImage"),
    ".operations.model_registry": ("ModelDescription", "RegisteredModels", "ServerInfo"),
    ".operations.server_description": ("CallAvailability", "ServerDescription"),
    ".results.annotated_picture": ("AnnotatedPicture",),
    ".results.csv_table": ("ResultTable",),
    ".results.drawing": ("draw_result",),
    ".results.label_score": ("LabelScore",),
    ".results.semantic_regions": ("SemanticRegion",),
    ".results.typed": (
        "AnomalyDetectionResult",
        "ClassificationResult",
        "InstanceSegmentationResult",
        "KeypointDetectionResult",
        "MultiLabelClassificationResult",
        "ObjectDetectionResult",
        "SemanticSegmentationResult",
    ),
    ".results.workflow_descriptions": ("WorkflowBlocks", "WorkflowInterface", "WorkflowValidation"),
    ".results.workflow_outputs": ("WorkflowOutputs",),
    ".workflow_block_errors": ("BlockTraceback", "WorkflowBlockError"),
}
_MODULE_OF_NAME = {name: module for module, names in _NAMES_OF_MODULES.items() for name in names}

__all__ = [
    "APIKeyNotProvided",
    "AnnotatedPicture",
    "AnomalyDetectionResult",
    "ApiKeyTransport",
    "BlockTraceback",
    "CallAvailability",
    "ClassificationResult",
    "ClientClosedError",
    "EncodingError",
    "ExampleBox",
    "ExampleImage",
    "FeatureDeprecatedError",
    "HTTPCallErrorError",
    "HTTPClientError",
    "HTTPClientMode",
    "HTTPServerConnectionError",
    "ImageInput",
    "InferenceConfiguration",
    "InferenceHTTPClient",
    "InstanceSegmentationResult",
    "InvalidInputFormatError",
    "InvalidModelIdentifier",
    "InvalidParameterError",
    "InvalidResponseError",
    "InvalidURLImageInput",
    "KeypointDetectionResult",
    "LabelScore",
    "MissingDependencyError",
    "ModelDescription",
    "ModelNotInitializedError",
    "ModelNotSelectedError",
    "ModelTaskTypeNotSupportedError",
    "MultiLabelClassificationResult",
    "ObjectDetectionResult",
    "Progress",
    "RegisteredModels",
    "RequestTimeoutError",
    "ResultTable",
    "SemanticRegion",
    "SemanticSegmentationResult",
    "ServerDescription",
    "ServerInfo",
    "ServerVersionError",
    "URLAddressNotAllowedError",
    "URLPolicy",
    "VisualisationResponseFormat",
    "WorkflowBlockError",
    "WorkflowBlocks",
    "WorkflowInterface",
    "WorkflowOutputs",
    "WorkflowValidation",
    "WrongClientModeError",
    "draw_result",
]


if not TYPE_CHECKING:  # a type checker would take it for a promise that every name exists

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from .version import VERSION

            return VERSION
        module = _MODULE_OF_NAME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(module, __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
