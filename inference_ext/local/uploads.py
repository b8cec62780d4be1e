"""Files sent as multipart/form-data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inference_ext.local.http_errors import image_problem, with_message

if TYPE_CHECKING:
    from inference_ext.local.wsgi import Request


def read_upload(request: Request) -> bytes | None:
    """Bytes of the part named `file`, or `None` when the request is not multipart.

    Raises:
        HTTPAnswerError: 400 when there is no such part, or it is a plain form field.

    """
    if "multipart/form-data" not in request.headers.get("Content-Type", ""):
        return None
    file = request.files.get("file")
    if file is not None:
        content: bytes = file.read()
        return content
    if "file" in request.form:
        raise with_message(400, "Invalid Content-Type header provided with request.")
    raise image_problem("Expected image to be send in part named 'file' of multipart/form-data request")
