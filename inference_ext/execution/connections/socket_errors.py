"""What sockets raise, in words."""

from __future__ import annotations

__all__ = ["reason"]


def reason(error: OSError | UnicodeError) -> str:
    """Give the system's words for an error, which are never empty. `UnicodeError` is about host names."""
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__
