"""The client under the path it has in inference-sdk; import it from `inference_ext` in new code."""

from __future__ import annotations

from ..client import InferenceHTTPClient

__all__ = ["InferenceHTTPClient"]
