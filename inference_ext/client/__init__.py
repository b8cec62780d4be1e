"""The front door: one client class, its methods grouped by capability, each blocking and under asyncio."""

from .inference_http_client import InferenceHTTPClient

__all__ = ["InferenceHTTPClient"]
