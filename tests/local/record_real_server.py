"""Record the answers of a real server 1.8.3 that serves the analytic models.

    python tests/local/record_real_server.py http://127.0.0.1:9301

Writes `recorded_answers.json` beside this file. The recording is committed: the tests need no server.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from wire_cases import CASES, Case, request_of  # type: ignore[import-not-found,unused-ignore]

KEPT_HEADERS = ("content-type", "x-inference-engine", "x-model-cold-start", "x-model-cold-start-count", "x-model-id")
IMAGE_KEYS = ("visualization", "segmentation_mask", "confidence_mask")


def pixels(data: bytes) -> dict[str, Any]:
    """Shape and hash of a picture's pixels: what matters, whichever version of a library encoded it."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        return {"bytes": len(data)}
    return {"shape": list(image.shape), "pixels": hashlib.sha256(image.tobytes()).hexdigest()}


def shortened(value: Any) -> Any:
    """The answer with every picture in it replaced by its pixels' hash, and echoed pictures by their length."""
    if isinstance(value, dict):
        return {
            key: pixels(base64.b64decode(item)) if key in IMAGE_KEYS else shortened(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [shortened(item) for item in value]
    if isinstance(value, str) and len(value) > 2000:
        return {"length": len(value)}
    return value


def record(base: str, case: Case) -> dict[str, Any]:
    """Status, headers and body of one call."""
    parts = urlsplit(base)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    method, target, headers, body = request_of(case)
    try:
        connection.request(method, target, body=body or None, headers=headers)
        response = connection.getresponse()
        payload = response.read()
    finally:
        connection.close()
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    content: Any
    if kept.get("content-type", "").startswith("application/json"):
        content = shortened(json.loads(payload)) if payload else None
    elif kept.get("content-type", "").startswith("text/"):
        content = payload.decode()
    else:
        content = pixels(payload) if payload else {"bytes": 0}
    return {"status": response.status, "headers": kept, "body": content}


def main() -> None:
    """Record every case in order (the registry cases depend on it)."""
    answers = {case.name: record(sys.argv[1], case) for case in CASES}
    assert len(answers) == len(CASES), "two cases have one name"
    path = Path(__file__).with_name("recorded_answers.json")
    path.write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(answers)} answers, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
