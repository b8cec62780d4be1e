"""What the script does not have is told in words that help, and a script that was not played to its end is noticed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from scripted_scenes import CAR, PERSON, PICTURE, Place, choose, everywhere, modes

from inference_ext import HTTPCallErrorError, InferenceConfiguration
from inference_ext.local import DetectedInstance, Detection, LocalBackend
from inference_ext.testing import ErrorStatus, InferenceScript, RecordedRequest, TimedOut, embedded_client
from inference_ext.testing import embedded_server as serve


@both_shells
@everywhere
@modes
def test_an_unknown_model_is_told_with_those_that_there_are(invoke: Invoke, place: Place, mode: str) -> None:
    script = InferenceScript()
    script.model("people/3", "object-detection")
    script.workflow("space", "flow")
    script.route("POST", "/doctr/ocr")
    with place(script) as client:
        choose(client, mode)
        for method in ("infer", "detect_objects"):
            with pytest.raises(HTTPCallErrorError) as caught:
                invoke(client, method, PICTURE, model_id="people/4")
            assert caught.value.status_code == 404
            assert caught.value.api_message == (
                "The script has no model 'people/4'; script.model('people/4', task) adds it. There is scripted "
                "model people/3, workflow space/flow, route POST /doctr/ocr; built in faces/1, codes/1, objects/1, "
                "markers/1, foreground/1, sharpness/1, exposure/1."
            )


@both_shells
@pytest.mark.parametrize(
    ("method", "arguments", "addition"),
    [
        ("run_workflow", ("space", "flow"), "script.workflow('space', 'flow')"),
        ("run_workflow", (None, None, {}), "script.workflow()"),
        ("get_clip_text_embeddings", ("a text",), "script.route('POST', '/clip/embed_text')"),
        ("ocr_image", (PICTURE,), "script.route('POST', '/doctr/ocr')"),
    ],
)
def test_what_else_is_missing_is_told_with_how_to_add_it(
    invoke: Invoke, method: str, arguments: tuple[Any, ...], addition: str
) -> None:
    script = InferenceScript(backend=LocalBackend(builtin_models=False))
    with embedded_client(script) as client, pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, method, *arguments)
    assert f"; {addition} adds it. There is scripted nothing." in str(caught.value)
    with pytest.raises(AssertionError, match="not expected: POST /"):
        script.assert_all_used()


@both_shells
@modes
def test_answers_that_are_used_up_are_told(invoke: Invoke, mode: str) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order([PERSON], [CAR])
    with embedded_client(script) as client:
        choose(client, mode)
        client.configure(InferenceConfiguration(on_error="return", max_concurrent_requests=1))
        *good, bad = invoke(client, "infer", [PICTURE] * 3, model_id="mine/1")
    assert [one["predictions"][0]["class"] for one in good] == ["person", "car"]
    assert "model mine/1 has no answer for this request: 0 of 2 scripted are left, it needs one" in str(bad)
    assert bad.status_code == 500


def test_a_model_without_answers_is_told() -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection")
    with embedded_client(script) as client, pytest.raises(HTTPCallErrorError, match="none was scripted"):
        client.infer(PICTURE, model_id="mine/1")


def test_a_batch_takes_all_its_answers_or_none() -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order([PERSON], [CAR])
    with embedded_client(script, configuration=InferenceConfiguration(max_batch_size=3)) as client:
        with pytest.raises(HTTPCallErrorError, match="2 of 2 scripted are left, it needs 3 for one request"):
            client.infer([PICTURE] * 3, model_id="mine/1")
        results = client.infer([PICTURE] * 2, model_id="mine/1")
    assert [one["predictions"][0]["class"] for one in results] == ["person", "car"]


@both_shells
def test_an_answer_that_a_refused_request_could_not_have_waits_for_the_next(invoke: Invoke) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_in_order([PERSON], [CAR])
    settings = InferenceConfiguration(image_url_handling="pass_through", on_error="return", max_concurrent_requests=1)
    with embedded_client(script, configuration=settings) as client:
        # The backend fetches no images.
        results = invoke(client, "infer", [PICTURE, "https://example.com/a.jpg", PICTURE], model_id="mine/1")
    assert [one["predictions"][0]["class"] for one in results[::2]] == ["person", "car"]
    assert isinstance(results[1], HTTPCallErrorError)
    with pytest.raises(AssertionError, match="not expected: model mine/1 answered 400"):
        script.assert_all_used()


def failing(image: np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    raise RuntimeError(f"no answer for {image.shape}")


@both_shells
@pytest.mark.parametrize(
    ("function", "words"),
    [
        (failing, "Model mine/1 failed: RuntimeError: no answer for (48, 64, 3)"),
        (lambda _: [{"x": 1}], "InvalidParameterError: what <lambda> returned for mine/1['predictions'][0] has no 'y'"),
        (lambda _: 3, "what <lambda> returned for mine/1 has to be a dictionary"),
        (lambda _: [Detection(1, 2, 3, 4, "car")], "with class_names=[...]"),
        (lambda _: [Detection(3, 2, 1, 4, "car")], "greater than its x_max"),
    ],
)
def test_a_function_that_fails_is_told(invoke: Invoke, function: Any, words: str) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_with(function)
    with embedded_client(script) as client, pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "infer", PICTURE, model_id="mine/1")
    assert caught.value.status_code == 500
    assert words in str(caught.value)
    with pytest.raises(AssertionError, match="not expected: model mine/1 answered 500"):
        script.assert_all_used()


def test_a_mask_of_another_size_than_the_image_is_told() -> None:
    script = InferenceScript()
    instance = DetectedInstance(1, 2, 3, 4, "car", mask=np.ones((5, 5), np.bool_))
    script.model("mine/1", "instance-segmentation").answers_with([instance])
    with embedded_client(script) as client, pytest.raises(HTTPCallErrorError, match=r"shape \(48, 64\), got bool"):
        client.infer(PICTURE, model_id="mine/1")


def lacking(request: RecordedRequest) -> Any:
    return {"limit": request.parameters["limit"]}


@both_shells
@pytest.mark.parametrize("answer", [lacking, lambda _: {"a": object()}, lambda _: np.zeros(3)])
def test_a_function_of_a_request_that_fails_is_told(invoke: Invoke, answer: Any) -> None:
    script = InferenceScript()
    script.workflow("space", "flow").answers_with(answer)
    told = r"workflow space/flow failed: (KeyError|InvalidParameterError)"
    with embedded_client(script) as client, pytest.raises(HTTPCallErrorError, match=told):
        invoke(client, "run_workflow", "space", "flow")
    with pytest.raises(AssertionError, match="not expected: POST /space/workflows/flow"):
        script.assert_all_used()


# -- the end of a script


def test_nothing_left_is_fine() -> None:
    script = InferenceScript()
    script.assert_all_used()
    model = script.model("mine/1", "object-detection").answers_in_order([]).answers_with([PERSON])
    model.inject(ErrorStatus(503)).inject(ErrorStatus(503), at=3)
    script.inject(ErrorStatus(502), times=None)
    with embedded_client(script) as client:
        with pytest.raises(HTTPCallErrorError):
            client.infer_from_api_v0(PICTURE, model_id="mine/1")
        script.clear_faults()
        model.inject(ErrorStatus(503)).inject(ErrorStatus(503), at=6)
        client.infer_from_api_v0([PICTURE, PICTURE], model_id="mine/1")
    script.assert_all_used()


def test_everything_that_is_left_is_named() -> None:
    script = InferenceScript()
    script.model("a/1", "object-detection").answers_in_order([], [], []).inject(TimedOut(), times=2)
    script.model("b/1", "object-detection").answers_with([]).inject(TimedOut(), at=4)
    script.model("c/1", "object-detection").inject(TimedOut(), times=None)
    script.workflow("space", "flow").answers_with({})
    script.route("POST", "/a").answers_with({})
    script.inject(ErrorStatus(503, "busy"), at=9, times=None)
    with pytest.raises(AssertionError) as caught:
        script.assert_all_used()
    assert str(caught.value).splitlines() == [
        "the script and the requests do not fit:",
        "- not used: the script: ErrorStatus(status=503, message='busy', retry_after=0, body=None) from request 9 on",
        "- not used: model a/1: 3 of 3 answers in order",
        "- not used: model a/1: TimedOut(), 2 times",
        "- not used: model b/1: the answer of answers_with",
        "- not used: model b/1: TimedOut() of request 4",
        "- not used: model c/1: TimedOut()",
        "- not used: workflow space/flow: the answer of answers_with",
        "- not used: route POST /a: the answer of answers_with",
    ]


@pytest.mark.parametrize("place", [embedded_client, serve])
def test_strict_blocks_check_their_script(place: Any) -> None:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_with([])
    with place(script):
        pass
    with pytest.raises(AssertionError, match="not used: model mine/1"), place(script, strict=True):
        pass
    with pytest.raises(ZeroDivisionError), place(script, strict=True):
        raise ZeroDivisionError
