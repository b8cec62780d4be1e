"""Images behind URLs: fetched within the policy's limits, from the address that was checked."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import (
    HTTPClientError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidURLImageInput,
    URLAddressNotAllowedError,
    URLPolicy,
)

PIXELS = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
PNG = cv2.imencode(".png", PIXELS)[1].tobytes()
LOCAL = URLPolicy(allow_non_global_addresses=True, max_redirects=2, max_bytes=20_000, timeout=5)


@pytest.fixture(autouse=True)
def pictures(server: RecordingServer) -> None:
    def answer(request: Request) -> Reply:
        if request.path == "/image.png":
            return Reply(PNG, headers={"Content-Type": "image/png"})
        if request.path.startswith("/hop/"):
            left = int(request.path.rpartition("/")[2])
            target = f"/hop/{left - 1}" if left else "/image.png"
            return Reply(b"", status=302, headers={"Location": target})
        if request.path == "/elsewhere":
            return Reply(b"", status=302, headers={"Location": "http://169.254.169.254/latest"})
        if request.path == "/big":
            return Reply(b"\x89PNG\r\n\x1a\n" + bytes(30_000))
        if request.path == "/page":
            return Reply(b"<html></html>")
        if request.path == "/missing":
            return Reply(b"", status=404)
        return detector(request)

    server.answer = answer


@both_shells
def test_local_addresses_are_refused_unless_allowed(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"):
        with pytest.raises(URLAddressNotAllowedError, match="allow_non_global_addresses"):
            invoke(client, "detect_objects", f"http://{host}/image.png", model_id="p/1")
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("path", ["/image.png", "/hop/0", "/hop/1"])
def test_allowed_images_arrive_untouched(invoke: Invoke, server: RecordingServer, path: str) -> None:
    with InferenceHTTPClient(server.url, url_policy=LOCAL) as client:
        invoke(client, "detect_objects", server.url + path, model_id="p/1")
    np.testing.assert_array_equal(server.requests[-1].image(), PIXELS)
    assert server.requests[0].headers["host"] == server.url.removeprefix("http://")


@both_shells
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/hop/5", "more than 2 redirects"),
        ("/big", "larger than 20000 bytes"),
        ("/missing?signature=abc", "answered 404"),
        ("/page", "is not an image"),
    ],
)
def test_what_is_no_usable_image_is_refused(invoke: Invoke, server: RecordingServer, path: str, words: str) -> None:
    with (
        InferenceHTTPClient(server.url, url_policy=LOCAL) as client,
        pytest.raises(HTTPClientError, match=words) as caught,
    ):
        invoke(client, "detect_objects", server.url + path, model_id="p/1")
    assert "signature" not in str(caught.value)
    assert not any(request.path.startswith("/infer/") for request in server.requests)


@both_shells
def test_each_hop_is_checked_anew(invoke: Invoke, server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address is let through as if it were public; the redirect to the metadata service is not."""
    import ipaddress

    check = URLPolicy.check_address
    loopback = ipaddress.ip_address("127.0.0.1")
    monkeypatch.setattr(
        URLPolicy,
        "check_address",
        lambda self, address, host: None if address == loopback else check(self, address, host),
    )
    with (
        InferenceHTTPClient(server.url, url_policy=URLPolicy()) as client,
        pytest.raises(URLAddressNotAllowedError, match=r"169\.254\.169\.254"),
    ):
        invoke(client, "detect_objects", server.url + "/elsewhere", model_id="p/1")


@both_shells
def test_policy_can_turn_urls_off(invoke: Invoke, server: RecordingServer) -> None:
    with (
        InferenceHTTPClient(server.url, url_policy=URLPolicy(allow_urls=False)) as client,
        pytest.raises(InvalidURLImageInput, match="turned off"),
    ):
        invoke(client, "detect_objects", "https://example.com/a.jpg", model_id="p/1")


# -- URLs that are passed on

REMOTE = "https://images.example/street.jpg?signature=abc"


@pytest.fixture
def passing(client: InferenceHTTPClient, server: RecordingServer) -> InferenceHTTPClient:
    """A client that lets the server fetch images, and a server that did."""

    def answer(request: Request) -> Reply:
        if request.path.startswith("/model/"):
            return detector(request)
        images = request.json["image"] if request.path.startswith("/infer/") else None
        return Reply([{"predictions": []} for _ in images] if isinstance(images, list) else {"predictions": []})

    server.answer = answer
    return client.configure(InferenceConfiguration(image_url_handling="pass_through", max_batch_size=2))


