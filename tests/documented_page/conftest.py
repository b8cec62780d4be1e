"""A folder, a server and an image host for the documented programs, and what runs them there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from page_media import PAGE_IMAGE, make_page_media
from page_servers import IMAGE_PATH, answer_page, image_host, page_backend
from page_session import IMAGE_HOST, PageSession, SessionRunner
from recording_server import RecordingServer, recording_server
from throwaway_certificate import Certificate, make_certificate

from inference_ext.local import LocalBackend


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the programs run in."""
    return make_page_media(tmp_path_factory.mktemp("documented_page"))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(IMAGE_HOST, tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def backend() -> LocalBackend:
    """The embedded backend behind `server`; no model is loaded yet."""
    return page_backend()


@pytest.fixture
def server(server: RecordingServer, backend: LocalBackend) -> RecordingServer:
    """What the programs find at http://localhost:9001."""
    server.answer = answer_page(backend)
    return server


@pytest.fixture
def images(certificate: Certificate) -> Generator[RecordingServer]:
    """What the programs find at https://source.roboflow.com."""
    with recording_server(certificate.server_context()) as running:
        running.answer = image_host(IMAGE_PATH, PAGE_IMAGE)
        yield running


@pytest.fixture
def session(
    media: Path, tmp_path: Path, server: RecordingServer, images: RecordingServer, certificate: Certificate
) -> SessionRunner:
    """Runs programs in a fresh interpreter, whatever comes of it."""
    return SessionRunner(media, tmp_path, server.url, images.url, certificate)


@pytest.fixture
def run(session: SessionRunner) -> Callable[..., PageSession]:
    """Runs programs in a fresh interpreter; they must end well and without a word on standard error."""

    def run(*programs: Path | str) -> PageSession:
        done = session(*programs)
        assert (done.exit_status, done.errors) == (0, "")
        return done

    return run
