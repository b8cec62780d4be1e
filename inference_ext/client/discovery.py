"""What a server is and what can be called on it."""

from __future__ import annotations

from ..configuration import CallSettings
from ..operations.exchange import Steps
from ..operations.server_description import ServerDescription, ask_server
from ..version import VERSION
from .calls_of_server import availability_of_calls, newest_known_version
from .core import ClientCore

__all__ = ["Discovery"]


class Discovery(ClientCore):
    """Describe the server."""

    def describe(self) -> ServerDescription:
        """Ask the server who it is, which models it has loaded, and which calls of this client it serves.

        Sends three requests (`GET /info`, `/model/registry` and `/openapi.json`), whatever mode is selected. Calls
        that work in both modes are judged by the selected one. Where a server does not list its routes, its version
        tells what it serves.

        Returns:
            `ServerDescription`; `print` it for a readable form::

                description = client.describe()
                print(description)
                description.calls["sam3_concept_segment"].is_available

        Raises:
            HTTPCallErrorError: The server refuses to say who it is, or refuses the key.
            HTTPServerConnectionError: There was no complete answer.
            InvalidResponseError: It is no Roboflow Inference server.

        """
        return self._run(*self._description())

    async def describe_async(self) -> ServerDescription:
        """Describe the server under asyncio; see `describe`."""
        return await self._run_async(*self._description())

    def _description(self) -> tuple[Steps[ServerDescription], CallSettings]:
        settings = self._settings()
        return self._describe(settings), settings

    def _describe(self, settings: CallSettings) -> Steps[ServerDescription]:
        facts = yield from ask_server(self._credentials(settings))
        self._compatibility.remember(facts.info)
        return ServerDescription(
            url=self._construction.api_url,
            name=facts.info.name,
            version=facts.info.version,
            client_version=VERSION,
            newest_known_version=newest_known_version(),
            models=facts.models,
            calls=availability_of_calls(facts, settings.mode),
        )
