"""The settings a client holds, and the frozen copy one call works with.

Settings live in two places. The base is shared by everybody who holds the client and changed by `configure`,
`select_model`, `select_api_v0` and `select_api_v1` under a lock. Over it lies an overlay in a `ContextVar`, changed
by the `use_*` context managers: every thread and every asyncio task sees its own. A setting that is selected inside a
block of its own kind is changed in the overlay: it holds at once, and ends with the block. A call takes one snapshot at
its start and never looks again, so a change elsewhere cannot reach into a running call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import MappingProxyType
from typing import Any, Self

from attrs import evolve, frozen

from ..errors import InvalidParameterError
from .inference_configuration import InferenceConfiguration
from .mode import HTTPClientMode

__all__ = ["CallSettings", "ClientState"]


@frozen
class CallSettings:
    """What one call works with; a snapshot of the client's state."""

    mode: HTTPClientMode
    model_id: str | None
    configuration: InferenceConfiguration


class ClientState:
    """Base settings plus the overlay of the current thread or task."""

    def __init__(self, mode: HTTPClientMode) -> None:
        self._lock = threading.Lock()
        self._base = CallSettings(mode=mode, model_id=None, configuration=InferenceConfiguration())
        # One variable per client: the overlay of one client must not show through in another.
        self._overlay: ContextVar[Mapping[str, Any]] = ContextVar("inference_ext_overlay", default=MappingProxyType({}))

    @classmethod
    def of(cls, base: CallSettings) -> Self:
        """Make the state of a client with these lasting settings."""
        state = cls(base.mode)
        state._base = base
        return state

    @property
    def base(self) -> CallSettings:
        """The lasting settings: an overlay belongs to the context that opened it."""
        return self._base

    def renew_in_fork(self) -> None:
        """Make the lock anew in a forked process."""
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[Callable[[CallSettings], ClientState], tuple[CallSettings]]:
        """Pickle the base alone."""
        return ClientState.of, (self._base,)

    def snapshot(self) -> CallSettings:
        """Give the settings that hold here and now."""
        return evolve(self._base, **self._overlay.get())

    def select(self, *, mode: HTTPClientMode | None = None, model_id: str | None = None) -> None:
        """Change settings until they are changed again, or until the block ends that has set them."""
        changes: dict[str, Any] = {}
        if mode is not None:
            changes["mode"] = mode
        if model_id is not None:
            changes["model_id"] = checked_model_id(model_id)
        self._change(changes)

    def configure(self, configuration: InferenceConfiguration) -> None:
        """Change the configuration until it is changed again, or until the block ends that has set it."""
        self._change({"configuration": checked_configuration(configuration)})

    def _change(self, changes: Mapping[str, Any]) -> None:
        overlay = self._overlay.get()
        here = {name: value for name, value in changes.items() if name in overlay}
        if here:
            self._overlay.set({**overlay, **here})
        everywhere = {name: value for name, value in changes.items() if name not in overlay}
        with self._lock:
            self._base = evolve(self._base, **everywhere)

    def forget_model(self, is_gone: Callable[[str], bool]) -> None:
        """Drop the selected model if this holds of it (it was unloaded)."""
        used = self._overlay.get().get("model_id")
        if used is not None and is_gone(used):
            self._overlay.set({**self._overlay.get(), "model_id": None})
        with self._lock:
            if self._base.model_id is not None and is_gone(self._base.model_id):
                self._base = evolve(self._base, model_id=None)

    def forget_any_model(self) -> None:
        """Drop the selected model (all were unloaded)."""
        self.forget_model(lambda _: True)

    @contextmanager
    def use(
        self,
        *,
        mode: HTTPClientMode | None = None,
        model_id: str | None = None,
        configuration: InferenceConfiguration | None = None,
    ) -> Generator[None]:
        """Lay settings over the base for the current thread or task until the block is left."""
        changes: dict[str, Any] = {}
        if mode is not None:
            changes["mode"] = mode
        if model_id is not None:
            changes["model_id"] = checked_model_id(model_id)
        if configuration is not None:
            changes["configuration"] = checked_configuration(configuration)
        token = self._overlay.set({**self._overlay.get(), **changes})
        try:
            yield
        finally:
            self._leave(token, changes)

    def _leave(self, token: Token[Mapping[str, Any]], changes: Mapping[str, Any]) -> None:
        """Give the settings of a block back the values they had before it; others keep what was selected inside."""
        inside = self._overlay.get()
        try:
            self._overlay.reset(token)
        except ValueError:
            # A generator may be closed in another context than it was opened in. The overlay of that context is
            # not ours to change, and the one of the first cannot be reached from there.
            return
        before = self._overlay.get()
        others = {name: value for name, value in inside.items() if name not in changes}
        after = others | {name: before[name] for name in changes if name in before}
        if after != before:
            self._overlay.set(after)


def checked_model_id(model_id: object) -> str:
    """Check a model id before anything is sent with it.

    Raises:
        InvalidParameterError: It is not a non-empty text.

    """
    if not isinstance(model_id, str) or not model_id.strip():
        raise InvalidParameterError(f"model_id: expected text such as 'project/1', got {model_id!r}")
    return model_id


def checked_configuration(configuration: object) -> InferenceConfiguration:
    """Check that a configuration is one.

    Raises:
        InvalidParameterError: It is something else.

    """
    if not isinstance(configuration, InferenceConfiguration):
        raise InvalidParameterError(
            f"inference_configuration: expected an InferenceConfiguration, got {type(configuration).__name__}"
        )
    return configuration
