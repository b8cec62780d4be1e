"""A folder of images to one CSV file, a row for each prediction; an image that fails does not stop the others.

    python examples/folder_to_csv.py FOLDER MODEL TABLE.csv [URL]

URL is the server (default: http://localhost:9001); the key is taken from ROBOFLOW_API_KEY.
"""

import sys

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient, ResultTable


def main(folder: str, model_id: str, table: str, url: str = "http://localhost:9001") -> None:
    failed = 0
    with InferenceHTTPClient(url) as client, ResultTable(table) as rows:
        client.configure(InferenceConfiguration(on_error="return", max_concurrent_requests=16))
        # Images are read, sent and answered ahead of this loop, and come in the order of their names.
        for path, _, result in client.infer_on_stream(folder, model_id, progress=True):
            if isinstance(result, HTTPClientError):
                failed += 1
                print(f"{path}: {result}", file=sys.stderr)
            else:
                rows.add(path, result)
    print(f"{table} written, {failed} images failed")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except HTTPClientError as error:
        sys.exit(f"error: {error}")
