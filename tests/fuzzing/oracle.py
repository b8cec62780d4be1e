"""What may come out of anything: a result or an error of this package, soon and in little memory."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager

from inference_ext.errors import HTTPCallErrorError, HTTPClientError

__all__ = ["KEY", "check_error", "only_our_errors"]

KEY = "SECRET-KEY-0123456789"
"""The client's key in all targets; it must not appear in any error."""

#: The description, the server's words, the address of an explanation, the request's id.
_LONGEST_ERROR = 4_000


@contextmanager
def only_our_errors() -> Generator[None]:
    """Let an error of this package pass for an outcome, when it is one a person can read. Others go through."""
    with warnings.catch_warnings():
        # Pillow warns about strange files; whoever turns warnings into errors asked for them.
        warnings.simplefilter("ignore")
        try:
            yield
        except HTTPClientError as error:
            check_error(error)


def check_error(error: HTTPClientError) -> None:
    """Check that an error's text is short, on one line and without the key."""
    text = str(error)
    assert text
    assert KEY not in "".join([text, repr(error), *getattr(error, "__notes__", ())])
    if isinstance(error, HTTPCallErrorError):
        assert len(text) <= _LONGEST_ERROR
        assert text.isprintable()
        assert error.retry_after is None or error.retry_after >= 0
