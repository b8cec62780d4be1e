"""What every group of methods stands on: the client's state, its connections, and running a call."""

from __future__ import annotations

import os
import threading
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import evolve, field, frozen

from ..configuration import ApiKeyTransport, CallSettings, ClientState, HTTPClientMode, mode_for_url
from ..configuration.credentials import Credentials
from ..configuration.mode import normalise_api_url
from ..errors import APIKeyNotProvided, InvalidParameterError, ModelNotSelectedError
from ..execution.connections import Endpoint, Pools, Transport
from ..execution.engine import Engine
from ..execution.image_download import download_image, pass_image_url
from ..execution.options import ExecutionOptions
from ..images import Fetch, URLPolicy
from ..operations.core_models.core_model import CoreModelCall
from ..operations.exchange import Steps
from ..operations.model_aliases import resolve_model_id
from ..operations.model_registry import ModelDescription
from ..version import VERSION

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from ..execution.async_engine import AsyncEngine
    from ..generated_api import GeneratedClient

__all__ = ["ClientCore"]

R = TypeVar("R")


@frozen
class _Construction:
    """The constructor's arguments, from which a pickled client is made again."""

    api_url: str
    api_key: str | None = field(repr=False)
    url_policy: URLPolicy
    application: WSGIApplication | None = field(repr=False)


class KnownModels:
    """Descriptions of models fetched before, so that a call need not ask again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[str, ModelDescription] = {}

    def find(self, model_id: str) -> ModelDescription | None:
        """Give the description of a model, `None` when it was not fetched yet."""
        with self._lock:
            return self._models.get(model_id)

    def remember(self, model: ModelDescription) -> None:
        """Keep a description."""
        with self._lock:
            self._models[model.model_id] = model

    def forget(self, model_id: str) -> None:
        """Drop one description (the model was unloaded)."""
        with self._lock:
            self._models.pop(model_id, None)

    def forget_all(self) -> None:
        """Drop all descriptions."""
        with self._lock:
            self._models.clear()


class ClientCore:
    """State and connections of a client; its public methods are in the groups that build on it."""

    def __init__(
        self,
        api_url: str,
        api_key: str | None = None,
        *,
        url_policy: URLPolicy | None = None,
        application: WSGIApplication | None = None,
    ) -> None:
        if api_key is not None and not isinstance(api_key, str):
            raise InvalidParameterError(f"api_key: expected text or None, got {type(api_key).__name__}")
        key = api_key or os.environ.get("ROBOFLOW_API_KEY") or os.environ.get("API_KEY") or None
        self._set_up(
            _Construction(
                api_url=normalise_api_url(api_url),
                api_key=key,
                url_policy=url_policy or URLPolicy.from_environment(),
                application=application,
            )
        )

    def _set_up(self, construction: _Construction) -> None:
        self._construction = construction
        self._state: ClientState = ClientState(mode_for_url(construction.api_url))
        self._known_models = KnownModels()
        self._pools = Pools(Endpoint(construction.api_url, f"inference-ext/{VERSION}", construction.application))
        transport = Transport(self._pools)
        self._engine = Engine(transport)
        self._transport = transport
        self._lock = threading.Lock()
        self._made_async_engine: AsyncEngine | None = None

    # -- the end, copies, appearance

    def close(self) -> None:
        """Close the connections; further calls raise `HTTPServerConnectionError`.

        Connections opened under a running event loop are closed by `aclose`, or when that loop ends.
        """
        self._pools.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop and those of blocking calls."""
        await self._pools.aclose()

    def __enter__(self) -> Self:
        """Give the client itself; leaving the block closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client."""
        self.close()

    async def __aenter__(self) -> Self:
        """Give the client itself; leaving the block closes it."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the client."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show address, mode and model, never the key."""
        settings = self._state.snapshot()
        return (
            f"{type(self).__name__}({self._construction.api_url!r}, mode={settings.mode.value!r}, "
            f"model={settings.model_id!r})"
        )

    def __getstate__(self) -> dict[str, Any]:
        """Pickle what makes the client, not its connections. The API key is part of it."""
        return {"construction": self._construction, "state": self._state}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._set_up(state["construction"])
        self._state = state["state"]

    # -- the generated layer

    @property
    def api(self) -> GeneratedClient:
        """The generated layer's client for every operation of the server, with this client's key.

        Use it with the modules of `inference_api.api`, blocking or under asyncio::

            from inference_api.api.server import get_info
            info = get_info.sync(client=client.api)

        It uses this client's connections and closes with it.
        It raises the errors of `inference_api.errors` and of httpx, not those of this package.
        """
        from ..generated_api import make_generated_client

        settings = self._state.snapshot()
        credentials = self._credentials(settings)
        clients = self._pools.generated(
            credentials.in_place(), credentials.in_headers(), settings.configuration.request_timeout
        )
        return make_generated_client(self._construction.api_url, clients)

    # -- running a call

    def _run(self, steps: Steps[R], settings: CallSettings) -> R:
        return self._engine.run(steps, self._execution_options(settings))

    @property
    def _async_engine(self) -> AsyncEngine:
        # Made when it is needed: it loads asyncio, which blocking calls do without.
        with self._lock:
            if self._made_async_engine is None:
                from ..execution.async_engine import AsyncEngine

                self._made_async_engine = AsyncEngine(self._transport)
            return self._made_async_engine

    async def _run_async(self, steps: Steps[R], settings: CallSettings) -> R:
        return await self._async_engine.run(steps, self._execution_options(settings))

    def _execution_options(self, settings: CallSettings) -> ExecutionOptions:
        return ExecutionOptions.from_configuration(settings.configuration, self._construction.api_key)

    def _credentials(self, settings: CallSettings) -> Credentials:
        transport = settings.configuration.api_key_transport or ApiKeyTransport.LEGACY
        return Credentials(self._construction.api_key, transport)

    def _core_model_call(self, settings: CallSettings) -> CoreModelCall:
        return CoreModelCall(settings, self._credentials(settings), self._fetch(settings))

    def _fetch(self, settings: CallSettings) -> Fetch:
        passes = settings.configuration.image_url_handling == "pass_through"
        return partial(pass_image_url if passes else download_image, policy=self._construction.url_policy)

    def _settings(self, mode: HTTPClientMode | None = None) -> CallSettings:
        settings = self._state.snapshot()
        return settings if mode is None else evolve(settings, mode=mode)

    @staticmethod
    def _chosen_model(model_id: str | None, settings: CallSettings) -> str:
        from ..configuration.state import checked_model_id

        chosen = settings.model_id if model_id is None else checked_model_id(model_id)
        if chosen is None:
            raise ModelNotSelectedError(
                "no model: pass model_id='project/1' to the call, or select one with select_model or use_model"
            )
        return resolve_model_id(chosen)

    def _check_key_for_hosted_api(self) -> None:
        construction = self._construction
        if construction.api_key is None and mode_for_url(construction.api_url) is HTTPClientMode.V0:
            raise APIKeyNotProvided("the hosted API needs a key: pass api_key to the client, or set ROBOFLOW_API_KEY")
