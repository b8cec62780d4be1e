"""Calls whose routes newer servers have dropped: they work where the route still is, and say what to use elsewhere."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ...configuration import HTTPClientMode
from ...errors import (
    FeatureDeprecatedError,
    HTTPCallErrorError,
    HTTPClientError,
    ServerVersionError,
    WrongClientModeError,
)
from ..exchange import Steps

__all__ = ["RetiredFeature"]

#: Not there, there but not for POST, gone for good.
_GONE = (404, 405, 410)


@frozen
class RetiredFeature:
    """A feature that was removed from the server."""

    name: str
    """The client's method."""

    replacement: str
    """What to use now; a sentence."""

    def check_mode(self, mode: HTTPClientMode) -> None:
        """Refuse the hosted API, which has no such route.

        Raises:
            WrongClientModeError: The mode is v0.

        """
        if mode is not HTTPClientMode.V1:
            raise WrongClientModeError(
                f"{self.name} needs the v1 API of an old self-hosted server: use select_api_v1() or use_api_v1(). "
                f"{self.replacement}"
            )

    def explaining(self, steps: Steps[list[Any]]) -> Steps[list[Any]]:
        """Run steps; an answer or a version that says the route is gone becomes a `FeatureDeprecatedError`.

        It takes the place of the server's error, whether that is raised or stands in the list of results.
        """
        try:
            results = yield from steps
        except HTTPCallErrorError as error:
            failure = self._explained(error)
        except ServerVersionError as error:
            failure = self._gone(error)
        else:
            return [self._explained(result) if isinstance(result, HTTPCallErrorError) else result for result in results]
        raise failure

    def _explained(self, error: HTTPCallErrorError) -> HTTPClientError:
        notes: list[str] = list(getattr(error, "__notes__", ()))
        if error.status_code not in _GONE:
            # A server without the route may take its path for a model's id and fail in its own way.
            hint = f"Newer servers have no {self.name}. {self.replacement}"
            if hint not in notes:
                error.add_note(hint)
            return error
        return self._gone(error)

    def _gone(self, error: HTTPClientError) -> FeatureDeprecatedError:
        gone = FeatureDeprecatedError(f"{self.name}: this server does not have it ({error}). {self.replacement}")
        gone.input_index = error.input_index
        gone.finished_results = error.finished_results
        for note in getattr(error, "__notes__", ()):
            gone.add_note(note)
        gone.__cause__ = error
        return gone
