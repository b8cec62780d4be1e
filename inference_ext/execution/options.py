"""How the requests of one call are sent."""

from __future__ import annotations

from typing import Literal

from attrs import field, frozen

from ..configuration import InferenceConfiguration
from .connections import TransportLimits
from .redaction import Secrets

__all__ = ["ExecutionOptions"]


@frozen
class ExecutionOptions:
    """How the requests of one call are sent."""

    limits: TransportLimits
    total_timeout: float
    max_retries: int
    window: int
    on_error: Literal["raise", "return"]
    secrets: Secrets = field(factory=Secrets)
    """Texts that must not appear in any message."""

    @classmethod
    def from_configuration(cls, configuration: InferenceConfiguration, api_key: str | None) -> ExecutionOptions:
        """Take what sending needs out of a call's configuration."""
        return cls(
            limits=TransportLimits(configuration.connect_timeout, configuration.request_timeout),
            total_timeout=configuration.total_timeout,
            max_retries=configuration.max_retries,
            window=configuration.max_concurrent_requests,
            on_error=configuration.on_error,
            secrets=Secrets([api_key or "", configuration.service_secret or ""]),
        )
