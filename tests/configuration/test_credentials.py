"""An API key travels where it should, and is shown nowhere."""

from __future__ import annotations

import pytest

from inference_ext.configuration import ApiKeyTransport
from inference_ext.configuration.credentials import Credentials

KEY = "rf_0123456789abcdef"


@pytest.mark.parametrize(
    ("transport", "fields", "headers"),
    [
        (ApiKeyTransport.LEGACY, {"api_key": KEY}, ()),
        (ApiKeyTransport.HEADER, {}, (("authorization", f"Bearer {KEY}"),)),
        (ApiKeyTransport.BOTH, {"api_key": KEY}, (("authorization", f"Bearer {KEY}"),)),
    ],
)
def test_each_transport_puts_the_key_in_its_place(
    transport: ApiKeyTransport, fields: dict[str, str], headers: tuple[tuple[str, str], ...]
) -> None:
    credentials = Credentials(KEY, transport)
    assert credentials.in_place() == fields
    assert credentials.in_headers() == headers


@pytest.mark.parametrize("transport", ApiKeyTransport)
def test_a_missing_key_is_left_out(transport: ApiKeyTransport) -> None:
    credentials = Credentials(None, transport)
    assert credentials.in_place() == {}
    assert credentials.in_headers() == ()
    assert "api_key=None" in repr(credentials)


@pytest.mark.parametrize("transport", ApiKeyTransport)
def test_the_key_is_never_shown(transport: ApiKeyTransport) -> None:
    credentials = Credentials(KEY, transport)
    for shown in (repr(credentials), str(credentials), f"{credentials}", repr([credentials]), repr({1: credentials})):
        assert KEY not in shown
        assert "'***'" in shown
