"""Plain HTTP against the server, standard library only: what the client is checked against."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

# Loopback only: a proxy of the surrounding environment must not see these requests.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
LIMIT = 60


@dataclass(frozen=True)
class Answer:
    """A status and a body."""

    status: int
    content_type: str
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def get(base: str, path: str) -> Answer:
    """GET a path."""
    return _send(urllib.request.Request(base + path, method="GET"))


def post_json(base: str, path: str, payload: object) -> Answer:
    """POST a JSON body."""
    return post_bytes(base, path, json.dumps(payload).encode(), "application/json")


def post_bytes(base: str, path: str, body: bytes, content_type: str) -> Answer:
    """POST a body as it is."""
    headers = {"Content-Type": content_type}
    return _send(urllib.request.Request(base + path, data=body, headers=headers, method="POST"))


def _send(request: urllib.request.Request) -> Answer:
    try:
        with _OPENER.open(request, timeout=LIMIT) as response:
            return Answer(response.status, response.headers.get("Content-Type", ""), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers.get("Content-Type", ""), error.read())
