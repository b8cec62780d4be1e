"""Wrong tests of users."""

import inference_ext.testing
from inference_ext.testing import (
    ErrorStatus,
    InferenceScript,
    RecordedRequest,
    ScriptedModel,
    ScriptedWorkflow,
    SlowAnswer,
    TimedOut,
    embedded_client,
    embedded_server,
)


def two_images(first: object, second: object) -> list[object]:
    return [first, second]


def scripts(script: InferenceScript) -> None:
    inference_ext.testing.embedded_clients  # wrong: no such name
    embedded_client(script).infer("a.jpg")  # wrong: a context manager
    embedded_client("people/3")  # wrong: text is no script
    with embedded_client(script, True):  # wrong: strict has a name
        pass
    with embedded_server(script) as url:
        url.infer("a.jpg")  # wrong: a text
    script.model("people/3")  # wrong: the task is missing
    script.model("people/3", "detection")  # wrong: no such task
    script.model("people/3", "object-detection", ["person"])  # wrong: class_names has a name
    script.workflow("w", "f", "v")  # wrong: two names
    script.route("/doctr/ocr")  # wrong: the method is missing
    script.inject(503)  # wrong: a number is no fault
    script.inject(TimedOut)  # wrong: a class is no fault
    script.inject(TimedOut(), 2)  # wrong: times has a name
    script.requests.clear()  # wrong: forget_requests
    script.answers_with([])  # wrong: of a model


def answers(model: ScriptedModel, workflow: ScriptedWorkflow, request: RecordedRequest) -> None:
    model.answers_with(3)  # wrong: a number is no answer
    model.answers_with("person")  # wrong: text is no answer
    model.answers_with(two_images)  # wrong: one image
    model.answer_with([])  # wrong: misspelled
    model.answers_with([]).requests[0].json  # wrong: parameters
    workflow.answers_with("count")  # wrong: outputs have names
    request.parameters.confidence  # wrong: a dictionary
    request.images[0].save("a.png")  # wrong: an array
    request.path = "/"  # wrong: read only


def faults() -> None:
    ErrorStatus()  # wrong: the status is missing
    ErrorStatus("503")  # wrong: text for a number
    ErrorStatus(503, retry_after="5")  # wrong: text for seconds
    SlowAnswer()  # wrong: how slow
    TimedOut(5)  # wrong: no argument
