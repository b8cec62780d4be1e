"""Libraries that an extra brings."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import MissingDependencyError

__all__ = ["import_extra"]


def import_extra(library: str, purpose: str) -> Any:
    """Import a library whose extra has its name.

    Args:
        library: Name of the library and of the extra.
        purpose: What needs it, for the message.

    Raises:
        MissingDependencyError: It is not installed, or what it needs is not.

    """
    try:
        return import_module(library)
    except ImportError as error:
        raise MissingDependencyError(
            f"{purpose} needs {library}, which cannot be imported ({error}): pip install 'inference-ext[{library}]'"
        ) from error
