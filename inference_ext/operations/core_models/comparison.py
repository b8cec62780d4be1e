"""How alike a subject and prompts are: one request with images and texts in two fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from attrs import frozen

from ...errors import HTTPClientError, InvalidParameterError, InvalidResponseError
from ...images import is_image_list, prepare_image
from ...json_types import is_array, is_object
from ..arguments import checked_choice
from ..exchange import Answer, Exchange, Steps
from ..json_body import ImageSlots
from ..single_job import call_job
from .core_model import CoreModelCall
from .dual_encoder import DualEncoder, checked_texts

__all__ = ["Comparison", "compare"]

_KINDS = ("image", "text")


@frozen
class Comparison:
    """A subject and what it is compared with; checked when it is made, images are read later."""

    subject: object
    subject_type: str
    prompt: object
    """One prompt, a list of them, or a dictionary of them by name; never empty."""

    prompt_type: str
    version: str | None

    @classmethod
    def make(
        cls,
        *,
        subject: object,
        prompt: object,
        subject_type: str,
        prompt_type: str,
        version: str | None,
    ) -> Comparison:
        """Check the arguments.

        Raises:
            InvalidParameterError: One of them is not acceptable.

        """
        subject_type = checked_choice("subject_type", subject_type, _KINDS)
        prompt_type = checked_choice("prompt_type", prompt_type, _KINDS)
        return cls(
            subject=_checked_subject(subject, subject_type),
            subject_type=subject_type,
            prompt=_checked_prompt(prompt, prompt_type),
            prompt_type=prompt_type,
            version=version,
        )


def compare(encoder: DualEncoder, comparison: Comparison, model_call: CoreModelCall) -> Steps[dict[str, Any]]:
    """Describe `POST {route}/compare`; gives the answer with its `similarity` as list or by name."""
    chosen = {
        "subject_type": comparison.subject_type,
        "prompt_type": comparison.prompt_type,
        encoder.version_field: comparison.version,
    }
    yield from model_call.check(f"{encoder.route}/compare", chosen)
    exchange = partial(_exchange, encoder, comparison, model_call, chosen)
    return cast("dict[str, Any]", (yield from call_job(exchange)))


def _checked_subject(subject: object, kind: str) -> object:
    if kind == "text":
        if not isinstance(subject, str):
            raise InvalidParameterError(f"subject: expected text (subject_type='text'), got {type(subject).__name__}")
        return subject
    if is_image_list(subject) or isinstance(subject, Mapping):
        raise InvalidParameterError("subject: expected one image, got several; only prompts can be several")
    return subject


def _checked_prompt(prompt: object, kind: str) -> object:
    if isinstance(prompt, Mapping):
        return _checked_named_prompts(cast("Mapping[object, object]", prompt), kind)
    if kind == "text":
        return checked_texts("prompt", prompt)
    if is_image_list(prompt):
        if not prompt:
            raise InvalidParameterError("prompt: expected at least one image, got an empty sequence")
        return list(prompt)
    return prompt


def _checked_named_prompts(prompts: Mapping[object, object], kind: str) -> dict[str, object]:
    if not prompts:
        raise InvalidParameterError("prompt: expected at least one prompt, got an empty dictionary")
    checked: dict[str, object] = {}
    for name, prompt in prompts.items():
        if not isinstance(name, str):
            raise InvalidParameterError(f"prompt: expected names of text, got {name!r}")
        if kind == "text" and not isinstance(prompt, str):
            raise InvalidParameterError(f"prompt[{name!r}]: expected text, got {type(prompt).__name__}")
        checked[name] = prompt
    if {"type", "value"} <= checked.keys():
        raise InvalidParameterError(
            "prompt: the server takes a dictionary with the names 'type' and 'value' for one image; "
            "rename one of these prompts, or pass a list"
        )
    return checked


def _exchange(
    encoder: DualEncoder, comparison: Comparison, model_call: CoreModelCall, chosen: Mapping[str, Any]
) -> Exchange[Sequence[dict[str, Any]]]:
    slots = ImageSlots()
    # The order of the images in the body is the order they are placed in: subject, then prompts.
    fields = {
        **chosen,
        "subject": _placed(comparison.subject, comparison.subject_type, "subject", slots, model_call),
        "prompt": _placed_prompts(comparison, slots, model_call),
    }
    request = model_call.request(f"{encoder.route}/compare", fields, slots)
    return Exchange(request, partial(_read, prompt=comparison.prompt))


def _placed_prompts(comparison: Comparison, slots: ImageSlots, model_call: CoreModelCall) -> object:
    prompt, kind = comparison.prompt, comparison.prompt_type
    if is_object(prompt):
        return {name: _placed(value, kind, f"prompt[{name!r}]", slots, model_call) for name, value in prompt.items()}
    if is_array(prompt):
        return [_placed(value, kind, f"prompt[{position}]", slots, model_call) for position, value in enumerate(prompt)]
    return _placed(prompt, kind, "prompt", slots, model_call)


def _placed(value: object, kind: str, name: str, slots: ImageSlots, model_call: CoreModelCall) -> object:
    if kind == "text":
        return value
    try:
        return slots.place(prepare_image(value, model_call.image_options(), model_call.fetch))
    except HTTPClientError as error:
        error.add_note(f"The image is the argument {name}.")
        raise


def _read(answer: Answer, *, prompt: object) -> Sequence[dict[str, Any]]:
    body = answer.json_object()
    similarity = body.get("similarity")
    if is_object(prompt):
        complete = is_object(similarity) and similarity.keys() == prompt.keys()
        expected = f"a 'similarity' for each of the names {', '.join(map(repr, prompt))}"
    else:
        count = len(prompt) if is_array(prompt) else 1
        complete = is_array(similarity) and len(similarity) == count
        expected = f"a list 'similarity' of {count}"
    if not complete:
        raise InvalidResponseError(
            f"{answer.request} answered {answer.status}: expected {expected}, got {_described(similarity)}"
        )
    return [body]


def _described(similarity: object) -> str:
    if is_object(similarity):
        return f"the names {', '.join(map(repr, similarity))[:200]}"
    return f"a list of {len(similarity)}" if is_array(similarity) else type(similarity).__name__
