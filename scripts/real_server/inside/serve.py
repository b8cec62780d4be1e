"""Serves the real server's application with uvicorn, on loopback.

The application is put together as the server's own container does it (docker/config/cpu_http.py), without
active learning and without the call home.

    python -m real_server.inside.serve --host 127.0.0.1 --port 9001 --watch 5
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from functools import partial
from importlib import import_module
from multiprocessing import Process
from typing import Any


def build_application() -> Any:
    """Return the server's FastAPI application; starts its stream manager when the profile asks for one."""
    # Imported by name: the server exists only in its own environment, out of the type checkers' sight.
    settings = import_module("inference.core.env")
    if settings.ENABLE_STREAM_API:
        manager = import_module("inference.core.interfaces.stream_manager.manager_app.app")
        preloaded = settings.STREAM_API_PRELOADED_PROCESSES
        Process(target=partial(manager.start, expected_warmed_up_pipelines=preloaded)).start()

    registry = import_module("inference.core.registries.roboflow").RoboflowModelRegistry
    manager_of = import_module("inference.core.managers.base").ModelManager
    bounded = import_module("inference.core.managers.decorators.fixed_size_cache").WithFixedSizeCache
    model_types = import_module("inference.models.utils").ROBOFLOW_MODEL_TYPES
    interface = import_module("inference.core.interfaces.http.http_api").HttpInterface

    models = bounded(manager_of(model_registry=registry(model_types)), max_size=settings.MAX_ACTIVE_MODELS)
    return interface(models).app


def end_with(descriptor: int) -> None:
    """End the whole process group when the other end of the pipe `descriptor` is closed."""
    while os.read(descriptor, 1):
        pass
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--watch", type=int, required=True, help="file descriptor whose end of file ends the server")
    arguments = parser.parse_args()
    threading.Thread(target=end_with, args=(arguments.watch,), daemon=True).start()
    import_module("uvicorn").run(build_application(), host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
