"""Pillow's many kinds of failure as the one that callers of this package know."""

from __future__ import annotations

import struct
from collections.abc import Generator
from contextlib import contextmanager

from ..errors import InvalidInputFormatError

__all__ = ["pillow_failures"]

#: What its readers let through about files that are broken. Warnings are exceptions where the caller made them so.
_FAILURES = (OSError, SyntaxError, ValueError, ArithmeticError, EOFError, LookupError, TypeError, struct.error, Warning)


@contextmanager
def pillow_failures(origin: str) -> Generator[None]:
    """Turn what Pillow raises within the block into an error that names the input.

    Raises:
        InvalidInputFormatError: The input cannot be decoded.

    """
    from PIL.Image import DecompressionBombError

    try:
        yield
    except InvalidInputFormatError:
        raise
    except MemoryError as error:
        raise InvalidInputFormatError(f"{origin} cannot be decoded: there is not enough memory for it") from error
    except (*_FAILURES, DecompressionBombError) as error:
        raise InvalidInputFormatError(f"{origin} cannot be decoded: {error}; write it anew as JPEG or PNG") from error
