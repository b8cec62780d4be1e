"""Every error this package raises.

::

    HTTPClientError                        base of all; carries `input_index` and `finished_results`
    ├── InvalidParameterError              an argument or setting is not acceptable (also ValueError)
    │   └── InvalidModelIdentifier         the model id does not have the form the route needs
    ├── ModelNotSelectedError              no model id given and none selected
    ├── APIKeyNotProvided                  the call needs an API key and the client has none
    ├── WrongClientModeError               the call exists only in the other API mode
    ├── ServerVersionError                 the server's version lacks the call's route, or an option of the call
    ├── InvalidInputFormatError            an input is not an image this client can read (also ValueError)
    ├── EncodingError                      pixels could not be encoded, or an encoded result not decoded
    ├── InvalidURLImageInput               an image URL was refused, or what it gave is not usable
    │   └── URLAddressNotAllowedError      the URL leads to a private, loopback or otherwise refused address
    ├── HTTPServerConnectionError          no complete answer: refused, reset, unknown host, TLS, closed
    │   ├── RequestTimeoutError            no complete answer in time (also TimeoutError)
    │   └── ClientClosedError              the client was closed, before the call or during it
    ├── HTTPCallErrorError                 the server answered with an error status
    ├── InvalidResponseError               a success status, but a body that is not what the call returns
    ├── ModelNotInitializedError           the server does not know or could not load the model
    ├── FeatureDeprecatedError             the server or this client no longer has the feature
    ├── ModelTaskTypeNotSupportedError     the model's task has no route in the chosen API mode
    └── MissingDependencyError             an optional package is needed (also ImportError)

The names up to ModelTaskTypeNotSupportedError are those of inference-sdk where it has one, so that `except`
clauses keep working. No message contains an API key, a service secret or a request body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .workflow_block_errors import WorkflowBlockError

__all__ = [
    "APIKeyNotProvided",
    "ClientClosedError",
    "EncodingError",
    "FeatureDeprecatedError",
    "HTTPCallErrorError",
    "HTTPClientError",
    "HTTPServerConnectionError",
    "InvalidInputFormatError",
    "InvalidModelIdentifier",
    "InvalidParameterError",
    "InvalidResponseError",
    "InvalidURLImageInput",
    "MissingDependencyError",
    "ModelNotInitializedError",
    "ModelNotSelectedError",
    "ModelTaskTypeNotSupportedError",
    "RequestTimeoutError",
    "ServerVersionError",
    "URLAddressNotAllowedError",
    "WrongClientModeError",
]


class HTTPClientError(Exception):
    """Base of every error this package raises."""

    input_index: int | None = None
    """Position of the failed input in the list or stream; `None` for a call about one input."""

    finished_results: Mapping[int, Any] = {}
    """Results that were complete when a list or a stream stopped, by input position. Of a stream, those behind the one
    that failed: it has handed on all before it."""

    def locate(self, input_index: int, finished_results: Mapping[int, Any]) -> None:
        """Record which input of a list or stream failed and what was finished by then."""
        self.input_index = input_index
        self.finished_results = dict(finished_results)
        self.add_note(f"Input {input_index} failed; finished_results has {len(finished_results)} others.")


class InvalidParameterError(HTTPClientError, ValueError):
    """An argument or a setting is not acceptable; nothing was sent."""


class InvalidModelIdentifier(InvalidParameterError):
    """The model id does not have the form the route needs, such as `project/version`; nothing was sent."""


class ModelNotSelectedError(HTTPClientError):
    """No `model_id` was given and no model is selected; nothing was sent."""


class APIKeyNotProvided(HTTPClientError):
    """The call needs an API key and the client has none; nothing was sent."""


class WrongClientModeError(HTTPClientError):
    """The call exists only in the other API mode; nothing was sent."""


class ServerVersionError(HTTPClientError):
    """The server is too old for the call or for an option of it, or so new that it has dropped it; nothing was sent.

    A server passes over an option that it does not know, so the answer would be one without it.
    """

    description: str
    """The whole message."""

    server_version: str
    """The version the server says it has."""

    route: str
    """Method and path of the call, such as `POST /infer/lmm`."""

    parameter: str | None
    """The option's name on the wire, dotted within objects; `None` when the server lacks the route itself."""

    since: str | None
    """The oldest version known to have it, of what the server is too old for."""

    until: str | None
    """The newest version known to have it, of what the server has dropped."""

    def __init__(
        self,
        description: str,
        server_version: str,
        route: str,
        parameter: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        super().__init__(description, server_version, route, parameter, since, until)
        self.description = description
        self.server_version = server_version
        self.route = route
        self.parameter = parameter
        self.since = since
        self.until = until

    def __str__(self) -> str:
        """What the server lacks, its version, when that came or went, and what to do."""
        return self.description


class InvalidInputFormatError(HTTPClientError, ValueError):
    """An input is not an image this client can read; nothing was sent for it."""


class EncodingError(HTTPClientError):
    """Pixels could not be encoded for sending, or an encoded image in an answer could not be decoded."""


class InvalidURLImageInput(HTTPClientError):
    """An image URL was refused by the URL policy, or what it gave is not usable; nothing went to the server."""


class URLAddressNotAllowedError(InvalidURLImageInput):
    """The URL leads to an address outside the public internet and the policy does not allow it."""


class HTTPServerConnectionError(HTTPClientError):
    """No complete answer came: connection refused or reset, unknown host, TLS failure, body cut short."""


class RequestTimeoutError(HTTPServerConnectionError, TimeoutError):
    """No complete answer came in time; the message names the limit that ran out."""


class ClientClosedError(HTTPServerConnectionError):
    """The client was closed, before the call or while it was under way."""


class HTTPCallErrorError(HTTPClientError):
    """The server answered with an error status."""

    description: str
    """The request (method and path, never the query) and the status."""

    status_code: int
    """HTTP status of the answer."""

    api_message: str | None
    """What the server said, cut to a readable length; `None` when it said nothing readable."""

    request_id: str | None
    """The answer's `x-request-id`, to find the call in the server's log."""

    retry_after: float | None = None
    """Seconds after which the server asked to try again, if it did."""

    help_url: str | None = None
    """Where the server explains the error, if it says so."""

    blocks_errors: Sequence[WorkflowBlockError] = ()
    """What is wrong with which step of a workflow, as far as the server says it."""

    def __init__(
        self,
        description: str,
        status_code: int,
        api_message: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(description, status_code, api_message, request_id)
        self.description = description
        self.status_code = status_code
        self.api_message = api_message
        self.request_id = request_id

    def __str__(self) -> str:
        """One line: the request, the status, the server's words, where it explains them, the request id."""
        text = self.description if self.api_message is None else f"{self.description}: {self.api_message}"
        if self.help_url is not None and self.help_url not in text:
            text = f"{text} (see {self.help_url})"
        return text if self.request_id is None else f"{text} (request id {self.request_id})"


class FeatureDeprecatedError(HTTPClientError):
    """The feature was removed from the server or from this client; the message names the replacement."""


class InvalidResponseError(HTTPClientError):
    """The status was a success, but the body is not what the call returns (HTML, truncated JSON, a short list)."""


class ModelNotInitializedError(HTTPClientError):
    """The server does not list the model, and it was not or could not be loaded."""


class ModelTaskTypeNotSupportedError(HTTPClientError):
    """The model's task has no route in the chosen API mode."""


class MissingDependencyError(HTTPClientError, ImportError):
    """An optional package is needed; the message holds the `pip install` command."""
