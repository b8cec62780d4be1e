"""Inference with one of the platform's models, over v0 and v1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, TypeAlias

from attrs import evolve, frozen

from ..configuration import CallSettings, HTTPClientMode, InferenceConfiguration
from ..configuration.credentials import Credentials
from ..configuration.wire_names import billing_query, v0_query, v1_body
from ..errors import InvalidResponseError
from ..images import Fetch, ImageOptions, RemoteImage, Resizing, Size, prepare_images
from ..json_types import is_array, is_object
from ..results.anomaly_map import decode_anomaly_map
from ..results.class_filter import keep_classes
from ..results.scaling import scale_back
from ..results.visualisation import present_encoded_picture, present_picture
from .exchange import Answer, Batch, Exchange, Job, PreparedRequest, Shared, Steps, call_batch, call_shared
from .image_options import image_options
from .json_body import JSON_MEDIA_TYPE, ImageSlots
from .model_registry import ModelDescription, describe_model
from .server_check import ServerCheck, chosen_options, no_server_check
from .tasks import TaskType, known_task, v1_path
from .v0_route import V0_MEDIA_TYPE, V0_ROUTE, v0_body, v0_path

__all__ = ["InferenceCall", "JobFactory", "infer", "make_job_factory"]

JobFactory: TypeAlias = Callable[[Sequence[object]], Job[list[Any]]]


@frozen
class InferenceCall:
    """Everything one inference call works with; a snapshot."""

    settings: CallSettings
    model_id: str
    credentials: Credentials
    fetch: Fetch
    task: TaskType | None = None
    """The task, when the caller knows it; otherwise v1 asks the model registry."""

    known_models: Callable[[str], ModelDescription | None] = lambda _: None
    """Looks a model up among the descriptions fetched before."""

    remember_model: Callable[[ModelDescription], None] = lambda _: None

    check_server: ServerCheck = no_server_check
    """Refuses what the server's version cannot serve."""

    is_only_request: bool = False
    """Whether all images go in one request, so that there is one of them to prepare at a time."""

    @property
    def configuration(self) -> InferenceConfiguration:
        """The settings of the call."""
        return self.settings.configuration


def infer(inputs: Sequence[object], inference: InferenceCall) -> Steps[list[Any]]:
    """Run a model on images; gives one result per input, in order.

    v0 sends one image per request, v1 up to `max_batch_size`.
    """
    v0 = inference.settings.mode is HTTPClientMode.V0
    size = 1 if v0 else inference.configuration.max_batch_size
    groups = [inputs[start : start + size] for start in range(0, len(inputs), size)]
    job_for = yield from make_job_factory(evolve(inference, is_only_request=len(groups) == 1))
    return (yield from call_batch(Batch([job_for(group) for group in groups], [len(group) for group in groups])))


def make_job_factory(inference: InferenceCall) -> Steps[JobFactory]:
    """Find out what every request of a call has in common; gives a function from images to the job that sends them.

    In v1 the model registry is asked when the task or, for downsizing, the model's input size is not known yet.

    Raises:
        ServerVersionError: The server's version lacks the route or a setting that was chosen.

    """
    if inference.settings.mode is HTTPClientMode.V0:
        yield from inference.check_server(V0_ROUTE, _v0_options(inference.configuration))
        return _v0_jobs(inference, _image_options(inference, limit=_default_limit(inference.configuration)))
    if inference.task is not None:
        # Before the registry is asked, which may load the model.
        yield from _check_v1(inference, inference.task)
    task, limit = yield from _task_and_limit(inference)
    if inference.task is None:
        yield from _check_v1(inference, task)
    return _v1_jobs(inference, task, _image_options(inference, limit=limit))


def _check_v1(inference: InferenceCall, task: TaskType) -> Steps[None]:
    configuration = inference.configuration
    sent = {**v1_body(configuration, task), **dict(billing_query(configuration))}
    return inference.check_server(f"POST {v1_path(task)}", chosen_options(sent, _unasked_v1(task)))


def _v0_options(configuration: InferenceConfiguration) -> Iterator[str]:
    return chosen_options(dict(v0_query(configuration)), _unasked_v0())


@cache
def _unasked_v1(task: TaskType) -> dict[str, Any]:
    return v1_body(InferenceConfiguration(), task)


@cache
def _unasked_v0() -> dict[str, str]:
    return dict(v0_query(InferenceConfiguration()))


