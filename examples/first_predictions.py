"""Typed predictions on real photographs, with the embedded backend: no server, no key, no network.

    python examples/first_predictions.py [FOLDER]

Writes the annotated pictures to FOLDER (default: out) and prints what was found.
"""

import sys
from pathlib import Path

import cv2

from inference_ext import InferenceHTTPClient
from inference_ext.local.photographs import photograph


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
    folder.mkdir(parents=True, exist_ok=True)

    # A server would be: InferenceHTTPClient("http://localhost:9001", api_key="...")
    with InferenceHTTPClient.embedded() as client:
        astronaut = photograph("astronaut")
        faces = client.detect_objects(astronaut.path, model_id="faces/1")
        for box in faces.predictions:
            print(f"{box.class_} {box.confidence:.2f}: centre ({box.x:.0f}, {box.y:.0f}), {box.width:.0f} pixels wide")
        cv2.imwrite(str(folder / "faces.png"), faces.annotate(astronaut.path))

        coins = photograph("coins")
        objects = client.segment_instances(coins.path, model_id="objects/1")
        print(f"{len(objects.predictions)} separate objects")
        cv2.imwrite(str(folder / "coins.png"), objects.annotate(coins.path))

        sharpness = client.classify([astronaut.path, coins.path], model_id="sharpness/1")
        print("sharp or blurred:", *(result.predicted_classes[0] for result in sharpness))

    for picture in (astronaut, coins):
        print(f"photograph {picture.name!r}: {picture.source} Licence: {picture.licence}")
    print(f"annotated pictures: {folder / 'faces.png'}, {folder / 'coins.png'}")


if __name__ == "__main__":
    main()
