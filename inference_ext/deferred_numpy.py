"""numpy, imported when something of it is first used.

It is a third of the time that importing this package takes, and a call about an image file does not need it.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

__all__ = ["np"]


class _Deferred(ModuleType):
    """Stands for a module and hands on what is asked of it."""

    def __getattr__(self, name: str) -> Any:
        value = getattr(import_module(self.__name__), name)
        setattr(self, name, value)
        return value


np: ModuleType = _Deferred("numpy")