def _task_and_limit(inference: InferenceCall) -> Steps[tuple[TaskType, Size | None]]:
    shrinks = not inference.configuration.client_downsizing_disabled
    if inference.task is not None and not shrinks:
        return inference.task, None
    model = inference.known_models(inference.model_id)
    if model is None:
        model = yield from call_shared(Shared(f"describe {inference.model_id}", lambda: _described(inference)))
    task = inference.task or known_task(model.task_type, inference.model_id)
    if model.input_width is None or model.input_height is None:
        return task, _default_limit(inference.configuration)
    return task, Size(model.input_width, model.input_height)


def _described(inference: InferenceCall) -> Steps[ModelDescription]:
    model = yield from describe_model(inference.credentials, inference.model_id, allow_loading=True)
    inference.remember_model(model)
    return model


def _default_limit(configuration: InferenceConfiguration) -> Size:
    return Size(configuration.default_max_input_size, configuration.default_max_input_size)


def _image_options(inference: InferenceCall, limit: Size | None) -> ImageOptions:
    configuration = inference.configuration
    limit = None if configuration.client_downsizing_disabled else limit
    return image_options(configuration, limit, is_only_request=inference.is_only_request)


# -- v0


def _v0_jobs(inference: InferenceCall, options: ImageOptions) -> JobFactory:
    path = v0_path(inference.model_id)
    # What all requests of the call have in common.
    common = [*inference.credentials.in_place().items(), *v0_query(inference.configuration)]
    headers = inference.credentials.in_headers()

    def exchange(items: Sequence[object]) -> Exchange[list[Any]]:
        (image,) = prepare_images(items, options, inference.fetch)
        query = common
        content: Sequence[bytes] = ()
        media_type = V0_MEDIA_TYPE
        if isinstance(image, RemoteImage):
            query = [*common, ("image", image.url)]
        else:
            content, media_type = v0_body(image.data, inference.configuration.v0_upload)
        request = PreparedRequest("POST", path, query=query, headers=headers, content=content, media_type=media_type)
        return Exchange(request, partial(_read_v0, resizing=image.resizing, configuration=inference.configuration))

    return lambda images: partial(exchange, images)


def _read_v0(answer: Answer, *, resizing: Resizing | None, configuration: InferenceConfiguration) -> list[Any]:
    if answer.media_type.startswith("image/"):
        picture = present_encoded_picture(answer.content, configuration.output_visualisation_format)
        return [{"visualization": picture}]
    return [keep_classes(_finish(answer.json_object(), resizing, configuration), configuration.class_filter)]


# -- v1


def _v1_jobs(inference: InferenceCall, task: TaskType, options: ImageOptions) -> JobFactory:
    path = v1_path(task)
    # What all requests of the call have in common.
    common = {
        **inference.credentials.in_place(),
        "model_id": inference.model_id,
        **v1_body(inference.configuration, task),
    }
    query = billing_query(inference.configuration)
    headers = inference.credentials.in_headers()

    def exchange(items: Sequence[object]) -> Exchange[list[Any]]:
        images = prepare_images(items, options, inference.fetch)
        slots = ImageSlots()
        content = slots.fill({**common, "image": slots.place_all(images)})
        request = PreparedRequest(
            "POST", path, query=query, headers=headers, content=content, media_type=JSON_MEDIA_TYPE
        )
        # Not the images themselves: they would be held until the answer is there.
        resizings = [image.resizing for image in images]
        return Exchange(request, partial(_read_v1, resizings=resizings, configuration=inference.configuration))

    return lambda images: partial(exchange, images)


def _read_v1(
    answer: Answer, *, resizings: Sequence[Resizing | None], configuration: InferenceConfiguration
) -> list[Any]:
    body = answer.json()
    if not is_array(body) and not is_object(body):
        raise answer.unexpected("one JSON object per image", body)
    results: list[Any] = body if is_array(body) else [body]
    if len(results) != len(resizings):
        raise InvalidResponseError(
            f"{answer.request} answered {len(results)} results for {len(resizings)} images; "
            "the server's engine may not support batches for this model: set max_batch_size=1"
        )
    for result in results:
        if not is_object(result):
            raise answer.unexpected("one JSON object per image", result)
    return [_finish(result, resizing, configuration) for result, resizing in zip(results, resizings, strict=True)]


def _finish(result: dict[str, Any], resizing: Resizing | None, configuration: InferenceConfiguration) -> dict[str, Any]:
    """Bring one image's answer into the form the caller asked for."""
    if resizing is not None:
        result = scale_back(result, *resizing)
    if result.get("visualization") is not None:
        picture = present_picture(result["visualization"], configuration.output_visualisation_format)
        result = {**result, "visualization": picture}
    if result.get("anomaly_map") is not None:
        result = {**result, "anomaly_map": decode_anomaly_map(result["anomaly_map"])}
    return result
