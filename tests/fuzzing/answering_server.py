"""A client at the other end of a socket from a server that answers whatever it is told, byte for byte."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from functools import cache

from inference_ext import InferenceConfiguration, InferenceHTTPClient, RegisteredModels

from .oracle import KEY

__all__ = ["list_models"]

_CONFIGURATION = InferenceConfiguration(max_retries=0, request_timeout=5.0)


def list_models(answer: bytes, *, under_asyncio: bool) -> RegisteredModels:
    """Ask for the models over a connection that is answered with these bytes and closed."""
    server = _server()
    server.answer = answer
    with InferenceHTTPClient(server.url, api_key=KEY) as client:
        client.configure(_CONFIGURATION)
        return asyncio.run(_listed(client)) if under_asyncio else client.list_loaded_models()


async def _listed(client: InferenceHTTPClient) -> RegisteredModels:
    async with client:
        return await client.list_loaded_models_async()


class _Server:
    """Answers every connection with the same bytes, one after another."""

    def __init__(self) -> None:
        self.answer = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connected, _ = self._listener.accept()
            with suppress(OSError), connected:  # a client may hang up before it has all
                connected.settimeout(5.0)
                received = b""
                while b"\r\n\r\n" not in received and (taken := connected.recv(65536)):
                    received += taken
                connected.sendall(self.answer)
                connected.shutdown(socket.SHUT_WR)
                while connected.recv(65536):
                    pass


@cache
def _server() -> _Server:
    return _Server()
