from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from core_model_server import (
    KEY_PLACES,
    assert_key_travelled,
    comparer,
    connected,
    decoded,
    embedder,
    grey_value,
    plain,
    sent_values,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from recording_server import RecordingServer, Reply, Request, recording_server

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidParameterError,
    InvalidResponseError,
)

PNG = InferenceConfiguration(image_format="png")


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = embedder
    with connected(server) as made:
        made.configure(PNG)
        yield made


# -- images


@both_shells
def test_one_image_is_one_request_and_one_result(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    result = invoke(client, "get_clip_image_embeddings", plain(7))
    assert result == {"inference_id": "i", "frame_id": None, "time": 0.25, "embeddings": [[7.0]]}
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/clip/embed_image", {})
    assert request.headers["content-type"] == "application/json"
    assert request.json.keys() == {"api_key", "image"}
    assert sent_values(request) == [7]


@both_shells
def test_version_and_labels_travel_in_the_body_and_billing_in_the_query(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(
        InferenceConfiguration(source="app", source_info="unit", count_inference=False, service_secret="S")
    )
    invoke(client, "get_clip_image_embeddings", plain(1), clip_version="RN50")
    body = server.requests[0].json
    del body["image"]
    assert body == {"api_key": "KEY-1", "source": "app", "source_info": "unit", "clip_version_id": "RN50"}
    assert server.requests[0].query == {"service_secret": "S", "countinference": "False"}


@both_shells
@pytest.mark.parametrize("place", KEY_PLACES, ids=lambda place: f"{place[0]}-{place[1]}")
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_clip_image_embeddings", (plain(1),)),
        ("get_clip_text_embeddings", ("a fox",)),
        ("clip_compare", (plain(1), "a fox")),
    ],
)
def test_key_travels_where_it_belongs(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: tuple[Any, ...],
    place: Any,
) -> None:
    server.answer = comparer if method == "clip_compare" else embedder
    (client.select_api_v0 if place[0] == "v0" else client.select_api_v1)()
    client.configure(InferenceConfiguration(api_key_transport=place[1]))
    invoke(client, method, *arguments)
    assert_key_travelled(server.requests[0], place)


@both_shells
def test_list_of_one_is_a_list_of_one(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    (result,) = invoke(client, "get_clip_image_embeddings", [plain(9)])
    assert result["embeddings"] == [[9.0]]
    assert isinstance(server.requests[0].json["image"], dict)
    assert invoke(client, "get_clip_image_embeddings", []) == []
    assert len(server.requests) == 1


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.integers(0, 255), max_size=11), size=st.integers(1, 5), window=st.integers(1, 3))
def test_every_image_gets_its_own_vector_whatever_the_batches(values: list[int], size: int, window: int) -> None:
    with recording_server() as server, connected(server) as client:
        server.answer = embedder
        client.configure(
            InferenceConfiguration(image_format="png", max_batch_size=size, max_concurrent_requests=window)
        )
        results = client.get_clip_image_embeddings([plain(value) for value in values])
        assert [result["embeddings"] for result in results] == [[[float(value)]] for value in values]
        assert all(result["time"] == 0.25 and result["inference_id"] == "i" for result in results)
        batches = sorted(len(sent_values(request)) for request in server.requests)
        assert sum(batches) == len(values)
        assert len(batches) == -(-len(values) // size)
        assert all(batch <= size for batch in batches)


@both_shells
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"embeddings": [[1.0]]}, "1 embeddings for 2 inputs"),
        ({"embeddings": [[1.0], [2.0], [3.0]]}, "3 embeddings for 2 inputs"),
        ({"time": 1}, "the list 'embeddings'"),
        ([{"embeddings": [[1.0]]}], "one JSON object"),
        ("text", "one JSON object"),
    ],
)
def test_answer_that_does_not_fit_the_images_is_refused(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, answer: Any, message: str
) -> None:
    server.answer = lambda _: Reply(answer)
    client.configure(InferenceConfiguration(max_batch_size=2))
    with pytest.raises(InvalidResponseError, match=message):
        invoke(client, "get_clip_image_embeddings", [plain(1), plain(2)])


