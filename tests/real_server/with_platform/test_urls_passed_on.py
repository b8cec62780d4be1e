"""Images that the server fetches itself; an offline server would refuse to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inference_ext import InferenceConfiguration
from tests.both_shells import Invoke, both_shells
from tests.real_server import models
from tests.real_server.choices import every_mode, select
from tests.real_server.expected import check, check_all
from tests.real_server.scenes import THREE
from tests.recording_server import Reply, recording_server

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

BOXES = models.BOXES


@both_shells
@every_mode
def test_the_server_fetches_what_this_client_would_not(invoke: Invoke, client: InferenceHTTPClient, mode: str) -> None:
    """This client's own policy refuses loopback."""
    select(client, mode)
    client.configure(InferenceConfiguration(image_url_handling="pass_through"))
    with recording_server() as pictures:
        pictures.answer = lambda _: Reply(THREE.png, headers={"Content-Type": "image/png"})
        url = f"{pictures.url}/scene.png"
        check(BOXES, THREE, invoke(client, "infer", url, model_id=BOXES.model_id))
        check_all(BOXES, [THREE] * 3, invoke(client, "infer", [url, THREE.png, url], model_id=BOXES.model_id))
    assert pictures.paths() == ["GET /scene.png"] * 3
    assert all("inference-ext" not in request.headers["user-agent"] for request in pictures.requests)
