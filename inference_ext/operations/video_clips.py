"""Models that take a whole clip: action recognition, over v0 and v1."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, cast

import pybase64
from attrs import frozen

from ..configuration import CallSettings, HTTPClientMode
from ..configuration.credentials import Credentials
from ..configuration.wire_names import billing_query
from ..errors import (
    HTTPCallErrorError,
    InvalidInputFormatError,
    InvalidParameterError,
    ModelTaskTypeNotSupportedError,
)
from ..images import EncodedImage
from .core_models.core_model import CoreModelCall
from .exchange import Answer, Exchange, PreparedRequest, Steps, call
from .json_body import ImageSlots
from .model_registry import ModelDescription, list_models, load_and_describe
from .server_check import chosen_options
from .single_job import call_job
from .v0_route import V0_MEDIA_TYPE, V0_ROUTE, v0_path

__all__ = ["VideoCall", "VideoReference", "infer_on_video"]

VideoReference: TypeAlias = "str | os.PathLike[str]"
"""A clip: an http(s) URL that the server fetches, or the path of a file that is sent whole."""

_TASK = "action-recognition"
_V1_PATH = "/infer/action_recognition"


@frozen
class VideoCall:
    """Everything one call about a clip works with; a snapshot."""

    settings: CallSettings
    model_id: str
    credentials: Credentials
    core: CoreModelCall
    known_models: Callable[[str], ModelDescription | None]
    remember_model: Callable[[ModelDescription], None]
    include_candidates: bool = False
    """Ask for the scored candidates before they are merged."""


def infer_on_video(video_reference: object, video: VideoCall) -> Steps[dict[str, Any]]:
    """Run a model over one clip.

    Raises:
        InvalidInputFormatError: The clip is neither a URL nor a file that can be read.
        InvalidParameterError: A class of the filter cannot be sent in v0.
        InvalidModelIdentifier: The model's id is not `project/version` (v0).
        ModelTaskTypeNotSupportedError: The model takes images (v1).
        ServerVersionError: The server's version lacks the route or an option that was chosen.

    """
    clip = _checked_clip(video_reference)
    if video.settings.mode is HTTPClientMode.V0:
        path, query = v0_path(video.model_id), _v0_query(video)
        yield from video.core.check_server(V0_ROUTE, chosen_options(dict(query), video.credentials.in_place()))
        exchange = partial(_v0_exchange, clip, path, query, video)
    else:
        yield from video.core.check(_V1_PATH, _v1_options(video))
        yield from _refuse_image_model(video)
        exchange = partial(_v1_exchange, clip, video)
    return cast("dict[str, Any]", (yield from call_job(exchange)))


# -- the clip


def _checked_clip(video_reference: object) -> str | Path:
    """Give the URL as text or the file as a path."""
    if isinstance(video_reference, os.PathLike):
        return _checked_file(Path(os.fsdecode(cast("os.PathLike[str]", video_reference))))
    if not isinstance(video_reference, str):
        raise InvalidInputFormatError(
            f"video_reference of type {type(video_reference).__name__}: expected an http(s) URL or a path"
        )
    if video_reference.strip().lower().startswith(("http://", "https://")):
        return video_reference.strip()
    return _checked_file(Path(video_reference))


def _checked_file(path: Path) -> Path:
    try:
        if path.is_file() and path.stat().st_size > 0:
            return path
        what = "is empty" if path.is_file() else "is a directory" if path.is_dir() else "is no file"
    except (OSError, ValueError) as error:
        what = f"cannot be read ({error.strerror if isinstance(error, OSError) else error})"
    shown = str(path) if len(str(path)) <= 200 else f"{str(path)[:60]}... ({len(str(path))} characters)"
    raise InvalidInputFormatError(f"video_reference {shown!r} {what}: expected an http(s) URL or a video file")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputFormatError(f"video_reference {str(path)!r} cannot be read: {error.strerror}") from error


# -- v0


def _v0_query(video: VideoCall) -> list[tuple[str, str]]:
    configuration = video.settings.configuration
    for name in configuration.class_filter or ():
        if "," in name:
            raise InvalidParameterError(f"class_filter: v0 joins classes with commas, so it cannot carry {name!r}")
    named = {
        "class_filter": ",".join(configuration.class_filter) if configuration.class_filter else None,
        "confidence": configuration.confidence_threshold,
        "include_candidates": True if video.include_candidates else None,
        "source": configuration.source,
        "source_info": configuration.source_info,
    }
    return [
        *video.credentials.in_place().items(),
        *((name, str(value)) for name, value in named.items() if value is not None),
        *billing_query(configuration),
    ]


def _v0_exchange(
    clip: str | Path, path: str, query: list[tuple[str, str]], video: VideoCall
) -> Exchange[Sequence[dict[str, Any]]]:
    content: Sequence[bytes] = ()
    if isinstance(clip, str):
        query = [*query, ("image", clip)]
    else:
        content = (pybase64.b64encode(_read(clip)),)
    request = PreparedRequest(
        "POST",
        path,
        query=query,
        headers=video.credentials.in_headers(),
        content=content,
        media_type=V0_MEDIA_TYPE,
    )
    return Exchange(request, _one_object)


# -- v1


def _refuse_image_model(video: VideoCall) -> Steps[None]:
    """Ask for the model's task, so that no clip is uploaded in vain."""
    model = video.known_models(video.model_id)
    if model is None:
        try:
            model = (yield from call(list_models(video.credentials))).find(video.model_id)
        except HTTPCallErrorError as error:
            if error.status_code != 404:
                raise
            return  # this server has no registry; its own answer to the clip will tell
        if model is None:
            model = yield from load_and_describe(video.credentials, video.model_id)
        video.remember_model(model)
    if model.task_type != _TASK:
        raise ModelTaskTypeNotSupportedError(
            f"model {video.model_id!r} has task {model.task_type[:100]!r}, which takes images: use infer for one "
            "image, or infer_on_stream for a video frame by frame"
        )


def _v1_exchange(clip: str | Path, video: VideoCall) -> Exchange[Sequence[dict[str, Any]]]:
    slots = ImageSlots()
    if isinstance(clip, str):
        wire = {"type": "url", "value": clip}
    else:
        # Base64 in JSON has one form, whatever the file holds.
        wire = slots.place(EncodedImage(_read(clip), None, None))
    fields = {"model_id": video.model_id, "video": wire, **_v1_options(video)}
    return Exchange(video.core.request(_V1_PATH, fields, slots), _one_object)


def _v1_options(video: VideoCall) -> dict[str, Any]:
    configuration = video.settings.configuration
    return {
        "class_filter": configuration.class_filter,
        "confidence": configuration.confidence_threshold,
        "include_candidates": True if video.include_candidates else None,
    }


def _one_object(answer: Answer) -> Sequence[dict[str, Any]]:
    return [answer.json_object()]
