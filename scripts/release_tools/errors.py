"""What stops a release."""

from __future__ import annotations

from schema_tools.errors import SchemaError

__all__ = ["ReleaseError"]


class ReleaseError(SchemaError):
    """The tree is not releasable, or what was built is not what it should be.

    The message names the file, what was expected, and what to do.
    """
