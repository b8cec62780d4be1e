"""The one module that knows the generated layer `inference_api`.

The typed results are subclasses of its models, and `client.api` is its client. Everything else in this package stays
unaware of how that layer is made, so that a change of generator ends here.
"""

from __future__ import annotations

from typing import Any, Protocol

from inference_api import Client as GeneratedClient
from inference_api.availability import OPERATIONS, PARAMETERS, VERSIONS, Availability
from inference_api.models import (
    AnomalyDetectionResponse,
    ClassificationInferenceResponse,
    DescribeInterfaceResponse,
    InstanceSegmentationInferenceResponse,
    KeypointsDetectionInferenceResponse,
    MultiLabelClassificationInferenceResponse,
    ObjectDetectionInferenceResponse,
    SemanticSegmentationInferenceResponse,
    WorkflowsBlocksDescription,
    WorkflowValidationStatus,
)

__all__ = [
    "OPERATIONS",
    "PARAMETERS",
    "VERSIONS",
    "AnomalyDetectionResponse",
    "Availability",
    "ClassificationInferenceResponse",
    "DescribeInterfaceResponse",
    "GeneratedClient",
    "InstanceSegmentationInferenceResponse",
    "KeypointsDetectionInferenceResponse",
    "MultiLabelClassificationInferenceResponse",
    "ObjectDetectionInferenceResponse",
    "SemanticSegmentationInferenceResponse",
    "WorkflowValidationStatus",
    "WorkflowsBlocksDescription",
    "make_generated_client",
]


class ConnectionPools(Protocol):
    """Gives the httpx clients for the server: one for blocking calls, one for each event loop."""

    def blocking_client(self) -> Any:
        """Give the `httpx.Client` of blocking calls."""

    def async_client(self) -> Any:
        """Give the `httpx.AsyncClient` of the running event loop."""


def make_generated_client(base_url: str, pools: ConnectionPools) -> GeneratedClient:
    """Make the generated layer's client over kept-alive connections of ours."""
    return _PooledClient(base_url, pools)


class _PooledClient(GeneratedClient):
    """The generated client with connections that belong to the running event loop and carry the key."""

    def __init__(self, base_url: str, pools: ConnectionPools) -> None:
        super().__init__(base_url)
        self._pools = pools

    def get_httpx_client(self) -> Any:
        return self._pools.blocking_client()

    def get_async_httpx_client(self) -> Any:
        return self._pools.async_client()
