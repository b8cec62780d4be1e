"""Which models the server has loaded, and loading and unloading them."""

from __future__ import annotations

from typing import Any

import attrs
from attrs import frozen

from ..configuration.credentials import Credentials
from ..errors import ModelNotInitializedError
from ..json_types import is_array, is_object
from .exchange import Answer, Exchange, PreparedRequest, Steps, call
from .json_body import JSON_MEDIA_TYPE, json_content

__all__ = [
    "ModelDescription",
    "RegisteredModels",
    "ServerInfo",
    "add_model",
    "clear_models",
    "describe_model",
    "get_server_info",
    "list_models",
    "load_and_describe",
    "remove_model",
]


@frozen
class ServerInfo:
    """What a server says about itself."""

    name: str
    """Product name, such as `Roboflow Inference Server`."""

    version: str
    """Version of the server's software."""

    uuid: str
    """Identity of this server process; changes when it restarts."""

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as a dictionary."""
        return attrs.asdict(self)


@frozen
class ModelDescription:
    """A model the server has loaded."""

    model_id: str
    """`project/version`."""

    task_type: str
    """Task name such as `object-detection`."""

    batch_size: int | str | None = None
    """Images the model takes at once; text when the size is not fixed, `None` when the server does not say."""

    input_height: int | None = None
    """Height in pixels the model works on; `None` when it is not fixed."""

    input_width: int | None = None
    """Width in pixels the model works on; `None` when it is not fixed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as a dictionary."""
        return attrs.asdict(self)


@frozen
class RegisteredModels:
    """All models the server has loaded."""

    models: list[ModelDescription]
    """One description for each, in the server's order."""

    def find(self, model_id: str) -> ModelDescription | None:
        """Give the description of one model, `None` when it is not loaded."""
        return next((model for model in self.models if model.model_id == model_id), None)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as a dictionary, the models as dictionaries too."""
        return attrs.asdict(self)


def get_server_info() -> Exchange[ServerInfo]:
    """Describe `GET /info`."""
    return Exchange(PreparedRequest("GET", "/info"), _read_info)


def list_models(credentials: Credentials) -> Exchange[RegisteredModels]:
    """Describe `GET /model/registry`."""
    request = PreparedRequest(
        "GET",
        "/model/registry",
        query=tuple(credentials.in_place().items()),
        headers=credentials.in_headers(),
    )
    return Exchange(request, _read_models)


def add_model(credentials: Credentials, model_id: str) -> Exchange[RegisteredModels]:
    """Describe `POST /model/add`: load a model."""
    return Exchange(_post(credentials, "/model/add", {"model_id": model_id}), _read_models)


def remove_model(credentials: Credentials, model_id: str) -> Exchange[RegisteredModels]:
    """Describe `POST /model/remove`: unload a model."""
    return Exchange(_post(credentials, "/model/remove", {"model_id": model_id}), _read_models)


def clear_models(credentials: Credentials) -> Exchange[RegisteredModels]:
    """Describe `POST /model/clear`: unload every model."""
    return Exchange(_post(credentials, "/model/clear", {}), _read_models)


def describe_model(credentials: Credentials, model_id: str, *, allow_loading: bool) -> Steps[ModelDescription]:
    """Find a model in the registry; load it first when it is not there and loading is allowed."""
    found = (yield from call(list_models(credentials))).find(model_id)
    if found is not None:
        return found
    if allow_loading:
        return (yield from load_and_describe(credentials, model_id))
    raise _not_registered(model_id, "load it, or pass allow_loading=True")


def load_and_describe(credentials: Credentials, model_id: str) -> Steps[ModelDescription]:
    """Load a model that the registry did not list."""
    found = (yield from call(add_model(credentials, model_id))).find(model_id)
    if found is None:
        raise _not_registered(model_id, "the server loaded it under another id")
    return found


def _not_registered(model_id: str, hint: str) -> ModelNotInitializedError:
    return ModelNotInitializedError(f"model {model_id!r} is not in the server's registry: {hint}")


def _post(credentials: Credentials, path: str, fields: dict[str, str]) -> PreparedRequest:
    return PreparedRequest(
        "POST",
        path,
        headers=credentials.in_headers(),
        content=json_content({**fields, **credentials.in_place()}),
        media_type=JSON_MEDIA_TYPE,
    )


def _read_info(answer: Answer) -> ServerInfo:
    body = answer.json_object()
    return ServerInfo(name=_text(body.get("name")), version=_text(body.get("version")), uuid=_text(body.get("uuid")))


def _read_models(answer: Answer) -> RegisteredModels:
    models = answer.json_object().get("models")
    if not is_array(models):
        raise answer.unexpected("an object with the list 'models'", models)
    return RegisteredModels([_read_model(answer, model) for model in models])


def _read_model(answer: Answer, model: Any) -> ModelDescription:
    if not is_object(model) or not isinstance(model.get("model_id"), str):
        raise answer.unexpected("models with a 'model_id'", model)
    batch_size = model.get("batch_size")
    return ModelDescription(
        model_id=model["model_id"],
        task_type=_text(model.get("task_type")),
        batch_size=batch_size if _is_count(batch_size) or isinstance(batch_size, str) else None,
        input_height=_side(model.get("input_height")),
        input_width=_side(model.get("input_width")),
    )


def _side(value: Any) -> int | None:
    return value if _is_count(value) and value > 0 else None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: Any) -> str:
    # Numbers too: a version may be one. Anything with parts is no name, and may nest too deep to be written out.
    return str(value) if isinstance(value, str | int | float) else ""
