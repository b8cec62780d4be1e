"""Running documented programs in a fresh interpreter, in a folder and on a network that have what they name."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from throwaway_certificate import Certificate

__all__ = ["IMAGE_HOST", "PageSession", "SessionRunner"]

IMAGE_HOST = "source.roboflow.com"

PUBLIC_ADDRESS = "192.31.196.1"
"""The image host's address in the session: public, as the default URL policy asks, and one of the sinks for queries
that go nowhere (RFC 7535), in case a connection was not redirected."""

PROMPT = Path(__file__).with_name("prompt.py")
SECONDS = 60.0

_SWITCHES = ("PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "PYTHONWARNINGS")


@dataclass(frozen=True)
class PageSession:
    """What a session did."""

    values: dict[str, list[Any]]
    """Everything each name was bound to, in order, without functions and modules."""

    shown: list[Any]
    """What the prompt would have shown: the values of bare expressions but None."""

    output: str
    errors: str
    """Standard error: warnings, and the traceback of what ended the session."""

    exit_status: int

    def only(self, name: str) -> Any:
        """The value of a name that was bound once."""
        (value,) = self.values[name]
        return value


@dataclass(frozen=True)
class SessionRunner:
    """Runs sessions.

    Args:
        folder: Where they run.
        scratch: A folder for the runner's own files.
        server: URL of what answers at http://localhost:9001.
        images: URL of what answers at https://source.roboflow.com.
        certificate: The certificate that `images` shows.

    """

    folder: Path
    scratch: Path
    server: str
    images: str
    certificate: Certificate

    def __call__(self, *programs: Path | str) -> PageSession:
        """Run programs in one session: files as they stand, or texts."""
        report = self.scratch / "report.pickle"
        report.unlink(missing_ok=True)
        job = {
            "programs": [str(self._file(number, program)) for number, program in enumerate(programs)],
            "hosts": {"localhost": "127.0.0.1", IMAGE_HOST: PUBLIC_ADDRESS},
            "routes": {
                "127.0.0.1:9001": urlsplit(self.server).netloc,
                f"{PUBLIC_ADDRESS}:443": urlsplit(self.images).netloc,
            },
            "report": str(report),
        }
        done = subprocess.run(
            [sys.executable, "-P", str(PROMPT), json.dumps(job)],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        if not report.exists():
            raise RuntimeError(f"the session left no report:\n{done.stderr}")
        told = pickle.loads(report.read_bytes())
        return PageSession(told["values"], told["shown"], done.stdout, done.stderr, done.returncode)

    def _file(self, number: int, program: Path | str) -> Path:
        if isinstance(program, Path):
            return program
        path = self.scratch / f"program{number}.py"
        path.write_text(program, encoding="utf-8")
        return path

    def _environment(self) -> dict[str, str]:
        """This environment without what changes where a program connects and what it warns of."""
        passed_on = {
            name: value
            for name, value in os.environ.items()
            if not name.lower().endswith("_proxy") and name not in _SWITCHES
        }
        return passed_on | {"SSL_CERT_FILE": str(self.certificate.certificate)}
