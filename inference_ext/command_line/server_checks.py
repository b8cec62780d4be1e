"""What the doctor asks the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    MissingDependencyError,
    RequestTimeoutError,
)
from ..json_types import is_array
from .environment_checks import version_key
from .findings import Finding, ok, problem, warning

if TYPE_CHECKING:
    from ..client import InferenceHTTPClient
    from ..operations.server_description import ServerDescription

__all__ = ["check_model", "check_server"]

_MOST_NAMES = 5


def check_server(client: InferenceHTTPClient, *, is_embedded: bool) -> Iterator[Finding]:
    """Ask the server who it is and what it serves."""
    try:
        description = client.describe()
    except HTTPClientError as error:
        yield problem("server", str(error), _advice(error))
        return
    place = "in this process" if is_embedded else f"at {description.url}"
    yield ok("server", f"{description.name} {description.version} {place}")
    yield _compared(description, is_embedded=is_embedded)
    if description.models is not None:
        yield ok("loaded models", ", ".join(model.model_id for model in description.models) or "none")


def _compared(description: ServerDescription, *, is_embedded: bool) -> Finding:
    versions = f"{description.version}; this client was made for {description.newest_known_version}"
    missing = [name for name, call in description.calls.items() if not call.is_available]
    named = ", ".join(missing[:_MOST_NAMES]) + (", ..." if len(missing) > _MOST_NAMES else "")
    if version_key(description.version) > version_key(description.newest_known_version):
        advice = "pip install --upgrade inference-ext; what both know works all the same"
        return warning("version", f"{versions}, an older one", advice)
    if missing and not is_embedded:
        advice = f"{missing[0]}: {description.calls[missing[0]].reason}"
        return warning("version", f"{versions}; {len(missing)} of its calls are not served: {named}", advice)
    return ok("version", f"{versions}; {len(description.calls) - len(missing)} of its calls are served")


def check_model(client: InferenceHTTPClient, model_id: str, image: Path | None) -> Iterator[Finding]:
    """Run a model once on an image."""
    try:
        sent, named = (str(image), f"{str(image)!r}") if image is not None else _own_image()
        started = time.perf_counter()
        result: dict[str, Any] = client.infer(sent, model_id)
    except HTTPClientError as error:
        yield problem(f"model {model_id}", str(error), _advice(error))
        return
    seconds = time.perf_counter() - started
    predictions = result.get("predictions")
    count = len(predictions) if is_array(predictions) else 1
    yield ok(f"model {model_id}", f"{count} prediction{'s' * (count != 1)} on {named} in {seconds:.2f} s")


def _own_image() -> tuple[Any, str]:
    """Give a photograph of the extra `local`, or, without it, a drawn picture."""
    try:
        from ..local.photographs import photograph

        return str(photograph("astronaut").path), "a photograph of the extra local"
    except MissingDependencyError:
        import cv2
        import numpy as np

        drawn = np.full((240, 320, 3), 200, np.uint8)
        cv2.circle(drawn, (160, 120), 60, (40, 90, 220), cv2.FILLED)
        return drawn, "a drawn picture"


def _advice(error: HTTPClientError) -> str:
    """Say what to do about a failed call."""
    if isinstance(error, RequestTimeoutError):
        return "is the server busy, or loading a model for the first time? --timeout waits longer"
    if isinstance(error, HTTPServerConnectionError):
        return (
            "start the server (inference-ext serve starts a small one for tests), or name its address by --url or the "
            "environment variable INFERENCE_SERVER_URL"
        )
    if isinstance(error, HTTPCallErrorError) and error.status_code in (401, 403):
        return "the API key was refused: check it on the platform, and that it is of the model's workspace"
    if isinstance(error, HTTPCallErrorError) and error.status_code == 404:
        return "check --model (project/version) and --url"
    return "see the message"
