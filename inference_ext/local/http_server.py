"""Serving a WSGI application over HTTP/1.1 with kept-alive connections, one thread per connection.

Werkzeug's own server closes every connection after one answer, because it cannot know whether the application read
the whole body. Here the body is read before the application is called, so the next request always starts clean.
"""

from __future__ import annotations

import io
import ipaddress
import logging
import socket
import socketserver
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, TextIO, cast
from urllib.parse import unquote_to_bytes

from inference_ext.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from wsgiref.types import WSGIApplication, WSGIEnvironment

LOGGER = logging.getLogger("inference_ext.local")

KEEP_ALIVE_SECONDS = 5.0
"""An idle connection is closed after this, as the real server does."""

DEFAULT_PORT = 9001


class _BadBodyError(Exception):
    """A request body that does not follow HTTP."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "inference-ext-local"
    sys_version = ""
    timeout = KEEP_ALIVE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # Headers and body leave in one piece.

    def _answer(self) -> None:
        try:
            body = self._read_body()
        except _BadBodyError as error:
            self.close_connection = True
            self.send_error(400, str(error))
            return
        status, headers, content = self._run_application(self._environ(body))
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def __getattr__(self, name: str) -> Any:
        """One handler for every HTTP method; the base class looks for `do_GET` and the like."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            raise _BadBodyError("Content-Length is not a number.")
        return self._read_exactly(int(length))

    def _read_chunks(self) -> bytes:
        body = bytearray()
        while True:
            size_line = self.rfile.readline(1024).split(b";")[0].strip()
            try:
                size = int(size_line, 16)
            except ValueError as error:
                raise _BadBodyError("A chunk's size is not a hexadecimal number.") from error
            if size == 0:
                break
            body += self._read_exactly(size)
            self.rfile.readline(3)
        while self.rfile.readline(65536).strip():
            pass  # Trailers carry nothing the backend uses.
        return bytes(body)

    def _read_exactly(self, length: int) -> bytes:
        data = self.rfile.read(length)
        if len(data) < length:
            raise _BadBodyError(f"The body ended after {len(data)} of {length} bytes.")
        return data

    def _environ(self, body: bytes) -> WSGIEnvironment:
        path, _, query = self.path.partition("?")
        host, port = cast("tuple[str, int]", cast("Any", self.server.server_address)[:2])
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environ[key] = value
            elif key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
                header = f"HTTP_{key}"
                environ[header] = f"{environ[header]},{value}" if header in environ else value
        return environ

    def _run_application(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None
        ) -> Callable[[bytes], object]:
            started[:] = [(status, headers)]
            return written.append

        chunks = cast("HTTPServerForWSGI", self.server).application(environ, start_response)
        try:
            written.extend(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        status, headers = started[0]
        return status, headers, b"".join(written)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class names it so)
        """Log the request without its query, which may hold an API key."""
        line = (format % args).split("?", 1)
        hidden = "?..." + line[1].split(" ", 1)[-1] if len(line) == 2 else ""
        LOGGER.info("%s %s", self.client_address[0], line[0] + hidden)


class HTTPServerForWSGI(ThreadingHTTPServer):
    """HTTP/1.1 server for one WSGI application.

    Args:
        application: The WSGI application; called from several threads.
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.

    """

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    # As the base classes have them; without a declaration checkers infer each from what is assigned below.
    address_family: int
    server_name: str
    server_port: int

    def __init__(self, application: WSGIApplication, host: str, port: int) -> None:
        self.application = application
        self._open_connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which takes seconds where DNS is slow and is used nowhere."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = cast("tuple[str, int]", self.server_address[:2])

    @property
    def url(self) -> str:
        """Base URL of this server."""
        host, port = cast("tuple[str, int]", self.server_address[:2])
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that closing the server can end it."""
        with self._connections_lock:
            self._open_connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection and close it."""
        with self._connections_lock:
            self._open_connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 (the base class's signature)
        """Log what ended a connection; a client that went away is nothing to worry about."""
        error = sys.exception()
        if isinstance(error, ConnectionError | TimeoutError):
            LOGGER.debug("%s went away: %s", client_address, error)
        else:
            LOGGER.error("The connection of %s failed", client_address, exc_info=error)

    def server_close(self) -> None:
        """Stop listening, end all connections and wait for their threads."""
        with self._connections_lock:
            connections = list(self._open_connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                LOGGER.debug("a connection was already closed: %s", error)
        super().server_close()


def is_loopback(host: str) -> bool:
    """Whether an address can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(
    backend: WSGIApplication, host: str = "127.0.0.1", port: int = DEFAULT_PORT, *, output: TextIO | None = None
) -> None:
    """Serve a backend until the process is interrupted (Ctrl+C).

    Args:
        backend: The WSGI application.
        host: Address to listen on. The default can only be reached from this machine; any other address opens the
            backend, which has no authentication, to the network, and the first line printed says so.
        port: Port to listen on; 0 takes a free one.
        output: Where the start-up lines go; standard output by default.

    Raises:
        InvalidParameterError: `port` is out of range.
        OSError: The address cannot be listened on, for instance because the port is taken.

    """
    with _listening(backend, host, port) as server:
        lines = [f"Embedded inference backend, for development and tests, on {server.url} (Ctrl+C stops it)"]
        if not is_loopback(host):
            lines.append(f"WARNING: {host} is not a loopback address. Whoever reaches this port can use the backend.")
        print("\n".join(lines), file=output, flush=True)
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            print("Stopped.", file=output, flush=True)


@contextmanager
def serve_in_thread(backend: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
    """Serve a backend from a thread while the `with` block runs.

    Args:
        backend: The WSGI application.
        host: Address to listen on.
        port: Port to listen on; a free one by default.

    Yields:
        The base URL. After the block the port is closed and every thread has ended.

    Raises:
        InvalidParameterError: `port` is out of range.
        OSError: The address cannot be listened on.

    """
    with _listening(backend, host, port) as server:
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="inference-ext-local", daemon=True
        )
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


def _listening(backend: WSGIApplication, host: str, port: int) -> HTTPServerForWSGI:
    if not 0 <= port <= 65535:
        raise InvalidParameterError(f"port has to be from 0 to 65535, got {port}.")
    return HTTPServerForWSGI(backend, host, port)
