"""Requests over https: a certificate that is trusted, one that is not, and one for another name."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from recording_server import recording_server
from throwaway_certificate import Certificate, make_certificate

PROGRAM = """
import asyncio, sys
import numpy as np
from inference_ext import HTTPServerConnectionError, InferenceConfiguration, InferenceHTTPClient

client = InferenceHTTPClient(sys.argv[1], api_key="KEY-1")
client.configure(InferenceConfiguration(max_retries=0, image_format="png"))
picture = np.random.default_rng(1).integers(0, 256, (600, 800, 3), np.uint8)

async def ask():
    results = [await client.infer_async(picture, model_id="p/1") for _ in range(2)]
    results += await client.infer_async([picture] * 3, model_id="p/1")
    await client.aclose()
    return results

try:
    results = [client.infer(picture, model_id="p/1") for _ in range(2)]
    results += client.infer([picture] * 3, model_id="p/1")
    results += asyncio.run(ask())
except HTTPServerConnectionError as error:
    try:
        asyncio.run(ask())
    except HTTPServerConnectionError as other:
        print("refused", error, other, sep=" | ")
else:
    print("answered", [result["image"]["width"] for result in results])
"""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate("localhost", tmp_path_factory.mktemp("certificate"))


def run(url: str, trusted: Path | None) -> str:
    variables = {} if trusted is None else {"SSL_CERT_FILE": str(trusted)}
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(PROGRAM), url]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_trusted_server_is_spoken_to(certificate: Certificate) -> None:
    with recording_server(certificate.server_context()) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        assert run(url, certificate.certificate) == f"answered {[800] * 10}"
        # Blocking calls one connection and up to three for the list; the same under asyncio.
        assert len({request.connection for request in server.requests}) <= 6


def test_an_unknown_certificate_is_refused(certificate: Certificate) -> None:
    with recording_server(certificate.server_context()) as server:
        out = run(server.url.replace("127.0.0.1", "localhost"), None)
        assert out.startswith("refused | ")
        assert out.lower().count("certificate") >= 2
        assert "KEY-1" not in out
        assert server.requests == []


def test_a_certificate_for_another_name_is_refused(certificate: Certificate) -> None:
    with recording_server(certificate.server_context()) as server:
        out = run(server.url, certificate.certificate)
        assert out.startswith("refused | ")
        assert server.requests == []
