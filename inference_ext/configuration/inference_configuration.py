"""The settings of a client, frozen and checked when built."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import Field
from enum import StrEnum
from numbers import Integral, Real
from os import PathLike, fspath
from typing import Any, ClassVar, Literal, Self, TypeAlias, TypeVar, cast

from attrs import Attribute, field, frozen

from ..errors import InvalidParameterError
from .dataclass_fields import dataclass_fields
from .discreet_init import discreet_init
from .secret_text import SecretText

__all__ = ["ApiKeyTransport", "InferenceConfiguration", "VisualisationResponseFormat"]


class ApiKeyTransport(StrEnum):
    """Where an API key travels."""

    LEGACY = "legacy"
    """As `api_key` in the query or the JSON body; every server reads it."""

    HEADER = "header"
    """As `Authorization: Bearer` and nowhere else; servers from 1.5.0 read it. Keeps the key out of access logs."""

    BOTH = "both"
    """In both places, which is right for every server."""


class VisualisationResponseFormat(StrEnum):
    """How a picture drawn by the server is handed to the caller."""

    BASE64 = "base64"
    """`str`: the base64 text of the encoded picture, as the server sent it."""

    NUMPY = "numpy"
    """`numpy.ndarray`: uint8, shape (height, width, 3), colour order BGR."""

    PILLOW = "pillow"
    """`PIL.Image.Image`: colour order RGB, fully decoded."""


_Field: TypeAlias = "Attribute[Any]"
Choice = TypeVar("Choice", bound=StrEnum)


def _fail(attribute: _Field, value: object, expected: str) -> InvalidParameterError:
    # A secret of the wrong type is still a secret.
    shown = f"a {type(value).__name__}" if attribute.repr is _secret_repr else repr(value)
    return InvalidParameterError(f"InferenceConfiguration.{attribute.name}: expected {expected}, got {shown}")


def _secret_repr(value: str | None) -> str:
    return repr(value) if value is None else "'***'"


def _plain(value: Any) -> Any:
    """Turn numpy scalars into Python numbers: JSON knows nothing else. Anything else is left to the validator."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if type(value).__name__ in ("bool", "bool_") and type(value).__module__ == "numpy":
        return bool(value)  # not registered as a number
    return value


# The converters' parameter types are what type checkers and IDEs show for the constructor.
def _to_confidence(
    value: float | Literal["best", "default"] | None,
) -> float | Literal["best", "default"] | None:
    return cast('float | Literal["best", "default"] | None', _plain(value))


def _to_optional_number(value: float | None) -> float | None:
    return cast("float | None", _plain(value))


def _to_number(value: float) -> float:
    return cast("float", _plain(value))


def _to_optional_whole(value: int | None) -> int | None:
    return cast("int | None", _plain(value))


def _to_whole(value: int) -> int:
    return cast("int", _plain(value))


def _to_optional_boolean(value: bool | None) -> bool | None:
    return cast("bool | None", _plain(value))


def _to_boolean(value: bool) -> bool:
    return cast("bool", _plain(value))


def _to_optional_secret(value: str | None) -> str | None:
    return SecretText(value) if isinstance(value, str) else value


def _to_path_text(value: str | PathLike[str]) -> str:
    # Anything that is no path is left to the validator, which names the setting.
    return fspath(value) if isinstance(value, PathLike) else value


def _to_visualisation_format(value: VisualisationResponseFormat | str) -> VisualisationResponseFormat:
    return _member(VisualisationResponseFormat, "output_visualisation_format", value)


def _to_api_key_transport(
    value: ApiKeyTransport | Literal["legacy", "header", "both"] | None,
) -> ApiKeyTransport | None:
    return None if value is None else _member(ApiKeyTransport, "api_key_transport", value)


def _member(kind: type[Choice], setting: str, value: object) -> Choice:
    # The type first: an array compared with a text gives an array, not an answer.
    if isinstance(value, str) and value in set(kind):
        return kind(value)
    choices = ", ".join(repr(choice.value) for choice in kind)
    raise InvalidParameterError(f"InferenceConfiguration.{setting}: expected one of {choices}, got {value!r}")