@both_shells
def test_v1_passes_a_url_on(invoke: Invoke, passing: InferenceHTTPClient, server: RecordingServer) -> None:
    assert invoke(passing, "infer", f"  {REMOTE} ", model_id="p/1") == {"predictions": []}
    assert server.requests[-1].json["image"] == {"type": "url", "value": REMOTE}


@both_shells
def test_images_at_hand_and_urls_go_together(
    invoke: Invoke, passing: InferenceHTTPClient, server: RecordingServer
) -> None:
    assert len(invoke(passing, "infer", [PNG, REMOTE, REMOTE], model_id="p/1")) == 3
    first, second = sorted((request.json["image"] for request in server.requests[1:]), key=len, reverse=True)
    sent = [*(first if isinstance(first, list) else [first]), *(second if isinstance(second, list) else [second])]
    assert sorted(image["type"] for image in sent) == ["base64", "url", "url"]
    assert {image["value"] for image in sent if image["type"] == "url"} == {REMOTE}


@both_shells
def test_v0_passes_a_url_on(invoke: Invoke, passing: InferenceHTTPClient, server: RecordingServer) -> None:
    passing.select_api_v0()
    assert invoke(passing, "infer", REMOTE, model_id="p/1") == {"predictions": []}
    (request,) = server.requests
    assert request.query == {"api_key": "KEY-1", "image": REMOTE} | {
        name: value for name, value in request.query.items() if name not in ("api_key", "image")
    }
    assert request.body == b""


@both_shells
def test_core_models_and_workflows_pass_a_url_on(
    invoke: Invoke, passing: InferenceHTTPClient, server: RecordingServer
) -> None:
    wire = {"type": "url", "value": REMOTE}
    server.answer = lambda request: Reply(
        {"embeddings": [[1.0]]} if "clip" in request.path else {"outputs": [{"x": 1}], "similarity": [1.0]}
    )
    invoke(passing, "get_clip_image_embeddings", REMOTE)
    assert server.requests[-1].json["image"] == wire
    invoke(passing, "run_workflow", specification={"steps": []}, images={"image": [REMOTE]})
    assert server.requests[-1].json["inputs"] == {"image": [wire]}


@both_shells
def test_a_url_that_is_passed_on_is_not_shrunk(
    invoke: Invoke, passing: InferenceHTTPClient, server: RecordingServer
) -> None:
    """Coordinates are those of the image the URL names: the server saw it whole."""
    configuration = InferenceConfiguration(image_url_handling="pass_through", client_downsizing_disabled=False)
    box = {"x": 1500.5, "y": 700, "width": 20, "height": 30, "class": "a", "confidence": 0.5}
    answer = {"image": {"width": 3000, "height": 2000}, "predictions": [box]}
    server.answer = lambda request: detector(request) if request.path.startswith("/model/") else Reply(answer)
    with passing.use_configuration(configuration):
        assert invoke(passing, "infer", REMOTE, model_id="p/1") == answer


@both_shells
@pytest.mark.parametrize(
    ("policy", "url", "words"),
    [
        (URLPolicy(allow_urls=False), REMOTE, "turned off"),
        (URLPolicy(denied_hosts={"images.example"}), REMOTE, "host is refused"),
        (URLPolicy(allow_http=False), "http://images.example/a.jpg", "only https"),
        (URLPolicy(), "https://user:secret@images.example/a.jpg", "user name"),
    ],
)
def test_what_the_policy_says_about_the_text_holds_for_urls_that_are_passed_on(
    invoke: Invoke, server: RecordingServer, policy: URLPolicy, url: str, words: str
) -> None:
    with InferenceHTTPClient(server.url, url_policy=policy) as client:
        client.configure(InferenceConfiguration(image_url_handling="pass_through"))
        with pytest.raises(InvalidURLImageInput, match=words) as caught:
            invoke(client, "detect_objects", url, model_id="p/1")
    assert "secret" not in str(caught.value)
    assert "signature" not in str(caught.value)
    assert server.requests == []
