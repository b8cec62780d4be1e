"""The one module that knows the generated layer `inference_api`.

The typed results are subclasses of its models, and `client.api` is its client. Everything else in this package stays
unaware of how that layer is made, so that a change of generator ends here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inference_api import Client as GeneratedClient
from inference_api.models import (
    AnomalyDetectionResponse,
    ClassificationInferenceResponse,
    InstanceSegmentationInferenceResponse,
    KeypointsDetectionInferenceResponse,
    MultiLabelClassificationInferenceResponse,
    ObjectDetectionInferenceResponse,
    SemanticSegmentationInferenceResponse,
)

from .execution.transport import Pools

if TYPE_CHECKING:
    import httpx

__all__ = [
    "AnomalyDetectionResponse",
    "ClassificationInferenceResponse",
    "GeneratedClient",
    "InstanceSegmentationInferenceResponse",
    "KeypointsDetectionInferenceResponse",
    "MultiLabelClassificationInferenceResponse",
    "ObjectDetectionInferenceResponse",
    "SemanticSegmentationInferenceResponse",
    "make_generated_client",
]


def make_generated_client(base_url: str, pools: Pools) -> GeneratedClient:
    """Make the generated layer's client over kept-alive connections of ours."""
    return _PooledClient(base_url, pools)


class _PooledClient(GeneratedClient):
    """The generated client with connections that belong to the running event loop and carry the key."""

    def __init__(self, base_url: str, pools: Pools) -> None:
        super().__init__(base_url)
        self._pools = pools

    def get_httpx_client(self) -> httpx.Client:
        return self._pools.blocking_client()

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        return self._pools.async_client()
