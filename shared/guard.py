"""What may be fetched: which URLs, and which addresses a socket may be opened to.

The address rule counts at the connected address, so names, number forms (`2130706433`, `0x7f.1`), a name
server that changes its mind and redirects all meet the same rule. The URL rule only refuses what no news
page has, early and with a clear reason.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from yarl import URL

from shared.errors import Poison

Endpoint = tuple[str, int]
"""A literal IP address and a port."""

MAX_URL: Final = 4_096
"""Characters of a URL, as written and as sent."""
MAX_REDIRECTS: Final = 5
WEB_PORTS: Final = frozenset({80, 443})
OTHER_PORT: Final = "is not 80 or 443"
ALLOW: Final = "; if it is yours, allow it: NEWSWIRE_FETCH_ALLOW=<address>:<port>, as in 127.0.0.1:8000"

GLOBAL_UNICAST_V6: Final = IPv6Network("2000::/3")
"""All that IANA has given out for unicast (RFC 4291). What lies outside of it, and is_global calls global, hides IPv4
addresses (::/96, 64:ff9b::/96, 64:ff9b:1::/48), or is site-local (fec0::/10), routing ids (5f00::/16), multicast."""

DENIED: Final = tuple(
    ip_network(each)
    for each in (
        "100.64.0.0/10",  # carrier NAT, and a cloud's metadata service at 100.100.100.200
        "168.63.129.16/32",  # a cloud's metadata service on a public address
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata service at 192.0.0.192
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # protocol assignments, with Teredo at 2001::/32
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
"""Global to `ipaddress.is_global` of some Python version, and yet not public hosts."""

_HOST = re.compile(r"(?=.{1,253}\Z)(?:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?)")
"""A name of labels as DNS takes them, or an IPv6 address without a zone."""
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")


class BlockedAddressError(OSError):
    """The address is not public. An OSError, so that a client goes on to the name's next address."""


def unwrap(address: str) -> IPv4Address | IPv6Address:
    """`address` as the host that is dialled: `::ffff:127.0.0.1` is 127.0.0.1.

    Raises:
        ValueError: not a literal IP address.
    """
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def is_public(address: str) -> bool:
    """Whether `address` is a literal IP address of a host in the public internet."""
    try:
        host = unwrap(address)
    except ValueError:
        return False
    if not host.is_global or host.is_multicast or any(host in network for network in DENIED):
        return False
    return isinstance(host, IPv4Address) or host in GLOBAL_UNICAST_V6


def check_address(address: str, port: int, allowed: frozenset[Endpoint]) -> None:
    """Pass if a socket may be opened to `address` and `port`.

    Args:
        address: the literal address that is about to be dialled.
        port: its port.
        allowed: endpoints that may be dialled though they are not public, or on another port.

    Raises:
        BlockedAddressError: it may not.
    """
    if is_public(address) and port in WEB_PORTS:
        return
    if not _listed(address, port, allowed):
        raise BlockedAddressError(f"{address[:60]} port {port} is not a public web server")


def _listed(address: str, port: int, allowed: frozenset[Endpoint]) -> bool:
    try:
        return (str(unwrap(address)), port) in allowed
    except ValueError:
        return False


def check_url(text: str, allowed: frozenset[Endpoint] = frozenset()) -> URL:
    """`text` as the URL that is fetched: encoded, without its fragment.

    Raises:
        Poison: `invalid_url`, saying why it may not be fetched.
    """
    _check_text(text)
    try:
        url = URL(text).with_fragment(None)
        port = url.port
    except ValueError as error:
        raise Poison("invalid_url", f"not a URL: {_line(error)}") from error
    _check_parts(url)
    if port not in WEB_PORTS and port not in {each for _, each in allowed}:
        raise Poison("invalid_url", f"{shown(url)}: port {port} {OTHER_PORT}")
    return url


def _check_text(text: str) -> None:
    if len(text) > MAX_URL:
        raise Poison("invalid_url", f"{len(text)} characters are more than {MAX_URL}")
    if found := _FORBIDDEN.search(text):
        raise Poison("invalid_url", f"control character or backslash at {found.start()}: {found[0]!a}")


def _check_parts(url: URL) -> None:
    if url.scheme not in {"http", "https"}:
        raise Poison("invalid_url", f"{ascii(url.scheme)[:40]} is not http or https")
    if url.raw_user is not None or url.raw_password is not None:
        raise Poison("invalid_url", f"{shown(url)}: a user name or password in the URL")
    if not _HOST.fullmatch(url.raw_host or ""):
        raise Poison("invalid_url", f"not a host name: {ascii(url.raw_host)[:80]}")
    if len(str(url)) > MAX_URL:
        raise Poison("invalid_url", f"{shown(url)}: more than {MAX_URL} characters when encoded")


def redirect(base: URL, location: str, allowed: frozenset[Endpoint] = frozenset()) -> URL:
    """Where an answer's `Location` leads from `base`, checked like any other URL.

    Raises:
        Poison: `invalid_url`.
    """
    _check_text(location)
    try:
        target = base.join(URL(location))
    except ValueError as error:
        raise Poison("invalid_url", f"redirect from {shown(base)}: {_line(error)}") from error
    return check_url(str(target), allowed)


def shown(url: URL) -> str:
    """`url` for a person and a log: no credentials, no query (it may hold tokens), at most 200 characters."""
    return f"{url.scheme}://{url.host_port_subcomponent or ''}{url.raw_path}"[:200]


def _line(error: ValueError) -> str:
    return ascii(str(error))[1:-1][:200]


def advised(reason: str, detail: str) -> str:
    """What a person is told of a refusal: its detail, and where it was the guard's, how the place is allowed."""
    return detail + ALLOW if reason == "blocked_address" or OTHER_PORT in detail else detail
