"""What it costs to begin: `python -m benchmarks.start_up LIBRARY URL [PATH]` in a process that has loaded nothing.

Speaks as `worker.py` does, but with as few modules as Python allows, so that the library pays for all it needs. With a
path, the answer for that image is part of what is measured.
"""

import sys
import time


def main() -> None:
    """Import what a program names first, and send the images if there are any."""
    name, url, *paths = sys.argv[1:]
    print('{"ready": true}', flush=True)
    sys.stdin.readline()
    before = _resident_megabytes()
    cpu, wall = time.process_time(), time.perf_counter()
    library = __import__(name)
    make_client, _ = library.InferenceHTTPClient, library.InferenceConfiguration
    for path in paths:
        make_client(api_url=url, api_key="benchmark").infer(path, model_id="benchmark/1")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    after = _resident_megabytes()
    memory = f'"memory": {after - before}, "peak": {after}'
    print(f'{{"wall": {wall}, "cpu": {1e3 * cpu}, {memory}, "results": 1}}', flush=True)


def _resident_megabytes() -> float:
    """Memory this process holds; 0 where there is no /proc."""
    try:
        with open("/proc/self/status") as status:  # noqa: PTH123 - pathlib would be loaded for the library
            return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmRSS:"))
    except OSError:
        return 0.0


if __name__ == "__main__":
    main()
