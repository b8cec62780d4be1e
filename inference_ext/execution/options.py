"""How the requests of one call are sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

from attrs import field, frozen

from ..configuration import InferenceConfiguration
from .connections import TransportLimits
from .meter import NO_METER, Meter, view_for
from .progress import ProgressOption, ProgressView
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

    make_view: Callable[[], ProgressView] | None = None
    """Makes what shows the progress of the call."""

    @classmethod
    def from_configuration(
        cls, configuration: InferenceConfiguration, api_key: str | None, progress: ProgressOption | None = None
    ) -> ExecutionOptions:
        """Take what sending needs out of a call's configuration.

        Args:
            configuration: The call's.
            api_key: The client's.
            progress: In place of the configuration's `show_progress`.

        Raises:
            InvalidParameterError: `progress` is no truth value and no function.
            MissingDependencyError: A progress bar is asked for, and its library is not installed.

        """
        return cls(
            limits=TransportLimits(configuration.connect_timeout, configuration.request_timeout),
            total_timeout=configuration.total_timeout,
            max_retries=configuration.max_retries,
            window=configuration.max_concurrent_requests,
            on_error=configuration.on_error,
            secrets=Secrets([api_key or "", configuration.service_secret or ""]),
            make_view=view_for(configuration.show_progress if progress is None else progress),
        )

    def meter(self, total: int | None) -> AbstractContextManager[Meter | None]:
        """Give the meter of a call about so many inputs; nothing when nobody wants to know."""
        return NO_METER if self.make_view is None else Meter(self.make_view(), total)
