"""For tests of programs that use this package: a ready client with scripted answers and faults.

A test gets fixtures from the installed package, with nothing to import::

    def test_people_are_counted(inference_client, inference_script):
        people = inference_script.model("people/3", "object-detection")
        people.answers_with([{"x": 20, "y": 30, "width": 10, "height": 20, "confidence": 0.9, "class": "person"}])
        assert count_people(inference_client, "street.jpg") == 1
        assert people.requests[0].parameters["confidence"] == 0.5

Without pytest::

    from inference_ext.testing import ErrorStatus, InferenceScript, embedded_client

    script = InferenceScript()
    script.model("people/3", "object-detection").answers_with([]).inject(ErrorStatus(503))
    with embedded_client(script) as client:
        ...

Code that makes its own client from a URL gets one from the fixture `inference_server_url`, or from `embedded_server`.

Needs the extra `local`: `pip install 'inference-ext[local]'`. Names are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .clients import embedded_client as embedded_client
    from .clients import embedded_server as embedded_server
    from .faults import DroppedConnection as DroppedConnection
    from .faults import ErrorStatus as ErrorStatus
    from .faults import Fault as Fault
    from .faults import NotJSON as NotJSON
    from .faults import SlowAnswer as SlowAnswer
    from .faults import TimedOut as TimedOut
    from .model_answers import AnswerFunction as AnswerFunction
    from .model_answers import ModelAnswer as ModelAnswer
    from .recorded_request import RecordedRequest as RecordedRequest
    from .script import InferenceScript as InferenceScript
    from .scripted_model import ScriptedModel as ScriptedModel
    from .scripted_routes import ScriptedRoute as ScriptedRoute
    from .scripted_routes import ScriptedWorkflow as ScriptedWorkflow
    from .targets import RequestFunction as RequestFunction

_MODULE_OF_NAME = {
    "AnswerFunction": ".model_answers",
    "DroppedConnection": ".faults",
    "ErrorStatus": ".faults",
    "Fault": ".faults",
    "InferenceScript": ".script",
    "ModelAnswer": ".model_answers",
    "NotJSON": ".faults",
    "RecordedRequest": ".recorded_request",
    "RequestFunction": ".targets",
    "ScriptedModel": ".scripted_model",
    "ScriptedRoute": ".scripted_routes",
    "ScriptedWorkflow": ".scripted_routes",
    "SlowAnswer": ".faults",
    "TimedOut": ".faults",
    "embedded_client": ".clients",
    "embedded_server": ".clients",
}

__all__ = [
    "AnswerFunction",
    "DroppedConnection",
    "ErrorStatus",
    "Fault",
    "InferenceScript",
    "ModelAnswer",
    "NotJSON",
    "RecordedRequest",
    "RequestFunction",
    "ScriptedModel",
    "ScriptedRoute",
    "ScriptedWorkflow",
    "SlowAnswer",
    "TimedOut",
    "embedded_client",
    "embedded_server",
]


if not TYPE_CHECKING:  # a type checker would take it for a promise that every name exists

    def __getattr__(name: str) -> Any:
        module = _MODULE_OF_NAME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(module, __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
