"""What a server is, what it has loaded, and what can be called on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from attrs import frozen

from ..configuration.credentials import Credentials
from ..errors import HTTPCallErrorError, InvalidResponseError
from ..json_types import is_object
from .exchange import Answer, Exchange, PreparedRequest, Steps, call
from .model_registry import ModelDescription, ServerInfo, get_server_info, list_models

__all__ = ["CallAvailability", "ServerDescription", "ServerFacts", "ask_server"]

_HTTP_METHODS = frozenset({"get", "post", "put", "delete", "head", "patch"})

#: Statuses that say that a question is unknown there, or switched off.
_NO_SUCH_ROUTE = frozenset({404, 405})


@frozen
class CallAvailability:
    """Whether a server can serve a method of the client."""

    is_available: bool
    """Whether it has one of the routes that the method uses."""

    reason: str
    """Why not, and what to do; empty when it can."""

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as a dictionary."""
        return attrs.asdict(self)


@frozen
class ServerDescription:
    """A server and what this client can call on it; `print` it for a readable form."""

    url: str
    """The server's address."""

    name: str
    """Product name, such as `Roboflow Inference Server`."""

    version: str
    """Version of the server's software."""

    client_version: str
    """Version of this package."""

    newest_known_version: str
    """The server version this package was made for; newer servers serve it too, as far as they are compatible."""

    models: Sequence[ModelDescription] | None
    """The models it has loaded; `None` when it does not tell."""

    calls: Mapping[str, CallAvailability]
    """Whether each method of the client can be served, by its name (the same for its twin with the suffix `_async`)."""

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as dictionaries and lists."""
        return attrs.asdict(self)

    def __str__(self) -> str:
        """Show the server, its models and its calls, one a line."""
        lines = [
            f"{self.name} {self.version} at {self.url}",
            f"client: inference-ext {self.client_version}, made for server {self.newest_known_version}",
            *self._lines_of_models(),
            "calls it serves: " + ", ".join(name for name, each in self.calls.items() if each.is_available),
        ]
        missing = {name: each.reason for name, each in self.calls.items() if not each.is_available}
        if missing:
            lines += ["calls it does not serve:", *(f"  {name}: {reason}" for name, reason in missing.items())]
        return "\n".join(lines)

    def _lines_of_models(self) -> list[str]:
        if self.models is None:
            return ["models: the server does not tell"]
        if not self.models:
            return ["models: none is loaded"]
        return ["models:", *(f"  {model.model_id} ({model.task_type})" for model in self.models)]


@frozen
class ServerFacts:
    """What a server answered about itself."""

    info: ServerInfo
    models: Sequence[ModelDescription] | None
    """`None` when it has no model registry."""

    routes: frozenset[str] | None
    """Method and path template of all its routes, such as `POST /infer/lmm`; `None` when it does not list them."""


def ask_server(credentials: Credentials) -> Steps[ServerFacts]:
    """Ask a server for its name, its loaded models and its routes.

    Raises:
        HTTPClientError: It does not answer, or not as a server of this kind does.

    """
    info = yield from call(get_server_info())
    if not info.version:
        raise InvalidResponseError("GET /info answered without a version: is this a Roboflow Inference server?")
    models: Sequence[ModelDescription] | None = None
    routes: frozenset[str] | None = None
    try:
        models = (yield from call(list_models(credentials))).models
    except HTTPCallErrorError as error:
        _raise_unless_there_is_no_such_route(error)
    try:
        routes = yield from call(Exchange(PreparedRequest("GET", "/openapi.json"), _read_routes))
    except HTTPCallErrorError as error:
        _raise_unless_there_is_no_such_route(error)
    return ServerFacts(info, models, routes)


def _raise_unless_there_is_no_such_route(error: HTTPCallErrorError) -> None:
    if error.status_code not in _NO_SUCH_ROUTE:
        raise error


def _read_routes(answer: Answer) -> frozenset[str]:
    paths = answer.json_object().get("paths")
    if not is_object(paths):
        raise answer.unexpected("an object with the paths of an OpenAPI document", paths)
    return frozenset(
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        if is_object(methods)
        for method in methods
        if method in _HTTP_METHODS
    )
