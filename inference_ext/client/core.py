"""What every group of methods stands on: the client's state, its connections, and running a call."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import evolve, field, frozen

from ..configuration import (
    ApiKeyTransport,
    CallSettings,
    ClientState,
    HTTPClientMode,
    InferenceConfiguration,
    mode_for_url,
)
from ..configuration.credentials import Credentials, api_key_from_environment, checked_api_key
from ..configuration.discreet_init import discreet_init
from ..configuration.mode import normalise_api_url
from ..configuration.secret_text import SecretText
from ..errors import APIKeyNotProvided, ModelNotSelectedError
from ..execution.connections import Endpoint, GeneratedLayerClients, Pools, Transport
from ..execution.engine import Engine
from ..execution.image_download import download_image, pass_image_url
from ..execution.options import ExecutionOptions
from ..execution.progress import ProgressOption
from ..execution.retry_budget import RetryBudget
from ..forking import renew_after_fork
from ..images import Fetch, URLPolicy
from ..operations.core_models.core_model import CoreModelCall
from ..operations.exchange import Exchange, Steps, call
from ..operations.model_aliases import resolve_model_id
from ..operations.model_registry import ModelDescription
from ..version import VERSION
from .handing_over import is_handed_to_new_process
from .server_compatibility import ServerCompatibility

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
    api_key: SecretText | None
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

    @discreet_init
    def __init__(
        self,
        api_url: str,
        api_key: str | None = None,
        *,
        url_policy: URLPolicy | None = None,
        application: WSGIApplication | None = None,
    ) -> None:
        key = checked_api_key(api_key) or api_key_from_environment()
        self._construction = _Construction(
            api_url=normalise_api_url(api_url),
            api_key=key,
            url_policy=url_policy or URLPolicy.from_environment(),
            application=application,
        )
        self._state: ClientState = ClientState(mode_for_url(self._construction.api_url))
        self._lacks_key = False
        self._lacking_configuration: InferenceConfiguration | None = None
        self._open()

    def _open(self) -> None:
        construction = self._construction
        self._known_models = KnownModels()
        self._compatibility = ServerCompatibility(construction.api_url)
        self._pools = Pools(Endpoint(construction.api_url, f"inference-ext/{VERSION}", construction.application))
        self._transport = Transport(self._pools)
        self._retry_budget = RetryBudget()
        self._engine = Engine(self._transport, self._retry_budget)
        self._lock = threading.Lock()
        self._made_async_engine: AsyncEngine | None = None
        renew_after_fork(self, ClientCore._renew_in_fork)

    def _renew_in_fork(self) -> None:
        self._pools.abandon()
        self._state.renew_in_fork()
        self._open()

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
        """Pickle what makes the client: not its connections, and not its secrets.

        A pickle may lie in a queue, a cache or a file. Only to a process that is being started, as an argument of
        `multiprocessing.Process` or in `initargs` of a pool, are the API key and the service secret handed over.
        Elsewhere the unpickled client takes the key from the environment, as a new one does, and calls raise
        `APIKeyNotProvided` as long as a secret is missing.
        """
        construction, settings = self._construction, self._state.base
        lacks_key, lacks_secret = self._lacks_key, settings.configuration is self._lacking_configuration
        if not is_handed_to_new_process():
            lacks_key |= construction.api_key is not None
            lacks_secret |= settings.configuration.service_secret is not None
            construction = evolve(construction, api_key=None)
            settings = evolve(settings, configuration=evolve(settings.configuration, service_secret=None))
        return {
            "construction": construction,
            "settings": settings,
            "lacks_key": lacks_key,
            "lacks_service_secret": lacks_secret,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._construction = state["construction"]
        self._state = ClientState.of(state["settings"])
        self._lacks_key = state["lacks_key"]
        self._lacking_configuration = self._state.base.configuration if state["lacks_service_secret"] else None
        if self._lacks_key and (key := api_key_from_environment()):
            self._construction = evolve(self._construction, api_key=key)
            self._lacks_key = False
        self._open()

    def __copy__(self) -> Self:
        """Make a client with the same address, key and lasting settings, and connections of its own."""
        copy = type(self).__new__(type(self))
        copy._construction = self._construction
        copy._state = ClientState.of(self._state.base)
        copy._lacks_key = self._lacks_key
        copy._lacking_configuration = self._lacking_configuration
        copy._open()
        return copy

    def __deepcopy__(self, _: dict[int, Any]) -> Self:
        """Copy; see `__copy__`. What it has in common with the copy never changes."""
        return self.__copy__()

    # -- the generated layer

    @property
    def api(self) -> GeneratedClient:
        """The generated layer's client for every operation of the server, with this client's key.

        Use it with the modules of `inference_api.api`, blocking or under asyncio::

            from inference_api.api.server import get_info
            info = get_info.sync(client=client.api)

        It uses this client's connections and closes with it.
        It raises the errors of `inference_api.errors`; where there is no complete answer, this package's
        `HTTPServerConnectionError`. Nothing is repeated.
        """
        from ..generated_api import make_generated_client

        settings = self._settings()
        credentials = self._credentials(settings)
        timeout = settings.configuration.request_timeout
        clients = GeneratedLayerClients(self._pools, credentials.in_place(), credentials.in_headers(), timeout)
        return make_generated_client(self._construction.api_url, clients)

    # -- running a call

    def _run(self, steps: Steps[R], settings: CallSettings, progress: ProgressOption | None = None) -> R:
        return self._engine.run(steps, self._execution_options(settings, progress))

    @property
    def _async_engine(self) -> AsyncEngine:
        # Made when it is needed: it loads asyncio, which blocking calls do without.
        with self._lock:
            if self._made_async_engine is None:
                from ..execution.async_engine import AsyncEngine

                self._made_async_engine = AsyncEngine(self._transport, self._retry_budget)
            return self._made_async_engine

    async def _run_async(self, steps: Steps[R], settings: CallSettings, progress: ProgressOption | None = None) -> R:
        return await self._async_engine.run(steps, self._execution_options(settings, progress))

    def _execution_options(self, settings: CallSettings, progress: ProgressOption | None = None) -> ExecutionOptions:
        return ExecutionOptions.from_configuration(settings.configuration, self._construction.api_key, progress)

    def _credentials(self, settings: CallSettings) -> Credentials:
        transport = settings.configuration.api_key_transport or ApiKeyTransport.LEGACY
        return Credentials(self._construction.api_key, transport)

    def _checked_call(
        self, exchange: Exchange[R], *, route: str | None = None, options: Iterable[str] = ()
    ) -> Steps[R]:
        """Send one exchange, unless the server's version cannot serve it.

        Args:
            exchange: What is sent.
            route: Its method and path as the generated tables spell them, when the path begins with a name.
            options: Names on the wire of what the caller chose.

        """
        yield from self._compatibility.check(route or str(exchange.request), options)
        return (yield from call(exchange))

    def _core_model_call(self, settings: CallSettings) -> CoreModelCall:
        return CoreModelCall(settings, self._credentials(settings), self._fetch(settings), self._compatibility.check)

    def _fetch(self, settings: CallSettings) -> Fetch:
        passes = settings.configuration.image_url_handling == "pass_through"
        return partial(pass_image_url if passes else download_image, policy=self._construction.url_policy)

    def _settings(self, mode: HTTPClientMode | None = None) -> CallSettings:
        settings = self._state.snapshot()
        self._check_nothing_was_left_out(settings)
        return settings if mode is None else evolve(settings, mode=mode)

    def _check_nothing_was_left_out(self, settings: CallSettings) -> None:
        if self._lacks_key:
            raise APIKeyNotProvided(
                "this client was pickled, which leaves its API key out: set ROBOFLOW_API_KEY in this process, or hand "
                "the client over when the process starts (Process(args=...), Pool(initargs=...)), or make it here"
            )
        if self._lacking_configuration is not None and settings.configuration is self._lacking_configuration:
            raise APIKeyNotProvided(
                "this client was pickled, which leaves its service_secret out: configure the client here, or hand it "
                "over when the process starts (Process(args=...), Pool(initargs=...))"
            )

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
