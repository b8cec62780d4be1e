"""The two ways to a script: a client on it in this process, and a URL."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ..client import InferenceHTTPClient
from ..configuration import InferenceConfiguration
from ..errors import InvalidParameterError
from ..local import serve_in_thread
from .application import ScriptedApplication
from .performing import BehindSocket, InProcess
from .script import InferenceScript

__all__ = ["embedded_client", "embedded_server"]

_FOR_TESTS = InferenceConfiguration(max_concurrent_requests=1, total_timeout=10.0)


@contextmanager
def embedded_client(
    script: InferenceScript | None = None,
    *,
    configuration: InferenceConfiguration | None = None,
    strict: bool = False,
) -> Generator[InferenceHTTPClient]:
    """Give a client whose server is a script on the embedded backend: no socket, no key, no network.

        >>> with embedded_client() as client:
        ...     client.classify(picture, model_id="sharpness/1").top
        'sharp'

    Args:
        script: What the server answers and what goes wrong. Default: nothing but the backend's built-in models.
        configuration: The client's settings. Default: the usual ones but for `max_concurrent_requests=1`, so that
            `answers_in_order` come in the order of the inputs, and `total_timeout=10`, so that a `Retry-After` of 10
            seconds or more is raised at once and not waited for.
        strict: Whether to call `script.assert_all_used()` at the end of a block that raised nothing.

    Yields:
        The client, of mode v1; it is closed at the end of the block.

    Raises:
        InvalidParameterError: `script` or `configuration` is something else.
        MissingDependencyError: The extra `local` is not installed.
        AssertionError: `strict`, and the script and the requests do not fit.

    """
    script = _checked(script)
    if configuration is not None and not isinstance(configuration, InferenceConfiguration):
        raise InvalidParameterError(
            f"configuration: expected an InferenceConfiguration or None, got {type(configuration).__name__}"
        )
    stage = InProcess()
    with InferenceHTTPClient.embedded(ScriptedApplication(script, stage)) as client:
        client.configure(configuration or _FOR_TESTS)
        try:
            yield client
        finally:
            stage.end()
    if strict:
        script.assert_all_used()


@contextmanager
def embedded_server(script: InferenceScript | None = None, *, port: int = 0, strict: bool = False) -> Generator[str]:
    """Give the URL of a server on 127.0.0.1 that plays a script, for code that makes its own client.

    Faults are real: sockets are closed, and a request that times out stands still until the client gives up. Nothing
    about the clients is changed: give them a short `request_timeout` for `TimedOut`, and `max_concurrent_requests=1`
    for `answers_in_order`.

        >>> from inference_ext import InferenceHTTPClient
        >>> script = InferenceScript()
        >>> _ = script.model("people/3", "object-detection").answers_with([])
        >>> with embedded_server(script) as url, InferenceHTTPClient(url) as client:
        ...     client.infer(picture, model_id="people/3")["predictions"]
        []

    Args:
        script: What the server answers and what goes wrong. Default: nothing but the backend's built-in models.
        port: The port; a free one by default.
        strict: Whether to call `script.assert_all_used()` at the end of a block that raised nothing.

    Yields:
        The base URL, such as `http://127.0.0.1:40001`. After the block the port is closed and every thread has ended.

    Raises:
        InvalidParameterError: `script` is something else, or `port` is out of range.
        MissingDependencyError: The extra `local` is not installed.
        OSError: The port is taken.
        AssertionError: `strict`, and the script and the requests do not fit.

    """
    script = _checked(script)
    stage = BehindSocket()
    with serve_in_thread(ScriptedApplication(script, stage), port=port) as url:
        try:
            yield url
        finally:
            stage.end()
    if strict:
        script.assert_all_used()


def _checked(script: object) -> InferenceScript:
    if script is None:
        return InferenceScript()
    if not isinstance(script, InferenceScript):
        raise InvalidParameterError(f"script: expected an InferenceScript or None, got {type(script).__name__}")
    return script
