"""What sockets raise, in words."""

from __future__ import annotations

__all__ = ["for_httpx", "reason"]


def reason(error: OSError | UnicodeError) -> str:
    """Give the system's words for an error, which are never empty. `UnicodeError` is about host names."""
    return (error.strerror if isinstance(error, OSError) and error.strerror else str(error)) or type(error).__name__


def for_httpx(error: OSError | UnicodeError, timeout: type[Exception], failure: type[Exception]) -> Exception:
    """Give the error that httpx knows for what a socket raised.

    Raise it where the other was caught: a context manager's frames would hold both, and they the request, until the
    garbage collector runs.
    """
    return timeout(str(error)) if isinstance(error, TimeoutError) else failure(reason(error))
