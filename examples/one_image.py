"""One image, typed: what is where, and the picture with it drawn on.

    python examples/one_image.py IMAGE MODEL [URL]

URL is the server (default: http://localhost:9001); the key is taken from ROBOFLOW_API_KEY.
"""

import sys
from pathlib import Path

from inference_ext import HTTPClientError, InferenceHTTPClient


def main(image: str, model_id: str, url: str = "http://localhost:9001") -> None:
    with InferenceHTTPClient(url) as client:
        result = client.detect_objects(image, model_id=model_id, confidence=0.4)

    for box in result:
        print(f"{box.class_}: {box.confidence:.2f} at ({box.x:.0f}, {box.y:.0f}), {box.width:.0f}x{box.height:.0f}")
    print(f"{len(result)} found, {len(result.filter(min_confidence=0.8))} of them with 0.8 or more")

    annotated = Path(image).with_name(f"{Path(image).stem}-annotated.png")
    result.picture(image).save(annotated)
    print(f"drawn: {annotated}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except HTTPClientError as error:
        sys.exit(f"error: {error}")
