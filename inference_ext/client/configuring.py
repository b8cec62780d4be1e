"""Choosing mode, model and settings, for good or for a block."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from ..configuration import HTTPClientMode, InferenceConfiguration
from .core import ClientCore

__all__ = ["Configuring"]


class Configuring(ClientCore):
    """Methods that change what calls are made with.

    `configure` and `select_*` hold until the next change, for everybody who shares the client, and can be chained.
    The `use_*` context managers hold inside their block, for the current thread or asyncio task only, and nest; the
    old value returns on exit, also after an exception. What is selected inside a block of the same kind ends with it.
    Tasks and `asyncio.to_thread` take a block's settings along; threads that are started in a block do not.
    """

    @property
    def inference_configuration(self) -> InferenceConfiguration:
        """The settings that hold here and now."""
        return self._state.snapshot().configuration

    @property
    def client_mode(self) -> HTTPClientMode:
        """The API mode that holds here and now."""
        return self._state.snapshot().mode

    @property
    def selected_model(self) -> str | None:
        """The model that calls without `model_id` use here and now."""
        return self._state.snapshot().model_id

    def configure(self, inference_configuration: InferenceConfiguration) -> Self:
        """Set the configuration until it is changed again.

        Raises:
            InvalidParameterError: It is not an `InferenceConfiguration`.

        """
        self._state.configure(inference_configuration)
        return self

    def select_api_v0(self) -> Self:
        """Use the v0 API (`POST /{project}/{version}`) until changed again."""
        self._state.select(mode=HTTPClientMode.V0)
        return self

    def select_api_v1(self) -> Self:
        """Use the v1 API (`POST /infer/{task}`) until changed again."""
        self._state.select(mode=HTTPClientMode.V1)
        return self

    def select_model(self, model_id: str) -> Self:
        """Set the model for calls without `model_id` until changed again.

        Raises:
            InvalidParameterError: It is not a non-empty text.

        """
        self._state.select(model_id=model_id)
        return self

    @contextmanager
    def use_configuration(self, inference_configuration: InferenceConfiguration) -> Generator[Self]:
        """Use a configuration inside the block.

        Raises:
            InvalidParameterError: It is not an `InferenceConfiguration`.

        """
        with self._state.use(configuration=inference_configuration):
            yield self

    @contextmanager
    def use_api_v0(self) -> Generator[Self]:
        """Use the v0 API inside the block."""
        with self._state.use(mode=HTTPClientMode.V0):
            yield self

    @contextmanager
    def use_api_v1(self) -> Generator[Self]:
        """Use the v1 API inside the block."""
        with self._state.use(mode=HTTPClientMode.V1):
            yield self

    @contextmanager
    def use_model(self, model_id: str) -> Generator[Self]:
        """Use a model inside the block.

        Raises:
            InvalidParameterError: It is not a non-empty text.

        """
        with self._state.use(model_id=model_id):
            yield self
