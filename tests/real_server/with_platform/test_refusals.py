"""What the platform refuses arrives as the server's own refusal: status, words, and no key."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from real_server.platform_stand_in import GOOD_KEY, REFUSED_MODELS, UNPACKAGED_MODEL

from inference_ext import InferenceConfiguration
from inference_ext.errors import HTTPCallErrorError
from tests.both_shells import Invoke, both_shells
from tests.real_server import wire
from tests.real_server.choices import every_transport, select
from tests.real_server.features import HELP_URLS, PLATFORM_REFUSALS_TOLD_APART, needs
from tests.real_server.platform import tells_no_key
from tests.real_server.scenes import GREEN, THREE

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient
    from tests.real_server.platform import Platform


@dataclass(frozen=True)
class Call:
    """One way to ask for a model."""

    mode: str
    method: str
    has_image: bool = True

    def make(self, invoke: Invoke, client: InferenceHTTPClient, model_id: str) -> Any:
        """Make the call."""
        select(client, self.mode)
        return invoke(client, self.method, *([THREE.png] if self.has_image else []), model_id)


CALLS = [
    Call("v0", "infer"),
    Call("v1", "infer"),
    Call("v0", "detect_objects"),
    Call("v1", "detect_objects"),
    Call("v1", "load_model", has_image=False),
    Call("v1", "get_model_description", has_image=False),
]
every_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.mode}-{call.method}")


def status_of(refused: HTTPStatus) -> int:
    """Return the server's status for a refusal of the platform's."""
    told_by_all = refused in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
    has_own = refused < HTTPStatus.INTERNAL_SERVER_ERROR and (told_by_all or PLATFORM_REFUSALS_TOLD_APART.is_here)
    return refused if has_own else HTTPStatus.BAD_GATEWAY


def plain_answer(base: str, model_id: str) -> wire.Answer:
    """What the server says without this package in between."""
    return wire.post_json(base, "/model/add", {"model_id": model_id, "api_key": GOOD_KEY})


@both_shells
@every_call
@pytest.mark.parametrize(("model_id", "refused"), REFUSED_MODELS.items(), ids=REFUSED_MODELS)
def test_a_refused_model(
    invoke: Invoke, client: InferenceHTTPClient, base: str, call: Call, model_id: str, refused: HTTPStatus
) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        call.make(invoke, client, model_id)
    error, plain = caught.value, plain_answer(base, model_id)
    assert error.status_code == plain.status == status_of(refused)
    assert error.api_message == plain.json["message"]
    assert plain.json["message"] in str(error)
    assert error.help_url is None
    tells_no_key(error)


@needs(HELP_URLS)
@both_shells
@every_call
def test_a_model_that_cannot_be_loaded(invoke: Invoke, client: InferenceHTTPClient, base: str, call: Call) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        call.make(invoke, client, UNPACKAGED_MODEL)
    error, plain = caught.value, plain_answer(base, UNPACKAGED_MODEL)
    assert error.status_code == plain.status == 500
    assert error.api_message == plain.json["message"]
    assert error.help_url == plain.json["help_url"]
    assert error.help_url is not None
    assert error.help_url.startswith("https://")
    assert error.help_url in str(error)
    tells_no_key(error)


@both_shells
def test_a_list_says_which_picture_was_refused(invoke: Invoke, client: InferenceHTTPClient) -> None:
    client.select_api_v0()
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "infer", [GREEN.png, THREE.png], "unpaid/1")
    assert caught.value.input_index == 0
    tells_no_key(caught.value)


@both_shells
@every_call
@every_transport
def test_the_key_is_handed_on_to_the_platform(
    invoke: Invoke, client: InferenceHTTPClient, platform: Platform, call: Call, transport: Any
) -> None:
    client.configure(InferenceConfiguration(api_key_transport=transport, max_retries=0))
    before = len(platform.asked())
    with pytest.raises(HTTPCallErrorError):
        call.make(invoke, client, "no-such-model/1")
    # Of this model: a server's own threads still ask about those of tests before, with the keys of those.
    about_it = [
        question
        for question in platform.asked()[before:]
        if any("no-such-model" in text for text in (question.path, *question.query.values()))
    ]
    assert {question.key for question in about_it} == {GOOD_KEY}
