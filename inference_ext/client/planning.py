"""From a method's arguments to the steps of an inference call, for both shells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from attrs import evolve

from ..caller_warnings import warn_caller
from ..configuration import CallSettings, HTTPClientMode, InferenceConfiguration
from ..configuration.wire_names import shortcomings_of_v0
from ..errors import HTTPClientError, InvalidParameterError
from ..images import is_image_list
from ..operations.exchange import Steps
from ..operations.inference import InferenceCall, infer
from ..operations.tasks import TaskType
from .core import ClientCore

__all__ = ["Confidence", "InferencePlanning", "Plan", "one_or_many", "unchanged"]

Confidence: TypeAlias = float | Literal["best", "default"]
"""Lowest score, 0..1, or the threshold the model was evaluated best with, or the server's default."""

Plan = tuple[Steps[Any], CallSettings]
"""The steps of a call and the settings it runs with."""


def unchanged(result: Any) -> Any:
    """Hand a result on as it is."""
    return result


def one_or_many(
    inputs: object, run: Callable[[Sequence[object]], Steps[list[Any]]], read: Callable[[Any], Any] = unchanged
) -> Steps[Any]:
    """Give one result for one input and a list for a sequence of inputs, whatever its length.

    Args:
        inputs: What the caller handed over.
        run: The steps that give one result (or, with `on_error="return"`, one error) per input.
        read: Brings a result into the form the caller gets.

    """
    if is_image_list(inputs):
        results = yield from run(inputs)
        return [result if isinstance(result, HTTPClientError) else read(result) for result in results]
    (result,) = yield from run([inputs])
    if isinstance(result, HTTPClientError):
        # on_error="return" is about lists; one input has nothing left to go on with.
        raise result
    return read(result)


class InferencePlanning(ClientCore):
    """Builds inference calls; nothing here sends anything."""

    def _plan_inference(
        self,
        inference_input: object,
        model_id: str | None,
        *,
        settings: CallSettings,
        task: TaskType | None = None,
        read: Callable[[dict[str, Any]], Any] = unchanged,
    ) -> Plan:
        call = self._inference_call(model_id, settings, task)
        return one_or_many(inference_input, lambda images: infer(images, call), read), settings

    def _plan_typed_inference(
        self,
        image: object,
        model_id: str | None,
        task: TaskType,
        read: Callable[[dict[str, Any]], Any],
        changes: dict[str, Any],
    ) -> Plan:
        settings = self._settings()
        changes = {name: value for name, value in changes.items() if value is not None}
        # A typed result holds the picture as the server's text, whatever form `infer` is asked for.
        configuration = evolve(settings.configuration, output_visualisation_format="base64", **changes)
        if configuration.format == "image" and settings.mode is HTTPClientMode.V0:
            raise InvalidParameterError(
                "InferenceConfiguration.format: 'image' answers without predictions, so there is nothing to type; "
                "use 'image_and_json', or infer"
            )
        settings = evolve(settings, configuration=configuration)
        return self._plan_inference(image, model_id, settings=settings, task=task, read=read)

    def _inference_call(self, model_id: str | None, settings: CallSettings, task: TaskType | None) -> InferenceCall:
        chosen = self._chosen_model(model_id, settings)
        if settings.mode is HTTPClientMode.V0:
            self._check_v0(settings.configuration)
        return InferenceCall(
            settings=settings,
            model_id=chosen,
            credentials=self._credentials(settings),
            fetch=self._fetch(settings),
            task=task,
            known_models=self._known_models.find,
            remember_model=self._known_models.remember,
            check_server=self._compatibility.check,
        )

    def _check_v0(self, configuration: InferenceConfiguration) -> None:
        self._check_key_for_hosted_api()
        for sentence in shortcomings_of_v0(configuration):
            warn_caller(sentence)