def _freeze(value: Sequence[str] | None) -> tuple[str, ...] | None:
    """Freeze a list of names; a bare string is left for the validator to refuse, not split into letters."""
    frozen_names = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else value
    return cast("tuple[str, ...] | None", frozen_names)


def _to_optional_names(value: Sequence[str] | None) -> tuple[str, ...] | None:
    return _freeze(value)


def _to_names(value: Sequence[str]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", _freeze(value))


def _boolean(_: object, attribute: _Field, value: object) -> None:
    if not isinstance(value, bool):
        raise _fail(attribute, value, "True or False")


def _optional_boolean(_: object, attribute: _Field, value: object) -> None:
    if value is not None and not isinstance(value, bool):
        raise _fail(attribute, value, "True, False or None")


def _optional_text(_: object, attribute: _Field, value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise _fail(attribute, value, "text or None")


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _optional_fraction(_: object, attribute: _Field, value: Any) -> None:
    if value is not None and not (_is_number(value) and 0 <= value <= 1):
        raise _fail(attribute, value, "a number from 0 to 1, or None")


def _confidence(_: object, attribute: _Field, value: Any) -> None:
    # The hosted v0 route also takes percentages, which it divides by 100.
    acceptable = value in ("best", "default") if isinstance(value, str) else _is_number(value) and 0 <= value <= 100
    if value is not None and not acceptable:
        raise _fail(attribute, value, "a number from 0 to 1 (v0 also takes 1 to 100), 'best', 'default' or None")


def _count(_: object, attribute: _Field, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _fail(attribute, value, "a whole number of at least 1")


def _optional_count(instance: object, attribute: _Field, value: Any) -> None:
    if value is not None:
        _count(instance, attribute, value)


def _whole_number(_: object, attribute: _Field, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _fail(attribute, value, "a whole number of at least 0")


def _seconds(_: object, attribute: _Field, value: Any) -> None:
    # Sockets refuse to wait longer than a C integer holds.
    if not (_is_number(value) and 0 < value < 2**31):
        raise _fail(attribute, value, "a positive number of seconds below 2**31")


def _jpeg_quality(_: object, attribute: _Field, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100:
        raise _fail(attribute, value, "a whole number from 1 to 100")


def _one_of(*allowed: object) -> Any:
    def check(_: object, attribute: _Field, value: object) -> None:
        # The type first: an array compared with a text gives an array, not an answer.
        if not isinstance(value, str | None) or value not in allowed:
            raise _fail(attribute, value, "one of " + ", ".join(repr(choice) for choice in allowed))

    return check


def _are_names(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(name, str) and name for name in cast("tuple[object]", value))


def _optional_names(_: object, attribute: _Field, value: Any) -> None:
    if value is not None and not _are_names(value):
        raise _fail(attribute, value, "a list of names, or None")


def _extensions(_: object, attribute: _Field, value: Any) -> None:
    if not _are_names(value) or not value:
        raise _fail(attribute, value, "a list of file name extensions")


def _path_text(_: object, attribute: _Field, value: object) -> None:
    if not isinstance(value, str) or not value:
        raise _fail(attribute, value, "a path")


@frozen(kw_only=True)
class InferenceConfiguration:
    """Settings of a client: what the model is asked for, how images travel, how calls behave.

    Immutable; make a changed copy with `dataclasses.replace(configuration, confidence_threshold=0.5)` or with
    `attrs.evolve`. A setting left at `None` is not sent, so the server's own default holds. The name a setting has on
    the wire depends on the mode and the task (`inference_ext.configuration.wire_names`).

    Raises:
        InvalidParameterError: A value is not acceptable; the message names the setting and what it takes.

    """

    # -- what the model is asked for
    confidence_threshold: float | Literal["best", "default"] | None = field(
        default=None, converter=_to_confidence, validator=_confidence
    )
    """Lowest score of a prediction that is returned, 0..1. `"best"` lets the server use the model's tuned value,
    `"default"` its fixed one. Values of 1 and more are percentages in v0 (80 is 0.8)."""

    keypoint_confidence_threshold: float | None = field(
        default=None, converter=_to_optional_number, validator=_optional_fraction
    )
    """Lowest score of a key point that is returned, 0..1."""

    iou_threshold: float | None = field(default=None, converter=_to_optional_number, validator=_optional_fraction)
    """Overlap (intersection over union, 0..1) above which non-maximum suppression drops the weaker box."""

    class_filter: tuple[str, ...] | None = field(default=None, converter=_to_optional_names, validator=_optional_names)
    """Return only boxes (masks, key points) of these classes, as a last step after `max_detections`. Sent in v1; in v0
    the client leaves the others out of the predictions, but a picture drawn there shows them, which warns."""

    class_agnostic_nms: bool | None = field(default=None, converter=_to_optional_boolean, validator=_optional_boolean)
    """Let boxes of different classes suppress each other. v0 has no parameter for it: setting it there warns."""

    max_detections: int | None = field(default=None, converter=_to_optional_whole, validator=_optional_count)
    """Most predictions returned per image."""

    max_candidates: int | None = field(default=None, converter=_to_optional_whole, validator=_optional_count)
    """Most raw boxes considered before suppression. v0 has no parameter for it: setting it there warns."""

    fix_batch_size: bool | None = field(default=None, converter=_to_optional_boolean, validator=_optional_boolean)
    """Ask the server to pad batches to the model's fixed size. v0 has no parameter for it: setting it there warns."""

    mask_decode_mode: Literal["accurate", "tradeoff", "fast"] | None = field(
        default=None, validator=_one_of(None, "accurate", "tradeoff", "fast")
    )
    """How instance masks are brought to image size on the server: exact, interpolated between the two, or coarse."""

    tradeoff_factor: float | None = field(default=None, converter=_to_optional_number, validator=_optional_fraction)
    """Where `mask_decode_mode="tradeoff"` stands between fast (0) and accurate (1)."""

    response_mask_format: Literal["polygon", "rle"] | None = field(
        default=None, validator=_one_of(None, "polygon", "rle")
    )
    """How instance masks come back: polygons, or run-length encoding (COCO, size is [height, width]). Since server
    1.2.13 at the latest (missing in 1.1.2)."""

    allow_reduced_mask_resolution: bool = field(default=False, converter=_to_boolean, validator=_boolean)
    """Let the server answer with masks on a smaller grid than the image. Since server 1.7.4 at the latest (missing in
    1.6.2)."""

    include_anomaly_map: bool | None = field(default=None, converter=_to_optional_boolean, validator=_optional_boolean)
    """Ask anomaly detection for its per-pixel score map. Since server 1.6.2 at the latest (missing in 1.5.2)."""

    # -- pictures drawn by the server
    format: Literal["json", "image", "image_and_json"] | None = field(
        default=None, validator=_one_of(None, "json", "image", "image_and_json")
    )
    """v0 only: predictions (default), a drawn picture, or both (the picture under `visualization`)."""

    visualize_predictions: bool = field(default=False, converter=_to_boolean, validator=_boolean)
    """Add a drawn picture under `visualization`. v0 is asked for `format="image_and_json"` then, unless `format` is
    set; with `format="json"` there is no picture in v0, which warns."""

    visualize_labels: bool | None = field(default=None, converter=_to_optional_boolean, validator=_optional_boolean)
    """Write class names into the drawn picture."""

    stroke_width: int | None = field(default=None, converter=_to_optional_whole, validator=_optional_count)
    """Line width in the drawn picture, in pixels."""

    output_visualisation_format: VisualisationResponseFormat = field(
        default=VisualisationResponseFormat.BASE64, converter=_to_visualisation_format
    )
    """What `visualization` holds in the result: base64 text, a BGR array or a PIL image."""

    # -- pre-processing on the server
    disable_preproc_auto_orientation: bool | None = field(
        default=None, converter=_to_optional_boolean, validator=_optional_boolean
    )
    """Do not turn images upright by their EXIF orientation. Holds for every kind of input."""

    disable_preproc_contrast: bool | None = field(
        default=None, converter=_to_optional_boolean, validator=_optional_boolean
    )
    """Skip the contrast step the model was trained with."""

    disable_preproc_grayscale: bool | None = field(
        default=None, converter=_to_optional_boolean, validator=_optional_boolean
    )
    """Skip the grayscale step the model was trained with."""

    disable_preproc_static_crop: bool | None = field(
        default=None, converter=_to_optional_boolean, validator=_optional_boolean
    )
    """Skip the fixed crop the model was trained with."""

    # -- bookkeeping on the platform
    disable_active_learning: bool = field(default=False, converter=_to_boolean, validator=_boolean)
    """Do not let the platform collect these images."""

    active_learning_target_dataset: str | None = field(default=None, validator=_optional_text)
    """Project that collects the images instead of the model's own; must be of the same task."""

    source: str | None = field(default=None, validator=_optional_text)
    """Free label of the caller, for the platform's monitoring."""

    source_info: str | None = field(default=None, validator=_optional_text)
    """A second label, for a part of the caller."""

    count_inference: bool | None = field(default=None, converter=_to_optional_boolean, validator=_optional_boolean)
    """Whether the call counts towards usage; honoured together with `service_secret`."""

    service_secret: str | None = field(
        default=None, converter=_to_optional_secret, validator=_optional_text, repr=_secret_repr
    )
    """Secret of a trusted service. Never shown in messages or `repr`, and left out when a client is pickled."""

    # -- how images travel
    client_downsizing_disabled: bool = field(default=True, converter=_to_boolean, validator=_boolean)
    """Send images at full size. `False` shrinks images that are larger than the model's input before sending;
    coordinates in results are those of the original all the same. Take `False` for large images over a slow network,
    or where encoding arrays costs more than the model: the model sees no more pixels than its input anyway, but the
    server may shrink them in another way."""

    default_max_input_size: int = field(default=1024, converter=_to_whole, validator=_count)
    """Longest side in pixels after downsizing, where the model's input size is not known (always in v0)."""

    image_format: Literal["jpeg", "png"] = field(default="jpeg", validator=_one_of("jpeg", "png"))
    """Encoding of pixels (arrays, PIL images, downsized images). PNG is lossless and several times larger. Files,
    URLs and bytes in a format the server reads are sent as they are."""

    jpeg_quality: int = field(default=95, converter=_to_whole, validator=_jpeg_quality)
    """JPEG quality of encoded pixels, 1..100. 90 makes two thirds of the bytes of 95 and takes an eighth less time:
    lower it where the network is the bottleneck and the model does not mind."""

    v0_upload: Literal["base64", "multipart"] = field(default="base64", validator=_one_of("base64", "multipart"))
    """How v0 sends an image: as base64 text, or as a file in a form, which is a quarter smaller and costs less to
    prepare. Base64 passes every proxy; take multipart where the network is the bottleneck. v1 knows base64 only."""

    image_url_handling: Literal["download", "pass_through"] = field(
        default="download", validator=_one_of("download", "pass_through")
    )
    """Who fetches an image that is given as a URL. `"download"`: this client, within its `URLPolicy`; the server gets
    the bytes. `"pass_through"`: the server, by rules of its own (https only, unless it is told otherwise). The image
    then crosses the network once instead of twice, but is neither shrunk nor brought into a format the server reads,
    and of the `URLPolicy` only what concerns the URL's text applies. Take it where the server is nearer to the
    images."""

    max_image_pixels: int = field(default=178_956_970, converter=_to_whole, validator=_count)
    """Most pixels (width times height) of an image. Larger ones are refused by what their header tells, before they
    are sent or decoded, whatever the input: a file of a few kilobytes can fill the memory of whoever decodes it. The
    default is twice Pillow's own `MAX_IMAGE_PIXELS`, where Pillow refuses too; OpenCV, also the server's, ends at
    2**30. Raise it for larger images; lower it where images come from other people. It does not hold for URLs that are
    passed on to the server."""

    image_extensions_for_directory_scan: tuple[str, ...] = field(
        default=("jpg", "jpeg", "JPG", "JPEG", "png", "PNG"), converter=_to_names, validator=_extensions
    )
    """Extensions of the files a directory stream sends."""

    source_buffer_filling_strategy: Literal["wait", "drop_oldest"] = field(
        default="wait", validator=_one_of("wait", "drop_oldest")
    )
    """What `infer_on_stream` does when a live source (a stream URL, a camera) is faster than the server or the
    consumer. `"wait"` takes every frame the source still has, and so may fall further and further behind;
    `"drop_oldest"` goes on with the newest frame and drops those before it (the frames' numbers show the gaps). Take it
    to see what happens now. Files and directories always wait."""

    # -- how calls behave
    max_concurrent_requests: int = field(default=8, converter=_to_whole, validator=_count)
    """Requests of one list or stream in flight at a time; under asyncio, those of all calls on an event loop together.
    Raise it for a distant or many-GPU server: images a second times seconds of one answer, and a few more. Memory grows
    with it. Lower it for a camera whose pictures must not wait. With 1, images of a stream or a list go out in their
    order."""

    max_batch_size: int = field(default=1, converter=_to_whole, validator=_count)
    """Images in one v1 request. Raise it for a GPU server that gains from batches; v0 always sends one."""

    on_error: Literal["raise", "return"] = field(default="raise", validator=_one_of("raise", "return"))
    """When one input of a list fails: stop and raise, or put the error object at its place and go on."""

    show_progress: bool = field(default=False, converter=_to_boolean, validator=_boolean)
    """Show a bar on stderr during every call about a list, a directory or a video (extra `progress`). A call's own
    `progress` goes before it; the environment variable `INFERENCE_EXT_PROGRESS=0` switches all bars off."""

    connect_timeout: float = field(default=10.0, converter=_to_number, validator=_seconds)
    """Seconds to wait for a connection."""

    request_timeout: float = field(default=120.0, converter=_to_number, validator=_seconds)
    """Seconds a request may stand still (nothing sent, nothing received). The first call of a model includes its
    loading on the server."""

    total_timeout: float = field(default=300.0, converter=_to_number, validator=_seconds)
    """Seconds one request may take in all, retries and waits between them included."""

    max_retries: int = field(default=2, converter=_to_whole, validator=_whole_number)
    """Repeats after a failure that a repeat can mend (no connection, an answer cut short, 408, 429, 502, 503, 504); 0
    turns them off. A `Retry-After` of the server is obeyed as far as `total_timeout` allows. What may have had effects
    (workflows with sinks, pipelines) is never repeated. While nothing succeeds, a client makes 100 repeats in all,
    beside those the server asked for, so that one that is down is not hammered."""

    api_key_transport: ApiKeyTransport | None = field(default=None, converter=_to_api_key_transport)
    """Where the API key travels: `"legacy"` (query or JSON body; every server reads it), `"header"`
    (`Authorization: Bearer`, servers from 1.5.0; keeps the key out of access logs) or `"both"`. `None` is legacy."""

    # -- workflows
    profiling_directory: str = field(default="./inference_profiling", converter=_to_path_text, validator=_path_text)
    """Folder for the traces of profiled workflow runs."""

    workflow_run_retries_enabled: bool = field(default=True, converter=_to_boolean, validator=_boolean)
    """Whether a failed workflow run may be repeated."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @classmethod
    def init_default(cls) -> Self:
        """Make a configuration with every setting at its default; the same as calling the class without arguments."""
        return cls()


InferenceConfiguration.__dataclass_fields__ = dataclass_fields(InferenceConfiguration)
# After the class, because attrs writes the method.
InferenceConfiguration.__init__ = discreet_init(InferenceConfiguration.__init__)  # type: ignore[method-assign]
