"""A session with the language server that editors run (pyright's, over standard input and output).

Only what the tests of this folder ask: JSON-RPC messages behind a Content-Length header, one question at a time.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

__all__ = ["LanguageServer", "language_server"]

_SECONDS = 120
"""After this time a session is ended, and the test that waits for an answer fails."""

_MARKDOWN = {"documentationFormat": ["markdown"]}
_CAPABILITIES = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "completion": {"completionItem": _MARKDOWN},
        "signatureHelp": {"signatureInformation": {**_MARKDOWN, "parameterInformation": {"labelOffsetSupport": True}}},
    },
}


class LanguageServer:
    """A server that has been initialised for a folder and a Python."""

    def __init__(self, sending: IO[bytes], receiving: IO[bytes], folder: Path, python: Path) -> None:
        self._sending = sending
        self._receiving = receiving
        self._ids = itertools.count(1)
        self._python = python
        root = folder.as_uri()
        workspace = {"processId": os.getpid(), "rootUri": root, "workspaceFolders": [{"uri": root, "name": "project"}]}
        self.ask("initialize", {**workspace, "capabilities": _CAPABILITIES})
        self.tell("initialized", {})

    def open(self, path: Path) -> None:
        """Open a file as an editor does."""
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": path.read_text()}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def ask_at(self, question: str, path: Path, line: int, column: int) -> Any:
        """Ask about a place in an open file: `hover`, `completion` or `signatureHelp`."""
        place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}
        return self.ask(f"textDocument/{question}", place)

    def ask(self, method: str, params: Mapping[str, Any] | None) -> Any:
        """Send a request and give its result; questions of the server in between are answered."""
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message:
                if "id" in message:
                    self._send({"id": message["id"], "result": self._answer(message)})
            elif message["id"] == number:
                assert "error" not in message, message["error"]
                return message["result"]

    def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def _answer(self, message: Mapping[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        settings: dict[str, Any] = {"python": {"pythonPath": str(self._python)}}
        return [settings.get(item.get("section"), {}) for item in message["params"]["items"]]

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._sending.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._sending.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while header := self._receiving.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server ended"
        message: dict[str, Any] = json.loads(self._receiving.read(length))
        return message


@contextmanager
def language_server(folder: Path, python: Path) -> Generator[LanguageServer]:
    """Run a server for a folder, with the packages of a Python."""
    command = [sys.executable, "-m", "pyright.langserver", "--stdio"]
    with (
        (folder / "language_server.log").open("wb") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=folder, start_new_session=True
        ) as process,
    ):
        # The server is a child of this process: both are ended, as a group.
        alarm = threading.Timer(_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            server = LanguageServer(process.stdin, process.stdout, folder, python)
            yield server
            server.ask("shutdown", None)
            server.tell("exit", None)
            process.wait(10)
        finally:
            alarm.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
