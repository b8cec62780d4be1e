"""A request as the embedded backend got it, for what a test asserts."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

from ..errors import InvalidInputFormatError
from ..json_types import is_array, is_object
from ..local.http_errors import HTTPAnswerError
from ..local.images import decode_base64, decode_image
from ..local.uploads import read_upload
from ..local.wsgi import Request

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    import numpy as np
    import numpy.typing as npt

__all__ = ["RecordedRequest", "read_request"]

_SECRETS = frozenset({"api_key", "service_secret"})
_V0_PATH = re.compile(r"/(?!infer/|model/)[^/]+/[^/]+")
_PLACE = re.compile(r"images\[\d+\]")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?(e-?\d{1,3})?")


@dataclass(frozen=True)
class RecordedRequest:
    """One HTTP request of the code under test. Keys and secrets are left out."""

    method: str
    """Such as `POST`."""

    path: str
    """Such as `/infer/object_detection`, without the query."""

    model_id: str | None
    """The model it is about, `None` for requests that name none."""

    parameters: Mapping[str, Any]
    """The other parameters by the names they have on the wire, from the query and the JSON body: `confidence`,
    `iou_threshold` (v0: `overlap`), a workflow's `inputs`. Numbers and booleans of a query are read. An image within
    is the text `images[0]`, the place it has in `images`."""

    _encoded: Sequence[bytes | str] = field(default=(), repr=False)
    """Image files, or base64 text of them."""

    number_of_images: int = 0
    """Images in the request, also those that are given as a URL."""

    @cached_property
    def images(self) -> tuple[npt.NDArray[np.uint8], ...]:
        """The images in the order of the request, each BGR `uint8` of shape (H, W, 3), as the server sees them.

        What was sent as an array went through JPEG on the way, unless the client is configured otherwise.

        Raises:
            InvalidInputFormatError: One of them is no image.

        """
        return tuple(self._decoded(index) for index in range(len(self._encoded)))

    def _decoded(self, index: int) -> npt.NDArray[np.uint8]:
        source = self._encoded[index]
        try:
            return decode_image(source if isinstance(source, bytes) else decode_base64(source))
        except HTTPAnswerError as error:
            raise InvalidInputFormatError(
                f"image {index} of {self.method} {self.path} cannot be read: {error.body.get('message')}"
            ) from error


def read_request(environ: WSGIEnvironment, body: bytes) -> RecordedRequest:
    """Read a WSGI request whose body was taken out already."""
    method, path = str(environ["REQUEST_METHOD"]), _path(environ)
    media_type = str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    query = {name: _value(text) for name, text in parse_qsl(str(environ.get("QUERY_STRING", "")))}
    is_json = media_type == "application/json"
    fields = _json_object(body) if is_json else None
    if fields is not None:
        return _read_json(method, path, {**query, **fields})
    parameters = {name: value for name, value in query.items() if name not in _SECRETS}
    is_v0 = not is_json and _V0_PATH.fullmatch(path) and (method == "POST" or "image" in query)
    if not is_v0:
        return RecordedRequest(method, path, None, parameters)
    encoded = _body_image(environ, body, media_type) if body else ()
    return RecordedRequest(method, path, path[1:], parameters, encoded, 1)


def _path(environ: WSGIEnvironment) -> str:
    path = str(environ["PATH_INFO"])
    try:
        # WSGI hands over bytes as Latin-1 text; in process it is the text itself.
        return path.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return path


def _read_json(method: str, path: str, fields: dict[str, Any]) -> RecordedRequest:
    model_id = fields.pop("model_id", None)
    image = fields.get("image")
    count = len(image) if is_array(image) else int(image is not None)
    encoded: list[str] = []
    parameters = {name: _without_images(value, encoded) for name, value in fields.items() if name not in _SECRETS}
    if _are_places(parameters.get("image")):
        del parameters["image"]
    return RecordedRequest(
        method, path, model_id if isinstance(model_id, str) else None, parameters, encoded, max(count, len(encoded))
    )


def _without_images(value: Any, encoded: list[str]) -> Any:
    if is_object(value):
        if str(value.get("type")).lower() == "base64" and isinstance(value.get("value"), str):
            encoded.append(value["value"])
            return f"images[{len(encoded) - 1}]"
        return {name: _without_images(inner, encoded) for name, inner in value.items()}
    return [_without_images(inner, encoded) for inner in value] if is_array(value) else value


def _are_places(value: Any) -> bool:
    """Whether nothing but images, whose places are texts now, was in a field."""
    places: list[Any] = value if is_array(value) else [value]
    return bool(places) and all(isinstance(place, str) and _PLACE.fullmatch(place) for place in places)


def _body_image(environ: WSGIEnvironment, body: bytes, media_type: str) -> Sequence[bytes | str]:
    if media_type != "multipart/form-data":
        return (body.decode("latin-1"),)
    request = Request({**environ, "wsgi.input": io.BytesIO(body)})
    try:
        upload = read_upload(request)
    except HTTPAnswerError:
        return ()  # the backend says what is wrong with it
    finally:
        request.close()
    return () if upload is None else (upload,)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return fields if is_object(fields) else None


def _value(text: str) -> Any:
    """Read a parameter of a query: the numbers and the words that the server reads as booleans."""
    if text in ("True", "False", "true", "false"):
        return text.lower() == "true"
    if not _NUMBER.fullmatch(text):
        return text
    return int(text) if text.lstrip("-").isdecimal() else float(text)
