"""A video to a video with the predictions drawn on, frame by frame, several frames in flight.

    python examples/annotate_video.py VIDEO MODEL ANNOTATED.mp4 [URL]

URL is the server (default: http://localhost:9001); the key is taken from ROBOFLOW_API_KEY.
"""

import sys

import cv2

from inference_ext import HTTPClientError, InferenceHTTPClient, draw_result


def main(video: str, model_id: str, annotated: str, url: str = "http://localhost:9001") -> None:
    source = cv2.VideoCapture(video)
    frames_per_second = source.get(cv2.CAP_PROP_FPS) or 25
    source.release()

    writer = None
    with InferenceHTTPClient(url) as client:
        for _, frame, result in client.infer_on_stream(video, model_id, progress=True):
            if writer is None:
                height, width = frame.shape[:2]
                writer = cv2.VideoWriter(annotated, cv2.VideoWriter.fourcc(*"mp4v"), frames_per_second, (width, height))
            writer.write(draw_result(result, frame))
    if writer is not None:
        writer.release()
        print(f"drawn: {annotated}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except HTTPClientError as error:
        sys.exit(f"error: {error}")