@both_shells
def test_failed_image_is_named_and_can_be_returned(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    images = [plain(1), "missing.jpg", plain(3)]
    with pytest.raises(InvalidInputFormatError, match="no such file") as caught:
        invoke(client, "get_clip_image_embeddings", images)
    assert caught.value.input_index == 1
    client.configure(InferenceConfiguration(image_format="png", on_error="return"))
    first, second, third = invoke(client, "get_clip_image_embeddings", images)
    assert (first["embeddings"], third["embeddings"]) == ([[1.0]], [[3.0]])
    assert isinstance(second, InvalidInputFormatError)
    with pytest.raises(InvalidInputFormatError):
        invoke(client, "get_clip_image_embeddings", "missing.jpg")
    assert server.paths() == ["POST /clip/embed_image"] * len(server.requests)


@both_shells
def test_error_of_the_server_is_raised(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply({"message": "no weights"}, status=400)
    with pytest.raises(HTTPCallErrorError, match="POST /clip/embed_image answered 400: no weights"):
        invoke(client, "get_clip_image_embeddings", plain(1))


# -- texts


@both_shells
@pytest.mark.parametrize(("text", "sent"), [("fox", "fox"), (["a", "bcd"], ["a", "bcd"]), (("ab",), ["ab"]), ("", "")])
def test_texts_travel_as_they_are_and_without_an_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, text: Any, sent: Any
) -> None:
    result = invoke(client, "get_clip_text_embeddings", text, clip_version="ViT-B-32")
    lengths = [len(entry) for entry in ([sent] if isinstance(sent, str) else sent)]
    assert result["embeddings"] == [[float(length)] for length in lengths]
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/clip/embed_text")
    assert request.json == {"api_key": "KEY-1", "text": sent, "clip_version_id": "ViT-B-32"}


@both_shells
def test_answer_with_one_key_does_not_break(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"embeddings": [[1.0]]})
    assert invoke(client, "get_clip_text_embeddings", "fox") == {"embeddings": [[1.0]]}
    assert invoke(client, "get_clip_image_embeddings", plain(1)) == {"embeddings": [[1.0]]}
    server.answer = lambda _: Reply({"similarity": [0.5]})
    assert invoke(client, "clip_compare", plain(1), "fox") == {"similarity": [0.5]}


@both_shells
@pytest.mark.parametrize("text", [None, 5, [], ["a", 1], [["a"]], b"fox", {"a": "b"}])
def test_texts_are_checked_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, text: Any
) -> None:
    with pytest.raises(InvalidParameterError, match="text"):
        invoke(client, "get_clip_text_embeddings", text)
    assert server.requests == []


@both_shells
def test_text_answer_must_have_a_vector_for_each_text(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"embeddings": [[1.0]]})
    with pytest.raises(InvalidResponseError, match="1 embeddings for 2 inputs"):
        invoke(client, "get_clip_text_embeddings", ["a", "b"])


# -- comparison

IMAGES = {"one": plain(10), "list": [plain(10), plain(20)], "names": {"dark": plain(10), "light": plain(20)}}
TEXTS = {"one": "fox", "list": ["fox", "an owl"], "names": {"f": "fox", "o": "an owl"}}


@both_shells
@pytest.mark.parametrize("subject_type", ["image", "text"])
@pytest.mark.parametrize("prompt_type", ["image", "text"])
@pytest.mark.parametrize("form", ["one", "list", "names"])
def test_all_kinds_of_subject_and_prompt(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    subject_type: str,
    prompt_type: str,
    form: str,
) -> None:
    server.answer = comparer
    subject: Any = plain(200) if subject_type == "image" else "a subject"
    prompt: Any = (IMAGES if prompt_type == "image" else TEXTS)[form]
    result = invoke(client, "clip_compare", subject, prompt, subject_type=subject_type, prompt_type=prompt_type)
    scores = [0.1, 0.2] if prompt_type == "image" else [0.03, 0.06]
    if form == "names":
        assert result["similarity"] == dict(zip(prompt, scores, strict=True))
    else:
        assert result["similarity"] == (scores if form == "list" else scores[:1])
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/clip/compare")
    body = request.json
    assert body.keys() == {"api_key", "subject", "subject_type", "prompt", "prompt_type"}
    assert (body["subject_type"], body["prompt_type"]) == (subject_type, prompt_type)
    assert (grey_value(body["subject"]) == 200) if subject_type == "image" else (body["subject"] == "a subject")
    if prompt_type == "text":
        assert body["prompt"] == prompt


