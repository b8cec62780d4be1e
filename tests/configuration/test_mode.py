"""Server addresses: which API they speak, and which are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext.configuration import HTTPClientMode, mode_for_url
from inference_ext.configuration.mode import normalise_api_url
from inference_ext.errors import InvalidParameterError

HOSTED = [
    "https://detect.roboflow.com",
    "https://outline.roboflow.com",
    "https://classify.roboflow.com",
    "https://infer.roboflow.com",
    "https://serverless.roboflow.com",
    "https://asyncinfer.roboflow.com",
    "https://serverless.roboflow.one",
    "https://asyncinfer.roboflow.one",
    "https://serverless.roboflow.eu",
    "https://serverless.roboflow-eu.one",
    "https://roboflow.com",
    "http://detect.roboflow.com",
    "HTTPS://DETECT.ROBOFLOW.COM",
    "https://detect.roboflow.com/",
    "https://detect.roboflow.com:443/v0",
    "https://detect.roboflow.com.",
    "https://a.b.roboflow.com",
]
OTHERS = [
    "http://localhost:9001",
    "http://127.0.0.1:9001",
    "http://[::1]:9001",
    "https://detect.roboflow.com.evil.example",
    "https://evil.example/detect.roboflow.com",
    "https://evil.example?https://detect.roboflow.com",
    "https://roboflow.com@evil.example",
    "https://notroboflow.com",
    "https://detect-roboflow.com",
    "https://roboflow.com.br",
    "https://roboflow.cloud",
    "https://my-deployment.roboflow.cloud",
    "https://roboflow.company",
    "https://com",
]


@pytest.mark.parametrize("url", HOSTED)
def test_hosted_addresses_start_in_v0(url: str) -> None:
    assert mode_for_url(url) is HTTPClientMode.V0


@pytest.mark.parametrize("url", OTHERS)
def test_every_other_address_starts_in_v1(url: str) -> None:
    assert mode_for_url(url) is HTTPClientMode.V1


@settings(max_examples=40, deadline=None)
@given(label=st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True), port=st.integers(1, 65535))
def test_the_domain_decides_not_what_it_looks_like(label: str, port: int) -> None:
    assert mode_for_url(f"https://{label}.roboflow.com:{port}") is HTTPClientMode.V0
    assert mode_for_url(f"https://{label}roboflow.com:{port}") is HTTPClientMode.V1
    assert mode_for_url(f"https://roboflow.com.{label}:{port}") is HTTPClientMode.V1
    assert mode_for_url(f"https://{label}.example/roboflow.com:{port}") is HTTPClientMode.V1


@pytest.mark.parametrize(
    ("given_url", "normal"),
    [
        ("http://localhost:9001", "http://localhost:9001"),
        ("http://localhost:9001/", "http://localhost:9001"),
        ("http://localhost:9001///", "http://localhost:9001"),
        ("http://proxy/inference/", "http://proxy/inference"),
        (" http://localhost:9001\n", "http://localhost:9001"),
        ("HTTP://localhost:9001", "http://localhost:9001"),
        ("http://[::1]:9001/", "http://[::1]:9001"),
        ("http://localhost:9001/?", "http://localhost:9001"),
        ("https://detect.roboflow.com/", "https://detect.roboflow.com"),
    ],
)
def test_addresses_are_brought_to_one_form(given_url: str, normal: str) -> None:
    assert normalise_api_url(given_url) == normal
    assert normalise_api_url(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        "",
        " ",
        "localhost",
        "localhost:9001",
        "127.0.0.1:9001",
        "//localhost:9001",
        "ftp://localhost",
        "http://",
        "http://:9001",
        "http:///path",
        "http://[::1",
        "http://localhost:port",
        "http://localhost:99999",
        "http://local host:9001",
        None,
        9001,
        b"http://localhost:9001",
    ],
)
def test_what_is_no_server_address_is_refused_with_an_example(url: object) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        normalise_api_url(url)  # type: ignore[arg-type]
    assert repr(url) in str(caught.value)
    assert "http://localhost:9001" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://someone:hidden@localhost:9001",
        "http://hidden@localhost:9001",
        "http://localhost:9001?api_key=hidden",
        "http://localhost:9001/?api_key=hidden",
        "http://localhost:9001/#hidden",
        "localhost:9001?api_key=hidden",
        "someone:hidden@localhost:9001",
        "ftp://localhost/#hidden",
        "http://localhost:port?api_key=hidden",
    ],
)
def test_a_secret_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        normalise_api_url(url)
    assert "hidden" not in str(caught.value)
