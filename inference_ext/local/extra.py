"""The packages of the extra `local`."""

from __future__ import annotations

from inference_ext.errors import MissingDependencyError


def missing_extra(package: str) -> MissingDependencyError:
    """The error for a package of the extra that is not installed."""
    return MissingDependencyError(
        f"The embedded backend needs {package}. Install it with: pip install 'inference-ext[local]'"
    )