@both_shells
def test_default_is_an_image_and_texts(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = comparer
    assert invoke(client, "clip_compare", subject=plain(1), prompt=["fox", "dog!"])["similarity"] == [0.03, 0.04]
    assert (server.requests[0].json["subject_type"], server.requests[0].json["prompt_type"]) == ("image", "text")
    invoke(client, "clip_compare", plain(1), "fox", clip_version="RN101")
    assert server.requests[1].json["clip_version_id"] == "RN101"


@both_shells
def test_dictionary_with_one_name_stays_a_dictionary(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = comparer
    assert invoke(client, "clip_compare", plain(1), {"f": "fox"})["similarity"] == {"f": 0.03}
    assert server.requests[0].json["prompt"] == {"f": "fox"}
    result = invoke(client, "clip_compare", plain(1), [plain(50)], prompt_type="image")
    assert result["similarity"] == [0.5]
    assert isinstance(server.requests[1].json["prompt"], list)


@settings(max_examples=30, deadline=None)
@given(
    prompts=st.dictionaries(st.text(), st.integers(0, 255), min_size=1, max_size=6).filter(
        lambda prompts: not {"type", "value"} <= prompts.keys()
    )
)
def test_every_named_image_arrives_under_its_name(prompts: dict[str, int]) -> None:
    received: list[Request] = []

    def answer(request: Request) -> Reply:
        received.append(request)
        return comparer(request)

    with recording_server() as server, connected(server) as client:
        server.answer = answer
        client.configure(PNG)
        named = {name: plain(value) for name, value in prompts.items()}
        result = client.clip_compare(plain(99), named, prompt_type="image")
    assert result["similarity"] == {name: value / 100 for name, value in prompts.items()}
    assert grey_value(received[0].json["subject"]) == 99


@both_shells
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"subject_type": "video"}, "^subject_type: expected one of 'image', 'text', got 'video'"),
        ({"prompt_type": None}, "^prompt_type: expected one of"),
        ({"subject_type": "text"}, "^subject: expected text"),
        ({"subject": [plain(1)]}, "^subject: expected one image"),
        ({"subject": {"a": plain(1)}}, "^subject: expected one image"),
        ({"prompt": []}, "^prompt: expected at least one text"),
        ({"prompt": [], "prompt_type": "image"}, "^prompt: expected at least one image"),
        ({"prompt": {}}, "^prompt: expected at least one prompt"),
        ({"prompt": {1: "fox"}}, "^prompt: expected names of text"),
        ({"prompt": {"f": 1}}, r"^prompt\['f'\]: expected text"),
        ({"prompt": ["fox", plain(1)]}, r"^prompt\[1\]: expected text, got ndarray"),
        ({"prompt": plain(1)}, "^prompt: expected text or a sequence of texts"),
        ({"prompt": {"type": "fox", "value": "owl"}}, "'type' and 'value'"),
        ({"clip_version": 5}, "^clip_version: expected text"),
    ],
)
def test_comparison_is_checked_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidParameterError, match=message):
        invoke(client, "clip_compare", **{"subject": plain(1), "prompt": "fox", **arguments})
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("on_error", ["raise", "return"])
@pytest.mark.parametrize(
    ("subject", "prompt", "place"),
    [
        ("missing.jpg", [plain(1)], "subject"),
        (plain(1), "missing.jpg", "prompt"),
        (plain(1), [plain(2), "missing.jpg"], "prompt[1]"),
        (plain(1), {"dark": plain(2), "light": "missing.jpg"}, "prompt['light']"),
    ],
)
def test_unreadable_image_is_named_and_nothing_is_sent(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    subject: Any,
    prompt: Any,
    place: str,
    on_error: Any,
) -> None:
    client.configure(InferenceConfiguration(on_error=on_error))
    with pytest.raises(InvalidInputFormatError, match="no such file") as caught:
        invoke(client, "clip_compare", subject, prompt, prompt_type="image")
    assert caught.value.__notes__ == [f"The image is the argument {place}."]
    assert caught.value.input_index is None
    assert server.requests == []


@both_shells
@pytest.mark.parametrize(
    ("prompt", "answer", "message"),
    [
        (["fox", "dog"], {"similarity": [0.5]}, "expected a list 'similarity' of 2, got a list of 1"),
        (["fox"], {"similarity": {"fox": 0.5}}, "expected a list 'similarity' of 1, got the names 'fox'"),
        ({"f": "fox"}, {"similarity": [0.5]}, "for each of the names 'f', got a list of 1"),
        ({"f": "fox"}, {"similarity": {"d": 0.5}}, "for each of the names 'f', got the names 'd'"),
        ("fox", {"time": 0.5}, "expected a list 'similarity' of 1, got NoneType"),
        ("fox", [0.5], "expected one JSON object, got list"),
    ],
)
def test_similarity_must_fit_the_prompts(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, prompt: Any, answer: Any, message: str
) -> None:
    server.answer = lambda _: Reply(answer)
    with pytest.raises(InvalidResponseError, match=f"POST /clip/compare answered 200: .*{message}"):
        invoke(client, "clip_compare", plain(1), prompt)


@both_shells
def test_image_prompts_are_turned_upright_like_any_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    wide = Image.fromarray(np.zeros((4, 9, 3), np.uint8))
    exif = wide.getexif()
    exif[0x0112] = 6
    wide.info["exif"] = exif.tobytes()
    server.answer = comparer
    invoke(client, "clip_compare", "text", wide, subject_type="text", prompt_type="image")
    assert decoded(server.requests[0].json["prompt"]).shape == (9, 4, 3)
