"""From the shared options to a client."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .messages import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from ..client import InferenceHTTPClient

__all__ = ["DEFAULT_URL", "URL_VARIABLE", "open_client", "server_url"]

DEFAULT_URL = "http://localhost:9001"
URL_VARIABLE = "INFERENCE_SERVER_URL"
_LONGEST_KEY_FILE = 65536


def server_url(url: str | None) -> str:
    """Give the server's address: the option, the environment variable, or the default."""
    return url or os.environ.get(URL_VARIABLE) or DEFAULT_URL


def open_client(
    *,
    url: str | None = None,
    api_key_file: Path | None = None,
    embedded: bool = False,
    timeout: float | None = None,
    max_concurrent_requests: int = 8,
    confidence: float | Literal["best", "default"] | None = None,
    iou: float | None = None,
    classes: Sequence[str] | None = None,
) -> InferenceHTTPClient:
    """Make the client of a command; a failed input of a list is returned, not raised.

    Raises:
        WrongUsageError: Options contradict each other, or the key's file holds none.
        InvalidParameterError: The address, the key or a setting is not acceptable.
        MissingDependencyError: The embedded backend needs the extra `local`.

    """
    from ..client import InferenceHTTPClient
    from ..configuration import InferenceConfiguration

    if embedded and url is not None:
        raise WrongUsageError("--embedded and --url exclude each other: the embedded backend has no address")
    if embedded and api_key_file is not None:
        raise WrongUsageError("--embedded and --api-key-file exclude each other: the embedded backend takes no key")
    _keep_standard_error_to_ourselves()
    key = None if api_key_file is None else _read_key(api_key_file)
    client = InferenceHTTPClient.embedded() if embedded else InferenceHTTPClient(server_url(url), key)
    default = InferenceConfiguration()
    limit = default.total_timeout if timeout is None else timeout
    return client.configure(
        InferenceConfiguration(
            confidence_threshold=confidence,
            iou_threshold=iou,
            class_filter=classes or None,
            max_concurrent_requests=max_concurrent_requests,
            on_error="return",
            total_timeout=limit,
            request_timeout=default.request_timeout if timeout is None else timeout,
            connect_timeout=min(limit, default.connect_timeout),
        )
    )


def _read_key(file: Path) -> str:
    """Give the first line of a file; no message shows any of it."""
    named = "standard input" if str(file) == "-" else f"{str(file)!r}"
    try:
        if str(file) == "-":
            text = sys.stdin.readline(_LONGEST_KEY_FILE)
        else:
            with file.open(encoding="utf-8") as opened:
                text = opened.readline(_LONGEST_KEY_FILE)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise WrongUsageError(f"--api-key-file: {named} cannot be read: {reason}") from None
    if not text.strip():
        raise WrongUsageError(f"--api-key-file: the first line of {named} is empty; expected the API key")
    return text.strip()


def _keep_standard_error_to_ourselves() -> None:
    """Keep logs and the complaints of OpenCV's decoders from standing beside the one line an error has."""
    import logging

    logging.getLogger("inference_ext").addHandler(logging.NullHandler())
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
