"""Which URLs may be fetched, and which addresses dialled."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.errors import Poison
from shared.guard import (
    MAX_URL,
    BlockedAddressError,
    check_address,
    check_url,
    is_public,
    redirect,
    shown,
    unwrap,
)

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.0", "168.63.129.15", "172.32.0.1",
    "192.0.1.1", "192.169.0.1", "223.255.255.254", "::ffff:8.8.8.8",
    "2001:200::1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2003::1", "3ffe::1",
]  # fmt: skip
BLOCKED = [
    # this host, private, loopback, link-local
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "127.0.0.1", "127.255.255.254", "169.254.0.1",
    "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
    # metadata services of clouds
    "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254",
    # carrier NAT, assignments, relays, benchmarks, documentation, multicast, reserved, broadcast
    "100.64.0.0", "100.127.255.255", "192.0.0.1", "192.88.99.1", "198.18.0.1", "192.0.2.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    # the same in IPv6
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fdff::1", "fec0::1", "ff02::1", "ff0e::1", "100::1",
    "2001:db8::1", "3fff::1", "5f00::1", "4000::1", "8000::1",
    # IPv4 inside of IPv6
    "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::7f00:1", "::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::127.0.0.1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:20::1",
    # not literal addresses: names and number forms are resolved before they come here
    "", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "1.1.1", "1.1.1.1 ", "\uff11.1.1.1", "[::1]",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_dialled_on_web_ports(address: str) -> None:
    check_address(address, 80, frozenset())
    check_address(address, 443, frozenset())


@pytest.mark.parametrize("port", [0, 22, 25, 81, 4222, 6379, 8080, 9200, 65_535])
def test_a_public_address_may_not_be_dialled_on_other_ports(port: int) -> None:
    with pytest.raises(BlockedAddressError, match=f"port {port}"):
        check_address("8.8.8.8", port, frozenset())


@pytest.mark.parametrize("address", BLOCKED)
def test_no_other_address_may_be_dialled(address: str) -> None:
    with pytest.raises(BlockedAddressError):
        check_address(address, 80, frozenset())


def test_an_allowed_endpoint_opens_exactly_itself() -> None:
    allowed = frozenset({("127.0.0.1", 8080)})

    check_address("127.0.0.1", 8080, allowed)
    check_address("::ffff:127.0.0.1", 8080, allowed)
    for address, port in [("127.0.0.1", 80), ("127.0.0.1", 8081), ("127.0.0.2", 8080), ("8.8.8.8", 8080), ("x", 8080)]:
        with pytest.raises(BlockedAddressError):
            check_address(address, port, allowed)


@given(st.ip_addresses(v=4))
def test_wrapping_an_ipv4_address_never_makes_it_reachable(inner: IPv4Address) -> None:
    number = int(inner)
    wrapped = {
        "mapped": number | 0xFFFF << 32,
        "compatible": number,
        "nat64": number | 0x64FF9B << 96,
        "6to4": 0x2002 << 112 | number << 80,
        "teredo": 0x20010000 << 96 | (number ^ 0xFFFFFFFF),
    }
    for form, value in wrapped.items():
        address = str(IPv6Address(value))
        assert is_public(address) <= (form == "mapped" and is_public(str(inner))), form


@given(st.ip_addresses())
def test_what_may_be_dialled_is_global_unicast(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        host = unwrap(str(address))
        assert host.is_global
        assert not any((host.is_private, host.is_loopback, host.is_link_local, host.is_multicast, host.is_reserved))


@given(st.text(max_size=60))
@example("127.0.0.1\x00")
@example("1.1.1.1%eth0")
def test_any_text_is_public_only_if_it_is_a_literal_address(text: str) -> None:
    if is_public(text):
        ip_address(text)


GOOD_URLS = [
    ("http://example.com", "http://example.com"),
    ("HTTPS://Example.COM/News", "https://example.com/News"),
    ("https://example.com:443/", "https://example.com/"),
    ("http://example.com:80/", "http://example.com/"),
    ("http://example.com:443/", "http://example.com:443/"),
    ("http://example.com:/", "http://example.com/"),
    ("https://example.com/a#part", "https://example.com/a"),
    ("https://example.com/a b?c=d e", "https://example.com/a%20b?c=d+e"),
    ("https://example.com/%zz", "https://example.com/%25zz"),
    ("https://пример.рф/новости", "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
    ("https://example.com./", "https://example.com./"),
    ("https://under_score.example.com/", "https://under_score.example.com/"),
    ("https://example.com/?u=http://user:pw@other.example/", "https://example.com/?u=http://user:pw@other.example/"),
    ("https://example.com#@other.example/", "https://example.com"),
    ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    # addresses in any form are left to the address check, after resolution
    ("http://127.0.0.1/", "http://127.0.0.1/"),
    ("http://2130706433/", "http://2130706433/"),
    ("http://0x7f.1/", "http://0x7f.1/"),
    ("http://127.1", "http://127.1"),
    ("http://\uff11\uff12\uff17.0.0.1/", "http://127.0.0.1/"),
    ("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
]  # fmt: skip
BAD_URLS = [
    # scheme
    "", "example.com", "//example.com/", "/path", "file:///etc/passwd", "ftp://example.com/", "gopher://example.com/",
    "javascript:alert(1)", "data:text/html,x", "unix:///var/run/docker.sock", "http+unix://x/", "ws://example.com/",
    # host
    "http://", "http:///path", "http:example.com", "http://?x", "http://a b.com/", "http://%31%32%37.0.0.1/",
    "http://a%2eb.com/", "http://a.com%00.b.com/", "http://a.com;b/", "http://a..com/", "http://.a.com/",
    "http://[::1%25eth0]/", "http://[::1", "http://]a/", "http://exa\u200bmple.com/", f"http://{'a' * 64}.com/",
    "http://" + "a." * 127 + "com/",
    # user information
    "http://user@example.com/", "http://user:password@example.com/", "http://:@example.com/",
    "http://example.com:80@127.0.0.1/", "http://%2f@example.com/",
    # port
    "http://example.com:0/", "http://example.com:22/", "http://example.com:8080/", "http://example.com:99999/",
    "http://example.com:80:80/", "http://example.com:-80/", "http://example.com:x/",
    # backslash, control characters, surrogates
    "http://example.com\\@127.0.0.1/", "http:\\\\example.com\\", "http://example.com/\\",
    "http://example.com/\r\nHost: x",
    "http://example.com/\x00", "http://exam\tple.com/", "\nhttp://example.com/", "http://example.com/\x7f",
    "http://example.com/\x85", "http://example.com/\udc80",
    # length, as written and as encoded
    "http://example.com/" + "a" * MAX_URL, "http://example.com/" + "й" * 1_000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "fetched"), GOOD_URLS)
def test_a_url_that_may_be_fetched_is_encoded(text: str, fetched: str) -> None:
    assert str(check_url(text)) == fetched


@pytest.mark.parametrize("text", BAD_URLS)
def test_a_url_that_may_not_be_fetched_is_poison(text: str) -> None:
    with pytest.raises(Poison) as caught:
        check_url(text)
    assert caught.value.reason == "invalid_url"
    assert caught.value.detail
    assert caught.value.detail.isascii()
    assert len(caught.value.detail) < 400


def test_an_allowed_endpoint_opens_its_port_for_urls() -> None:
    allowed = frozenset({("10.0.0.5", 8080)})

    assert str(check_url("http://intranet.example:8080/", allowed)) == "http://intranet.example:8080/"
    with pytest.raises(Poison):
        check_url("http://intranet.example:8081/", allowed)


def test_a_detail_shows_no_secrets() -> None:
    with pytest.raises(Poison) as caught:
        check_url("http://user:hunter2@example.com/a?token=s3cret")

    assert "example.com/a" in caught.value.detail
    assert "hunter2" not in caught.value.detail
    assert "s3cret" not in caught.value.detail


@given(st.text(max_size=80) | st.text("htps:/[]@.?#%\\01a \t", max_size=60).map("http://".__add__))
def test_any_text_is_a_sound_url_or_poison(text: str) -> None:
    try:
        url = check_url(text)
    except Poison:
        return
    assert url.scheme in {"http", "https"}
    assert url.port in {80, 443}
    assert str(url).isascii()
    assert "@" not in url.raw_authority
    assert url.raw_host is not None
    url.raw_host.encode("idna")
    assert check_url(str(url)) == url


REDIRECTS = [
    ("https://a.example/x/y?z", "/n", "https://a.example/n"),
    ("https://a.example/x/y?z", "n", "https://a.example/x/n"),
    ("https://a.example/x/y?z", "?n", "https://a.example/x/y?n"),
    ("https://a.example/x/y?z", "//b.example/n", "https://b.example/n"),
    ("https://a.example/x/y?z", "http://b.example/n#f", "http://b.example/n"),
    ("https://a.example/x/y?z", "/é b", "https://a.example/%C3%A9%20b"),
]


@pytest.mark.parametrize(("base", "location", "target"), REDIRECTS)
def test_a_redirect_is_resolved_against_its_page(base: str, location: str, target: str) -> None:
    assert str(redirect(check_url(base), location)) == target


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd", "gopher://a.example/", "//user@b.example/", "http://b.example:6379/", "https://a.example:22",
        "\\\\b.example", "/a\r\nX: y", "http://[::1", "javascript:alert(1)", "/\udce9", "x" * 5_000,
    ],
)  # fmt: skip
def test_a_redirect_is_checked_like_any_url(location: str) -> None:
    with pytest.raises(Poison) as caught:
        redirect(check_url("https://a.example/"), location)
    assert caught.value.reason == "invalid_url"


def test_a_url_is_shown_without_its_query_and_in_bounds() -> None:
    assert shown(check_url("https://a.example/x?secret=1")) == "https://a.example/x"
    assert len(shown(check_url("https://a.example/" + "x" * 1_000))) == 200
