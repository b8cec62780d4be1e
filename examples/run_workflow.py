"""A workflow on images: outputs by their names, pictures among them saved.

    python examples/run_workflow.py WORKSPACE WORKFLOW IMAGE [URL]

URL is the server (default: http://localhost:9001); the key is taken from ROBOFLOW_API_KEY.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient


def main(workspace: str, workflow: str, image: str, url: str = "http://localhost:9001") -> None:
    with InferenceHTTPClient(url) as client:
        client.configure(InferenceConfiguration(output_visualisation_format="numpy"))
        outputs = client.run_workflow(workspace_name=workspace, workflow_id=workflow, images={"image": image})

    for name, value in outputs[0].items():
        if isinstance(value, np.ndarray):  # a picture: uint8, BGR
            cv2.imwrite(str(Path(image).with_name(f"{name}.png")), value)
            print(f"{name}: a picture of {value.shape[1]}x{value.shape[0]}, saved")
        else:
            print(f"{name}: {value}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except HTTPClientError as error:
        sys.exit(f"error: {error}")
