"""What the calls of all core models (CLIP, OCR, SAM, ...) have in common.

The key travels in the JSON body in v1 and in the query in v0; `source` and `source_info` travel in the body; usage
counting travels in the query. Images are sent at full size: the models' input sizes are not in the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from attrs import frozen

from ...configuration import CallSettings, HTTPClientMode
from ...configuration.credentials import Credentials
from ...configuration.wire_names import billing_query
from ...images import Fetch, ImageOptions, prepare_images
from ...json_types import is_array
from ..exchange import Answer, Batch, Exchange, PreparedRequest, Steps, call_batch
from ..image_options import image_options
from ..json_body import JSON_MEDIA_TYPE, ImageSlots
from ..server_check import ServerCheck, chosen_options, no_server_check
from .unasked_fields import unasked_fields

__all__ = ["CoreModelCall", "Split", "run_on_images", "single_answer"]

Split: TypeAlias = Callable[[Answer, int], Sequence[Any]]
"""Gives one result per image from an answer and the number of images it is about."""


@frozen
class CoreModelCall:
    """Everything one core model call works with; a snapshot."""

    settings: CallSettings
    credentials: Credentials
    fetch: Fetch
    check_server: ServerCheck = no_server_check
    """Refuses what the server's version cannot serve."""

    def check(self, path: str, fields: Mapping[str, Any]) -> Steps[None]:
        """Refuse a POST with these fields when the server's version lacks the route or a field that was chosen.

        Raises:
            ServerVersionError: It does.

        """
        sent = {**fields, **dict(billing_query(self.settings.configuration))}
        return self.check_server(f"POST {path}", chosen_options(sent, unasked_fields(path)))

    def image_options(self, *, is_only_request: bool = True) -> ImageOptions:
        """Give how images are prepared; always at full size."""
        return image_options(self.settings.configuration, is_only_request=is_only_request)

    def request(
        self, path: str, fields: Mapping[str, Any], slots: ImageSlots | None = None, *, repeatable: bool = True
    ) -> PreparedRequest:
        """Build a POST of these JSON fields; the ones that are `None` are left out.

        Args:
            path: The route.
            fields: Fields of the body in the order they are sent, with images placed by `slots`.
            slots: Holds the images that were placed in the fields.
            repeatable: Whether sending it twice does no harm.

        """
        configuration = self.settings.configuration
        key = self.credentials.in_place()
        v0 = self.settings.mode is HTTPClientMode.V0
        labels = {"source": configuration.source, "source_info": configuration.source_info}
        body = {**({} if v0 else key), **labels, **fields}
        body = {name: value for name, value in body.items() if value is not None}
        return PreparedRequest(
            "POST",
            path,
            query=[*(key.items() if v0 else ()), *billing_query(configuration)],
            headers=self.credentials.in_headers(),
            content=(slots or ImageSlots()).fill(body),
            media_type=JSON_MEDIA_TYPE,
            repeatable=repeatable,
        )


def run_on_images(
    call: CoreModelCall,
    path: str,
    images: Sequence[object],
    fields: Mapping[str, Any],
    split: Split,
    *,
    batched: bool = False,
) -> Steps[list[Any]]:
    """Send images to a route that takes them as `image`; gives one result per input, in order.

    Args:
        call: The call's snapshot.
        path: The route.
        images: The inputs, each in any accepted form.
        fields: The other fields of the body; `None` is left out.
        split: Reads an answer.
        batched: Whether the route takes a list of images (up to `max_batch_size`) in one request.

    """
    yield from call.check(path, fields)
    size = call.settings.configuration.max_batch_size if batched else 1
    groups = [images[start : start + size] for start in range(0, len(images), size)]
    options = call.image_options(is_only_request=len(groups) == 1)
    jobs = [partial(_exchange, call, path, group, options, fields, split) for group in groups]
    return (yield from call_batch(Batch(jobs, [len(group) for group in groups])))


def _exchange(
    call: CoreModelCall,
    path: str,
    images: Sequence[object],
    options: ImageOptions,
    fields: Mapping[str, Any],
    split: Split,
) -> Exchange[Sequence[Any]]:
    slots = ImageSlots()
    placed = slots.place_all(prepare_images(images, options, call.fetch))
    request = call.request(path, {**fields, "image": placed}, slots)
    return Exchange(request, partial(_split, split=split, count=len(images)))


def _split(answer: Answer, *, split: Split, count: int) -> Sequence[Any]:
    results = split(answer, count)
    if len(results) != count:
        raise answer.unexpected(f"{count} results for {count} images", results)
    return results


def single_answer(answer: Answer, count: int) -> Sequence[Any]:
    """Read the answer about one image: the JSON itself, a list of one taken apart."""
    del count
    body = answer.json()
    return body if is_array(body) else [body]
