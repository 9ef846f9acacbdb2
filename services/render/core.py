"""What a page may take, how the browser is started, and what its requests to the proxy say. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yarl import URL

from shared.contracts import RenderProblem
from shared.guard import MAX_URL

LOAD_SECONDS: Final = 15.0
"""For the document and the scripts that stand in it."""
QUIET_SECONDS: Final = 5.0
"""For what scripts load afterwards: until nothing was asked for during half a second, and no longer than this."""
PAGE_SECONDS: Final = 22.0
"""All together; then the browser is killed."""
MAX_HTML: Final = 5 * 1024 * 1024
"""Characters of the document in the end: as many as fetch takes bytes of a page."""
MAX_BYTES: Final = 32 * 1024 * 1024
"""On the wire, in both directions, for one page."""
MAX_REQUESTS: Final = 500
"""Connections to the proxy for one page."""
MAX_MEMORY: Final = 1024 * 1024 * 1024
"""Bytes that the browser's processes may hold for themselves."""
INNOCENT: Final[frozenset[RenderProblem]] = frozenset(
    {"blocked_address", "connection_failed", "invalid_url", "unsupported_type"}
)
"""Problems after which a browser is as good as before."""
PAGES: Final = 50
"""After so many pages a browser is replaced: none is trusted to forget everything."""
HEAD: Final = 64 * 1024
"""Bytes of a request's head."""
MAX_BODY: Final = 1024 * 1024
"""Bytes of a request's body, over plain HTTP."""

BLOCKED_KINDS: Final = frozenset({"image", "media", "font", "texttrack", "manifest", "eventsource", "ping"})
"""What a page loads and no article's text comes from."""
PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})

NOWHERE: Final = "http://127.0.0.1:9"
"""The proxy of whatever the browser does by itself: the port of the discard protocol, where nothing listens."""
NO_BYPASS: Final = "<-loopback>"
"""Hosts for which the browser asks no proxy: none, and not this machine either, for which it asks none by default."""
ARGUMENTS: Final = (
    # A name is resolved by the proxy, which checks what it dials. The browser itself resolves none.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # Without it STUN goes out over UDP, past the proxy. The name with `force-`, of other builds, does nothing (156).
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=512",
    "--no-pings",
)

_LINE: Final = re.compile(rb"([A-Z]{3,10}) (\S{1,8192}) HTTP/1\.[01]\r\n")
_CONNECT: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253})):([0-9]{1,5})")
_OWN: Final = frozenset({"connection", "keep-alive", "proxy-connection", "proxy-authorization", "te", "upgrade"})
"""Headers between the browser and its proxy (RFC 9110, 7.6.1)."""


class RefusedError(Exception):
    """A request of the browser that is not passed on, and why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser asks its proxy for. `head`: sent on; None for a tunnel. `body`: bytes that follow it."""

    host: str
    port: int
    head: bytes | None = None
    body: int = 0


def asked(head: bytes) -> Asked:
    """The request whose head this is, up to and with its empty line.

    Raises:
        RefusedError: it cannot be read, asks for what is not of the web, or has a body that is too large.
    """
    line = _LINE.match(head)
    if line is None:
        raise RefusedError("a request that cannot be read")
    method, target = line[1].decode(), line[2].decode("latin-1")
    if method == "CONNECT":
        return _tunnel(target)
    try:
        url = URL(target)
        port = url.port
    except ValueError as error:
        raise RefusedError("no URL") from error
    if url.scheme != "http" or not url.host or not port:
        raise RefusedError("neither a tunnel nor plain HTTP")
    headers = _headers(head[line.end() : -2])
    return Asked(url.host, port, _sent_on(method, url, headers), _length(headers))


def _tunnel(target: str) -> Asked:
    found = _CONNECT.fullmatch(target)
    if found is None:
        raise RefusedError(f"a tunnel to {ascii(target)[:80]}")
    return Asked(found[1] or found[2], int(found[3]))


def _headers(lines: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for line in lines.split(b"\r\n")[:-1]:
        name, colon, value = line.partition(b":")
        if not colon or not name or name.strip() != name:
            raise RefusedError("a header that cannot be read")
        found.append((name, value.strip()))
    return found


def _length(headers: list[tuple[bytes, bytes]]) -> int:
    named = {name.lower(): value for name, value in headers}
    length = named.get(b"content-length", b"0")
    if b"transfer-encoding" in named or not length.isdigit() or len(length) > len(str(MAX_BODY)):
        raise RefusedError("a body of unknown size")
    if int(length) > MAX_BODY:
        raise RefusedError(f"a body of more than {MAX_BODY:,} bytes")
    return int(length)


def _sent_on(method: str, url: URL, headers: list[tuple[bytes, bytes]]) -> bytes:
    """As a server is asked: one request a connection, so that no second one goes where the first was let."""
    kept = [name + b": " + value for name, value in headers if name.lower().decode("latin-1") not in _OWN]
    line = f"{method} {url.raw_path_qs} HTTP/1.1".encode()
    return b"\r\n".join((line, *kept, b"Connection: close", b"", b""))


def passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of the main document within the contract's bounds; repeated ones are one list (RFC 9110, 5.3)."""
    named = list(headers.items())[:200]
    return {name[:100].lower(): ", ".join(value.split("\n"))[:2_000] for name, value in named}


def is_page(content_type: str) -> bool:
    """Whether a browser made a document of it that is a page: HTML, or nothing said."""
    essence = content_type.partition(";")[0].strip().lower()
    return not essence or essence in PAGE_TYPES


def endpoint(url: str) -> tuple[str, int]:
    """Host and port of an address, as `asked` gives them; an empty host when it has none."""
    try:
        found = URL(url)
        host, port = found.host, found.port
    except ValueError:
        return ("", 0)
    return (host or "", port or 0)


def said(error: object) -> str:
    """The browser's own word for what went wrong: `net::ERR_CONNECTION_REFUSED` of a page of text."""
    text = str(error)
    found = re.search(r"net::(ERR_[A-Z0-9_]{1,60})", text)
    return found[1] if found else ascii(text.splitlines()[0] if text else "")[1:-1][:200]


def shown_at(shown: str, answered: str) -> str:
    """The page's address: what its scripts made of it on the same site, else that of the server's answer."""
    if endpoint(shown) == endpoint(answered) and len(shown) <= MAX_URL:
        return str(URL(shown).with_fragment(None))
    return answered[:MAX_URL]
