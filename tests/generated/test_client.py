"""The client object: addresses, its own and handed-in httpx clients, timeouts, closing."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from inference_api import Client
from inference_api.api.server import get_info

if TYPE_CHECKING:
    from loopback import LoopbackServer

INFO = {"name": "n", "version": "1", "uuid": "u"}


@pytest.fixture(autouse=True)
def info(server: LoopbackServer) -> None:
    server.answer(INFO)


def test_connections_are_kept_for_the_next_call(server: LoopbackServer) -> None:
    with Client(server.url) as client:
        for _ in range(3):
            get_info.sync(client=client)
    assert len({seen.port for seen in server.seen}) == 1


def test_a_closed_client_opens_again(server: LoopbackServer) -> None:
    client = Client(server.url)
    get_info.sync(client=client)
    client.close()
    client.close()
    get_info.sync(client=client)
    client.close()
    assert len({seen.port for seen in server.seen}) == 2


async def test_the_asynchronous_side_closes_and_opens_again(server: LoopbackServer) -> None:
    client = Client(server.url)
    await get_info.asyncio(client=client)
    await client.aclose()
    await client.aclose()
    await asyncio.gather(*(get_info.asyncio(client=client) for _ in range(3)))
    await client.aclose()
    assert len(server.seen) == 4


def test_a_path_in_the_address_is_kept(server: LoopbackServer) -> None:
    with Client(f"{server.url}/proxy/") as client:
        assert client.base_url == f"{server.url}/proxy"
        get_info.sync(client=client)
    assert server.seen[-1].target == "/proxy/info"


def test_a_handed_in_client_is_used_and_stays_open(server: LoopbackServer) -> None:
    with httpx.Client(headers={"X-Mine": "yes"}) as mine:
        client = Client(server.url).set_httpx_client(mine)
        with client:
            get_info.sync(client=client)
        assert client.get_httpx_client() is mine
        assert not mine.is_closed
        get_info.sync(client=client)
    assert [seen.headers["x-mine"] for seen in server.seen] == ["yes", "yes"]


async def test_a_handed_in_asynchronous_client_is_used_and_stays_open(server: LoopbackServer) -> None:
    async with httpx.AsyncClient(headers={"X-Mine": "yes"}) as mine:
        async with Client(server.url).set_async_httpx_client(mine) as client:
            await get_info.asyncio(client=client)
        assert client.get_async_httpx_client() is mine
        assert not mine.is_closed
    assert server.seen[-1].headers["x-mine"] == "yes"


def test_requests_go_to_the_address_of_the_client_whatever_was_handed_in(server: LoopbackServer) -> None:
    with httpx.Client(base_url="http://127.0.0.1:9") as mine:
        get_info.sync(client=Client(server.url).set_httpx_client(mine))
    assert len(server.seen) == 1


def test_the_key_is_a_bearer_token_and_never_shown(server: LoopbackServer) -> None:
    with Client(server.url, token="secret", headers={"X-Other": "1"}, cookies={"c": "2"}) as client:
        get_info.sync(client=client)
        assert repr(client) == f"Client({server.url!r})"
    headers = server.seen[-1].headers
    assert (headers["authorization"], headers["x-other"], headers["cookie"]) == ("Bearer secret", "1", "c=2")


def test_a_call_does_not_wait_for_ever() -> None:
    assert Client("http://x").get_httpx_client().timeout == httpx.Timeout(60.0, connect=5.0)
    assert Client("http://x").get_async_httpx_client().timeout == httpx.Timeout(60.0, connect=5.0)
    assert Client("http://x", timeout=None).get_httpx_client().timeout == httpx.Timeout(None)


async def test_a_server_that_is_silent_times_out(server: LoopbackServer) -> None:
    server.never_answer()
    with Client(server.url, timeout=0.2) as client, pytest.raises(httpx.ReadTimeout):
        get_info.sync(client=client)
    async with Client(server.url, timeout=0.2) as client:
        with pytest.raises(httpx.ReadTimeout):
            await get_info.asyncio(client=client)


def test_redirects_are_followed_only_when_asked_for(server: LoopbackServer) -> None:
    server.answer(b"", status=307, headers={"Location": "/elsewhere"})
    with Client(server.url) as client:
        assert client.send({"method": "get", "url": "/info"}).status_code == 307
    with Client(server.url, follow_redirects=True) as client, pytest.raises(httpx.TooManyRedirects):
        client.send({"method": "get", "url": "/info"})


@pytest.mark.parametrize("address", ["127.0.0.1:9001", "localhost", "", "ftp://host"])
def test_an_address_without_http_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="base_url must begin with http:// or https://"):
        Client(address)


def test_threads_share_one_httpx_client(server: LoopbackServer) -> None:
    with Client(server.url) as client:
        with ThreadPoolExecutor(8) as pool:
            clients = list(pool.map(lambda _: client.get_httpx_client(), range(32)))
            answers = list(pool.map(lambda _: get_info.sync(client=client), range(32)))
        assert len(set(map(id, clients))) == 1
    assert [answer.to_dict() for answer in answers] == [INFO] * 32
