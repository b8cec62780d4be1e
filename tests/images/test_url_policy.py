"""Which image URLs are fetched: by their text, and by the address their host has."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext.errors import InvalidParameterError, InvalidURLImageInput, URLAddressNotAllowedError
from inference_ext.images import URLPolicy

# -- the text of a URL


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.jpg",
        "http://example.com/a.jpg",
        "HTTPS://EXAMPLE.COM/a.jpg",
        "https://example.com:8443/a.jpg?signature=1#part",
        "https://nas/a.jpg",
        "https://192.168.0.7/a.jpg",  # its address is another check
        "https://[2001:db8::1]:443/a.jpg",
    ],
)
def test_ordinary_urls_pass_the_default_policy(url: str) -> None:
    URLPolicy().check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a.jpg",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https://",
        "https:///a.jpg",
        "https://?a=b",
        "https://.",
        "https://[::1/a.jpg",
        "https://example.com:port/a.jpg",
        "https://example.com:99999/a.jpg",
        "//example.com/a.jpg",
        "example.com/a.jpg",
    ],
)
def test_what_is_no_http_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidURLImageInput):
        URLPolicy().check_url(url)


@pytest.mark.parametrize("user", ["someone", "someone:pass-word", ":pass-word", "example.com\\"])
def test_a_user_in_the_url_is_refused_and_not_repeated(user: str) -> None:
    with pytest.raises(InvalidURLImageInput) as caught:
        URLPolicy().check_url(f"https://{user}@internal.example/a.jpg")
    assert "pass-word" not in str(caught.value)


def test_the_query_is_in_no_message() -> None:
    with pytest.raises(InvalidURLImageInput) as caught:
        URLPolicy(allow_urls=False).check_url("https://example.com/a.jpg?signature=hidden")
    assert "hidden" not in str(caught.value)
    assert "allow_urls" in str(caught.value)


def test_plain_http_can_be_turned_off() -> None:
    policy = URLPolicy(allow_http=False)
    policy.check_url("https://example.com/a.jpg")
    with pytest.raises(InvalidURLImageInput, match="allow_http"):
        policy.check_url("http://example.com/a.jpg")


@pytest.mark.parametrize("host", ["nas", "localhost", "nas.", "NAS", "2130706433", "0x7f000001"])
def test_bare_host_names_can_be_turned_off(host: str) -> None:
    URLPolicy().check_url(f"http://{host}/a.jpg")
    with pytest.raises(InvalidURLImageInput, match="allow_hosts_without_domain"):
        URLPolicy(allow_hosts_without_domain=False).check_url(f"http://{host}/a.jpg")


def test_addresses_are_no_bare_host_names() -> None:
    policy = URLPolicy(allow_hosts_without_domain=False)
    policy.check_url("http://8.8.8.8/a.jpg")
    policy.check_url("http://[2606:4700::1111]/a.jpg")


@pytest.mark.parametrize("spelling", ["images.example.com", "Images.Example.COM", "images.example.com."])
@pytest.mark.parametrize(
    "listed", ["images.example.com", "IMAGES.example.com", "images.example.com.", " images.example.com "]
)
def test_listed_hosts_are_matched_whatever_the_spelling(listed: str, spelling: str) -> None:
    url = f"https://{spelling}/a.jpg"
    URLPolicy(allowed_hosts=frozenset({listed})).check_url(url)
    with pytest.raises(InvalidURLImageInput, match="denied_hosts"):
        URLPolicy(denied_hosts=frozenset({listed})).check_url(url)


@pytest.mark.parametrize("host", ["example.com.evil.example", "evil-example.com", "sub.example.com", "xample.com"])
def test_an_allowed_host_is_exactly_that_host(host: str) -> None:
    policy = URLPolicy(allowed_hosts=frozenset({"example.com"}))
    policy.check_url("https://example.com/a.jpg")
    with pytest.raises(InvalidURLImageInput, match="allowed_hosts"):
        policy.check_url(f"https://{host}/a.jpg")


def test_denied_wins_over_allowed_and_nothing_allowed_is_nothing() -> None:
    both = URLPolicy(allowed_hosts=frozenset({"example.com"}), denied_hosts=frozenset({"example.com"}))
    nothing = URLPolicy(allowed_hosts=frozenset())
    for policy in (both, nothing):
        with pytest.raises(InvalidURLImageInput):
            policy.check_url("https://example.com/a.jpg")


def test_a_single_text_is_not_taken_apart_into_letters() -> None:
    with pytest.raises(InvalidParameterError, match=r"example\.com"):
        URLPolicy(denied_hosts="example.com")
    with pytest.raises(InvalidParameterError, match=r"example\.com"):
        URLPolicy(allowed_hosts="example.com")


# -- addresses

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001:800::200e"]
PUBLIC_INSIDE = ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"]
NOT_PUBLIC = {
    "loopback": ["127.0.0.1", "127.8.9.10", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "fec0::1"],
    "cloud metadata": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
    "link-local": ["169.254.0.1", "fe80::1", "fe80::1%eth0"],
    "shared by carriers": ["100.64.0.1", "100.127.255.254"],
    "unspecified": ["0.0.0.0", "::", "0.1.2.3"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "broadcast and reserved": ["255.255.255.255", "240.0.0.1"],
    "documentation and tests": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1"],
    "discarded": ["100::1"],
    "IPv4 inside IPv6": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:224.0.0.1"],
    "IPv4 behind NAT64": ["64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"],
    "IPv4 in 6to4": ["2002:7f00:1::1", "2002:a9fe:a9fe::1", "2002:c0a8:101::"],
    "IPv4 compatible": ["::127.0.0.1", "::10.0.0.1"],
    "Teredo": ["2001:0:7f00:1::"],
}


@pytest.mark.parametrize("address", PUBLIC + PUBLIC_INSIDE)
def test_addresses_of_the_public_internet_are_fetched_from(address: str) -> None:
    URLPolicy().check_address(ip_address(address), "example.com")


@pytest.mark.parametrize("address", [address for group in NOT_PUBLIC.values() for address in group])
def test_other_addresses_are_refused_unless_opened(address: str) -> None:
    with pytest.raises(URLAddressNotAllowedError) as caught:
        URLPolicy().check_address(ip_address(address), "cam.example")
    assert "'cam.example'" in str(caught.value)
    assert str(ip_address(address)) in str(caught.value)
    assert "allow_non_global_addresses=True" in str(caught.value)
    URLPolicy(allow_non_global_addresses=True).check_address(ip_address(address), "cam.example")


def _is_refused(address: IPv4Address | IPv6Address) -> bool:
    try:
        URLPolicy().check_address(address, "example.com")
    except URLAddressNotAllowedError:
        return True
    return False


@settings(max_examples=60, deadline=None)
@given(inner=st.one_of(st.ip_addresses(v=4), st.sampled_from(["127.0.0.1", "10.1.2.3", "169.254.169.254"])))
def test_wrapping_an_ipv4_address_in_ipv6_changes_nothing(inner: IPv4Address | str) -> None:
    inner = IPv4Address(inner)
    number = int(inner)
    mapped = IPv6Address((0xFFFF << 32) | number)
    nat64 = IPv6Address((0x64FF9B << 96) | number)
    sixtofour = IPv6Address((0x2002 << 112) | (number << 80) | 1)
    assert _is_refused(mapped) == _is_refused(nat64) == _is_refused(sixtofour) == _is_refused(inner)


# -- the environment


def test_an_empty_environment_gives_the_defaults() -> None:
    assert URLPolicy.from_environment({}) == URLPolicy()
    assert URLPolicy().allow_non_global_addresses is False


FLAGS = {
    "ALLOW_URL_INPUT": "allow_urls",
    "ALLOW_NON_HTTPS_URL_INPUT": "allow_http",
    "ALLOW_URL_INPUT_WITHOUT_FQDN": "allow_hosts_without_domain",
    "ALLOW_URL_TO_NON_GLOBAL_ADDRESSES": "allow_non_global_addresses",
}


@pytest.mark.parametrize("variable", FLAGS)
@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, True) for text in ("True", "true", "1", "YES", " on ")),
        *((text, False) for text in ("False", "false", "0", "no", "Off")),
    ],
)
def test_flags_are_read(variable: str, text: str, value: bool) -> None:
    assert getattr(URLPolicy.from_environment({variable: text}), FLAGS[variable]) is value


@pytest.mark.parametrize("variable", FLAGS)
@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_variable_is_no_setting(variable: str, text: str) -> None:
    assert URLPolicy.from_environment({variable: text}) == URLPolicy()


@pytest.mark.parametrize("variable", FLAGS)
@pytest.mark.parametrize("text", ["maybe", "2", "Truee", "None"])
def test_a_mistyped_flag_is_refused_by_name(variable: str, text: str) -> None:
    with pytest.raises(InvalidParameterError, match=rf"{variable}: expected True or False, got '{text}'"):
        URLPolicy.from_environment({variable: text})


def test_redirects_are_read() -> None:
    assert URLPolicy.from_environment({"MAX_IMAGE_URL_REDIRECTS": "0"}).max_redirects == 0
    assert URLPolicy.from_environment({"MAX_IMAGE_URL_REDIRECTS": " 12 "}).max_redirects == 12


@pytest.mark.parametrize("text", ["-1", "3.5", "many", "1e3", "²"])
def test_a_mistyped_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidParameterError, match="MAX_IMAGE_URL_REDIRECTS: expected a whole number"):
        URLPolicy.from_environment({"MAX_IMAGE_URL_REDIRECTS": text})


def test_host_lists_are_read() -> None:
    policy = URLPolicy.from_environment(
        {
            "WHITELISTED_DESTINATIONS_FOR_URL_INPUT": " A.example, b.example.,,",
            "BLACKLISTED_DESTINATIONS_FOR_URL_INPUT": "c.example",
        }
    )
    assert policy.allowed_hosts == frozenset({"a.example", "b.example"})
    assert policy.denied_hosts == {"c.example"}


@pytest.mark.parametrize("text", ["", " ", ",", " , "])
def test_an_empty_list_of_allowed_hosts_allows_every_host(text: str) -> None:
    assert URLPolicy.from_environment({"WHITELISTED_DESTINATIONS_FOR_URL_INPUT": text}).allowed_hosts is None


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_URL_INPUT", "False")
    assert URLPolicy.from_environment().allow_urls is False
