"""Asking and telling the server which models it has loaded (v1 only)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..configuration import CallSettings, HTTPClientMode
from ..configuration.credentials import Credentials
from ..configuration.state import checked_model_id
from ..errors import WrongClientModeError
from ..operations.exchange import Steps, call
from ..operations.model_aliases import resolve_model_id
from ..operations.model_registry import (
    ModelDescription,
    RegisteredModels,
    ServerInfo,
    add_model,
    clear_models,
    describe_model,
    get_server_info,
    list_models,
    remove_model,
)
from .core import ClientCore

__all__ = ["ServerControl"]

R = TypeVar("R")


class ServerControl(ClientCore):
    """Server information and the model registry.

    The registry's methods need the v1 mode: the hosted API has no such routes. All of them raise
    `WrongClientModeError` in v0, `HTTPCallErrorError` for an error status and `HTTPServerConnectionError` when there is
    no complete answer.
    """

    def get_server_info(self) -> ServerInfo:
        """Ask the server for its name, version and identity. No key is sent."""
        return self._run(call(get_server_info()), self._settings())

    async def get_server_info_async(self) -> ServerInfo:
        """Ask the server about itself under asyncio; see `get_server_info`."""
        return await self._run_async(call(get_server_info()), self._settings())

    def list_loaded_models(self) -> RegisteredModels:
        """List the models the server has loaded."""
        return self._run(*self._control(lambda key: self._checked_call(list_models(key))))

    async def list_loaded_models_async(self) -> RegisteredModels:
        """List the loaded models under asyncio; see `list_loaded_models`."""
        return await self._run_async(*self._control(lambda key: self._checked_call(list_models(key))))

    def get_model_description(self, model_id: str, allow_loading: bool = True) -> ModelDescription:
        """Describe one model: its task and input size.

        Args:
            model_id: `project/version`.
            allow_loading: Load the model when the server has not.

        Raises:
            ModelNotInitializedError: The server does not list the model.

        """
        return self._run(*self._describing(model_id, allow_loading))

    async def get_model_description_async(self, model_id: str, allow_loading: bool = True) -> ModelDescription:
        """Describe one model under asyncio; see `get_model_description`."""
        return await self._run_async(*self._describing(model_id, allow_loading))

    def load_model(self, model_id: str, set_as_default: bool = False) -> RegisteredModels:
        """Load a model on the server.

        Args:
            model_id: `project/version`.
            set_as_default: After success, select the model for calls without `model_id`.

        Returns:
            All models that are loaded now.

        """
        return self._run(*self._loading(model_id, set_as_default))

    async def load_model_async(self, model_id: str, set_as_default: bool = False) -> RegisteredModels:
        """Load a model under asyncio; see `load_model`."""
        return await self._run_async(*self._loading(model_id, set_as_default))

    def unload_model(self, model_id: str) -> RegisteredModels:
        """Unload a model; if it is the selected one, no model is selected afterwards.

        A model that is not loaded is no error.

        Returns:
            The models that are still loaded.

        """
        return self._run(*self._unloading(model_id))

    async def unload_model_async(self, model_id: str) -> RegisteredModels:
        """Unload a model under asyncio; see `unload_model`."""
        return await self._run_async(*self._unloading(model_id))

    def unload_all_models(self) -> RegisteredModels:
        """Unload every model; no model is selected afterwards.

        Servers with `DISK_CACHE_CLEANUP` on (their default) also delete the models' files.

        Returns:
            The models that are still loaded, normally none.

        """
        return self._run(*self._control(self._clearing_steps))

    async def unload_all_models_async(self) -> RegisteredModels:
        """Unload every model under asyncio; see `unload_all_models`."""
        return await self._run_async(*self._control(self._clearing_steps))

    # -- the steps, shared by both shells

    def _control(self, steps: Callable[[Credentials], Steps[R]]) -> tuple[Steps[R], CallSettings]:
        settings = self._settings()
        if settings.mode is not HTTPClientMode.V1:
            raise WrongClientModeError(
                "the model registry exists in the v1 API only: use select_api_v1() or use_api_v1() on a "
                "self-hosted server"
            )
        return steps(self._credentials(settings)), settings

    def _describing(self, model_id: str, allow_loading: bool) -> tuple[Steps[ModelDescription], CallSettings]:
        model_id = resolve_model_id(checked_model_id(model_id))

        def steps(key: Credentials) -> Steps[ModelDescription]:
            model = yield from describe_model(key, model_id, allow_loading=allow_loading)
            self._known_models.remember(model)
            return model

        return self._control(steps)

    def _loading(self, model_id: str, set_as_default: bool) -> tuple[Steps[RegisteredModels], CallSettings]:
        loaded = resolve_model_id(checked_model_id(model_id))

        def steps(key: Credentials) -> Steps[RegisteredModels]:
            models = yield from self._checked_call(add_model(key, loaded))
            self._known_models.forget(loaded)
            if set_as_default:
                self._state.select(model_id=model_id)
            return models

        return self._control(steps)

    def _unloading(self, model_id: str) -> tuple[Steps[RegisteredModels], CallSettings]:
        unloaded = resolve_model_id(checked_model_id(model_id))

        def steps(key: Credentials) -> Steps[RegisteredModels]:
            models = yield from self._checked_call(remove_model(key, unloaded))
            self._known_models.forget(unloaded)
            # It may have been selected by its short name or by its id.
            self._state.forget_model(lambda selected: resolve_model_id(selected) == unloaded)
            return models

        return self._control(steps)

    def _clearing_steps(self, key: Credentials) -> Steps[RegisteredModels]:
        models = yield from self._checked_call(clear_models(key))
        self._known_models.forget_all()
        self._state.forget_any_model()
        return models
