"""A live video on loopback, as an IP camera sends it: JPEG pictures one after the other, for as long as one listens.

A file would not do: a server that pauses a file reads it to its end meanwhile.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

SECONDS_PER_FRAME = 0.1


@contextmanager
def camera(
    frames: Sequence[bytes], frames_sent: int | None = None, stands_still_after: int | None = None
) -> Generator[str]:
    """Serve these JPEG pictures over and over while the block runs; gives the video's address.

    Args:
        frames: The pictures.
        frames_sent: Hang up after so many; `None` goes on.
        stands_still_after: Send no more after so many, but do not hang up.

    """
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            try:
                self._send_frames()
            except ConnectionError:
                return  # the viewer went away, as viewers do

        def _send_frames(self) -> None:
            number = 0
            while number != frames_sent and not ended.wait(SECONDS_PER_FRAME):
                if number == stands_still_after:
                    ended.wait()
                    return
                picture = frames[number % len(frames)]
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                self.wfile.write(head.encode() + picture + b"\r\n")
                number += 1

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/video.mjpg"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
