"""The script of a test: what the server answers, what goes wrong, and what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import InvalidParameterError
from ..local import LocalBackend
from ..operations.model_aliases import resolve_model_id
from .fault_plan import FaultPlan
from .faults import Fault, SlowAnswer
from .recorded_request import RecordedRequest
from .scripted_model import ScriptedModel
from .scripted_routes import ScriptedRoute, ScriptedWorkflow
from .targets import ScriptedTarget

if TYPE_CHECKING:
    from ..local import TaskType

__all__ = ["InferenceScript"]

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class InferenceScript:
    """What the embedded backend answers in a test, which faults it has, and what it was asked.

    Everything is checked when it is written down; a mistake raises `InvalidParameterError` there. One script can stand
    behind a client and behind a URL at the same time, and it may be changed while they are in use.

        >>> import numpy as np
        >>> from inference_ext.testing import ErrorStatus, InferenceScript, embedded_client
        >>> picture = np.full((48, 64, 3), 90, np.uint8)
        >>> script = InferenceScript()
        >>> people = script.model("people/3", "object-detection")
        >>> _ = people.answers_with(
        ...     [{"x": 20, "y": 30, "width": 10, "height": 20, "confidence": 0.9, "class": "person"}]
        ... )
        >>> _ = people.inject(ErrorStatus(503, "The model is loading"))
        >>> with embedded_client(script) as client:
        ...     result = client.detect_objects(picture, model_id="people/3", confidence=0.5)
        >>> [(box.class_, box.x, box.y) for box in result.predictions]
        [('person', 20, 30)]
        >>> len(people.requests)  # the client has repeated what failed with 503
        2
        >>> people.requests[1].parameters["confidence"], people.requests[1].images[0].shape
        (0.5, (48, 64, 3))
        >>> script.assert_all_used()

    Args:
        backend: The backend that answers what is not scripted. Default: a new one with its built-in models (`faces/1`,
            `objects/1`, ...).

    Raises:
        InvalidParameterError: `backend` is something else.
        MissingDependencyError: The extra `local` is not installed.

    """

    def __init__(self, *, backend: LocalBackend | None = None) -> None:
        if backend is not None and not isinstance(backend, LocalBackend):
            raise InvalidParameterError(f"backend: expected a LocalBackend or None, got {type(backend).__name__}")
        self._backend = LocalBackend() if backend is None else backend
        self._lock = threading.RLock()
        self._models: dict[str, ScriptedModel] = {}
        self._workflows: dict[tuple[str, str] | None, ScriptedWorkflow] = {}
        self._routes: dict[tuple[str, str], ScriptedRoute] = {}
        self._plan = FaultPlan("the script")
        self._requests: list[RecordedRequest] = []
        self._unexpected: list[str] = []

    # -- writing it

    def model(
        self,
        model_id: str,
        task: TaskType,
        *,
        class_names: Sequence[str] | None = None,
        keypoint_names: Sequence[str] | None = None,
        input_size: tuple[int, int] | None = None,
    ) -> ScriptedModel:
        """Script a model: the registry lists it, and all calls of its task run it, v0 and v1.

            >>> script = InferenceScript()
            >>> weather = script.model("weather/2", "classification")
            >>> _ = weather.answers_in_order(
            ...     [{"class": "rain", "confidence": 0.8}], [{"class": "sun", "confidence": 1}]
            ... )

        Args:
            model_id: `project/version`, or a short name such as `yolov8n-640`. A built-in model of this id is
                replaced.
            task: What it predicts.
            class_names: All class names; the position is the class id. Default: those of the answers, in the order in
                which they come. Needed for answers that are functions which return objects of `inference_ext.local`,
                and for a `SemanticMap` (the first one is the background).
            keypoint_names: All key point names, likewise.
            input_size: (width, height) in pixels that the registry reports; `None`: no fixed size.

        Returns:
            The model, to script its answers and faults and to look at its requests.

        Raises:
            InvalidParameterError: An argument is not acceptable, or the model is scripted already.

        """
        if not isinstance(model_id, str):
            raise InvalidParameterError(f"model_id: expected text, got {type(model_id).__name__}")
        resolved = resolve_model_id(model_id)
        with self._lock:
            if resolved in self._models:
                raise InvalidParameterError(f"model {resolved} is scripted already: go on with what script.model gave")
            made = ScriptedModel(
                resolved,
                task,
                self._backend,
                self._lock,
                class_names=class_names,
                keypoint_names=keypoint_names,
                input_size=input_size,
            )
            self._models[resolved] = made
        return made

    def workflow(self, workspace_name: str | None = None, workflow_id: str | None = None) -> ScriptedWorkflow:
        """Script the outputs of a workflow.

            >>> script = InferenceScript()
            >>> counting = script.workflow("my-workspace", "count-people")
            >>> _ = counting.answers_with({"count": 3})
            >>> with embedded_client(script) as client:
            ...     client.run_workflow("my-workspace", "count-people", images={"image": picture})
            [{'count': 3}]

        Args:
            workspace_name: Workspace of a saved workflow.
            workflow_id: The saved workflow. Without both, the outputs are those of every definition that is sent along
                (`run_workflow(specification=...)`).

        Raises:
            InvalidParameterError: Only one of the two is given, or the workflow is scripted already.

        """
        if (workspace_name is None) != (workflow_id is None):
            raise InvalidParameterError("workflow: pass workspace_name and workflow_id, or neither of them")
        key = None if workspace_name is None or workflow_id is None else (workspace_name, workflow_id)
        name = "workflow definitions" if key is None else f"workflow {key[0]}/{key[1]}"
        with self._lock:
            if key in self._workflows:
                raise InvalidParameterError(f"{name}: scripted already: go on with what script.workflow gave")
            made = self._workflows[key] = ScriptedWorkflow(name, self._lock)
        return made

    def route(self, method: str, path: str) -> ScriptedRoute:
        """Script any route of the server, such as those of the foundation models, which the backend does not have.

            >>> script = InferenceScript()
            >>> _ = script.route("POST", "/doctr/ocr").answers_with({"result": "EXIT"})
            >>> with embedded_client(script) as client:
            ...     client.ocr_image(picture)["result"]
            'EXIT'

        Args:
            method: Such as `POST`.
            path: Such as `/clip/embed_text`, without a query.

        Raises:
            InvalidParameterError: They are no method and path, or the route is scripted already.

        """
        if method not in _METHODS:
            raise InvalidParameterError(f"route: method has to be one of {', '.join(_METHODS)}; got {method!r}")
        if not isinstance(path, str) or not path.startswith("/") or "?" in path:
            raise InvalidParameterError(f"route: path has to begin with '/' and to have no query, got {path!r}")
        name = f"route {method} {path}"
        with self._lock:
            if (method, path) in self._routes:
                raise InvalidParameterError(f"{name} is scripted already: go on with what script.route gave")
            made = self._routes[method, path] = ScriptedRoute(name, self._lock)
        return made

    def inject(self, fault: Fault, *, times: int | None = 1, at: int | None = None) -> None:
        """Let something go wrong with the next requests, whatever they are about.

            >>> script = InferenceScript()
            >>> script.inject(ErrorStatus(502), times=2)  # the next two
            >>> script.inject(DroppedConnection(), at=5)  # the fifth

        Args:
            fault: `ErrorStatus(503)`, `TimedOut()`, `DroppedConnection()`, `NotJSON()` or `SlowAnswer(0.5)`.
            times: How many requests in a row meet it; `None`: all from then on. Every attempt of a call that repeats
                is a request of its own, and `infer` begins with asking what the model is.
            at: The first of them, counted from 1 as in `requests`. Default: the next one that meets no other fault.

        Raises:
            InvalidParameterError: It could never be met, or an argument is not acceptable.

        """
        with self._lock:
            self._plan.inject(fault, times, at)

    def clear_faults(self) -> None:
        """Take back all faults that no request has met, also those of models, workflows and routes."""
        with self._lock:
            self._plan.clear()
            for target in self._targets():
                target.clear_faults()

    # -- looking at what happened

    @property
    def backend(self) -> LocalBackend:
        """The backend that answers what is not scripted; `backend.register` adds functions of yours as models."""
        return self._backend

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """All requests in the order of arrival, also those that met a fault."""
        with self._lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Drop the recorded requests with their images; long tests need the memory."""
        with self._lock:
            self._requests.clear()
            for target in self._targets():
                target.forget_requests()

    def assert_all_used(self) -> None:
        """Check that everything scripted was met, and that nothing else was asked for.

        Raises:
            AssertionError: An answer or a fault was met by no request, or a request found nothing scripted.

        """
        with self._lock:
            unused = self._plan.unused()
            for target in self._targets():
                unused += target.unused()
            unexpected = list(self._unexpected)
        lines = [f"- not used: {each}" for each in unused] + [f"- not expected: {each}" for each in unexpected]
        if lines:
            raise AssertionError("\n".join(["the script and the requests do not fit:", *lines]))

    def __repr__(self) -> str:
        """Show what is scripted."""
        return f"<InferenceScript: {self.described()}>"

    # -- for the application

    @property
    def lock(self) -> threading.RLock:
        """Held while the script is read or changed."""
        return self._lock

    def arrive(self, request: RecordedRequest) -> tuple[ScriptedTarget[Any, Any] | None, list[Fault]]:
        """Record a request; gives what it is about and the faults it meets, of which only the last ends it."""
        with self._lock:
            self._requests.append(request)
            target = self._target_of(request)
            number = None if target is None else target.arrive(request)
            faults = [self._plan.fault_of(self._plan.arrive())]
            if target is not None and number is not None and not _ends(faults[0]):
                faults.append(target.fault_of(number))
        return target, [fault for fault in faults if fault is not None]

    def note_unexpected(self, what: str) -> None:
        """Remember what a request asked for in vain."""
        with self._lock:
            self._unexpected.append(what)

    def described(self) -> str:
        """Say in words what there is."""
        with self._lock:
            scripted = [target.name for target in self._targets()]
            models = [name for name in self._backend.model_ids if name not in self._models]
        told = f"scripted {', '.join(scripted) or 'nothing'}"
        return f"{told}; built in {', '.join(models)}" if models else told

    def _targets(self) -> list[ScriptedTarget[Any, Any]]:
        return [*self._models.values(), *self._workflows.values(), *self._routes.values()]

    def _target_of(self, request: RecordedRequest) -> ScriptedTarget[Any, Any] | None:
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return route
        if request.method == "POST" and (workflow := self._workflow_of(request.path)) is not None:
            return workflow
        if request.model_id is None or request.path.startswith("/model/"):
            return None
        return self._models.get(request.model_id)

    def _workflow_of(self, path: str) -> ScriptedWorkflow | None:
        if path in ("/workflows/run", "/infer/workflows"):
            return self._workflows.get(None)
        for key, workflow in self._workflows.items():
            if key is not None and path in (f"/{key[0]}/workflows/{key[1]}", f"/infer/workflows/{key[0]}/{key[1]}"):
                return workflow
        return None


def _ends(fault: Fault | None) -> bool:
    return fault is not None and not isinstance(fault, SlowAnswer)
