"""What hostile and careless servers do, by row of the list of attacks, and how each must end."""

import asyncio
import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Literal

import brotli
import zstandard

from tests.fakes.hostile_http import Behaviour, answer, moved, pieces

OK = b"HTTP/1.1 200 OK\r\n"
HTML = OK + b"Content-Type: text/html\r\n"
SPACES = b" " * 1024 * 1024
BOMB_MB = 128
RSS = b"<rss><channel><item><title>Mill burns</title><link>/a</link></item></channel></rss>"
FEED = {"content_type": "application/rss+xml"}


@dataclass(frozen=True)
class Case:
    """`ends`: outcomes that are right. `url`: what is asked instead of the page; `{port}` is the victim's.

    `seconds`: that it may take.
    """

    row: str
    name: str
    page: bytes | Behaviour
    ends: tuple[str, ...]
    how: Literal["get", "look"] = "get"
    url: str = "/case"
    more: Mapping[str, bytes | Behaviour] = field(default_factory=dict)
    seconds: float = 5.0


def bomb(coding: str) -> bytes:
    """BOMB_MB of spaces, squeezed."""
    squeezer = {
        "gzip": lambda: zlib.compressobj(9, wbits=31), "br": lambda: brotli.Compressor(quality=5),
        "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
    }[coding]()  # fmt: skip
    step = squeezer.process if coding == "br" else squeezer.compress
    end = squeezer.finish if coding == "br" else squeezer.flush
    return b"".join([*(step(SPACES) for _ in range(BOMB_MB)), end()])


async def silence(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


def robots(body: bytes, status: str = "200 OK") -> Mapping[str, bytes | Behaviour]:
    return {"/robots.txt": answer(body, status, content_type="text/plain")}


BLOCKED = ("blocked_address", "invalid_url")
DEEP = b"<rss>" + b"<a>" * 100_000
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 9_000 + b'">]><rss>&b;</rss>'
ADDRESSES = (
    "http://127.0.0.1:22/", "http://[::1]/", "http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[fe80::1]/",
    "http://[64:ff9b::a9fe:a9fe]/", "http://100.100.100.200/", "http://192.168.0.1/",
)  # fmt: skip
FORMS = (
    "http://2130706433:{port}/", "http://0x7f.1:{port}/", "http://127.1:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://user@127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}\\",
)  # fmt: skip
TARGETS = (
    "http://169.254.169.254/", "file:///etc/passwd", "gopher://127.0.0.1/_x", "http://127.0.0.1:{port}/", "//[::1]/",
)  # fmt: skip

CASES = [
    *(Case("A1", f"asked for {url}", b"", BLOCKED, url=url) for url in ADDRESSES),
    Case("A2", "a name that resolves to loopback", b"", BLOCKED, url="http://localhost:{port}/"),
    *(Case("A3", f"redirected to {url}", moved(url), BLOCKED) for url in TARGETS),
    *(Case("A4", f"asked for {url}", b"", BLOCKED, url=url) for url in FORMS),
    Case("A5", "a proxy in the environment", answer(), ("page 200",)),
    *(Case("A6", f"{coding} bomb", answer(bomb(coding), content_encoding=coding), ("too_large",)) for coding in ("gzip", "br", "zstd")),
    Case("A6", "a bomb inside a bomb", answer(gzip.compress(bomb("gzip")), content_encoding="gzip, gzip"), ("unsupported_encoding",)),
    Case("A7", "silence", silence, ("timeout",)),
    Case("A7", "a byte at a time", pieces(chain([HTML + b"\r\n"], repeat(b"a")), pause=0.05), ("timeout",)),
    Case("A7", "a body without end", pieces(chain([HTML + b"\r\n"], repeat(SPACES))), ("too_large",)),
    Case("A7", "a length that lies", HTML + b"Content-Length: 100\r\n\r\n<p>", ("connection_failed",)),
    Case("A8", "a header of 1 MB", OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", ("http_error",)),
    Case("A8", "5,000 headers", OK + b"".join(b"X-%d: a\r\n" % each for each in range(5_000)) + b"\r\n", ("http_error",)),
    Case("A8", "a trailer without end", pieces(chain([HTML + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: "], repeat(b"a" * 65_536))), ("http_error", "connection_failed")),
    Case("A9", "redirected for ever", moved("/case"), ("http_error",)),
    Case("A10", "a cookie and a redirect", moved("/warm", set_cookie="a=b"), ("page 200",)),
    Case("A11", "TLS that is none", b"", ("connection_failed", "timeout"), url="https://127.0.0.1:{site}/"),
    Case("A12", "robots.txt of 3 MB", answer(RSS, **FEED), ("rss of 1",), "look", more=robots(b"User-agent: *\n" + b"Disallow: /x*y*z\n" * 180_000)),
    Case("A12", "robots.txt of wildcards", answer(RSS, **FEED), ("rss of 1",), "look", more=robots(b"User-agent: *\nDisallow: /" + b"*a" * 2_000 + b"$\n")),
    Case("A13", "a video", answer(b"\x00\x00\x00\x20ftyp", content_type="video/mp4"), ("unsupported_type",)),
    Case("A13", "an image that says it is a page", answer(b"\x89PNG\r\n\x1a\n\x00"), ("binary_body",)),
    Case("A14", "an archive with ../", answer(b"PK\x03\x04../../etc/passwd", content_type="application/zip"), ("unsupported_type",)),
    Case("A14", "an archive that says it is a page", answer(b"PK\x03\x04../../etc/passwd"), ("binary_body",)),
    Case("B1", "a billion laughs in a feed", answer(LAUGHS, **FEED), ("not_a_feed",), "look"),
    Case("B2", "an entity that is a file", answer(b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', **FEED), ("not_a_feed",), "look"),
    Case("B4", "a feed 100,000 deep", answer(DEEP, **FEED), ("not_a_feed",), "look"),
    Case("B4", "200,000 attributes", answer(b"<rss><item " + b" ".join(b'a%d="1"' % each for each in range(200_000)) + b"/></rss>", **FEED), ("rss of 1",), "look"),
    Case("B7", "a feed in punycode", answer(b"<!-- a-zzz9 -->" + RSS + b"z" * 1_000_000, content_type="application/rss+xml; charset=punycode"), ("rss of 1",), "look"),
    Case("B8", "half of a character in a feed", answer(RSS.replace(b"Mill", b"&#xD800;"), **FEED), ("rss of 1",), "look"),
    Case("B12", "500 empty comments", answer(b"<!---->" * 500 + b"x"), ("not_a_feed",), "look"),
    Case("B12", "a number of 100,000 digits", answer(b"<!doctype html><p>&#" + b"9" * 100_000 + b";"), ("not_a_feed", "empty_shell"), "look"),
    Case("B12", "a feed with a number of 100,000 digits", answer(RSS.replace(b"Mill", b"&amp;#" + b"9" * 100_000 + b";"), **FEED), ("rss of 1",), "look"),
    Case("B12", "start tags that never end", answer(b"<!doctype html><p>" + b"<svg " * 200_000), ("not_a_feed", "empty_shell", "javascript_shell"), "look"),
    Case("B14", "a feed of 600,000 entries", answer(b"<rss>" + b"<item/>" * 600_000 + b"</rss>", **FEED), ("rss of 1000",), "look"),
    Case("C1", "a feed", answer(RSS, **FEED), ("rss of 1",), "look"),
    Case("C1", "a page where a feed was", answer(b"<!doctype html><p>" + b"We moved to a new site. " * 40), ("not_a_feed",), "look"),
    Case("C2", "a sitemap of 60,000", answer(b"<urlset>" + b"<url><loc>/news/1</loc></url>" * 60_000 + b"</urlset>", content_type="application/xml"), ("sitemap of 1000",), "look"),
    Case("C4", "304 to whom asked for nothing", answer(b"", "304 Not Modified"), ("unchanged",), "look"),
    Case("C5", "429 with a Retry-After of years", answer(b"", "429 Slow Down", retry_after="99999999"), ("rate_limited",), "look"),
    Case("C6", "robots.txt that forbids", answer(RSS, **FEED), ("robots_disallowed",), "look", more=robots(b"User-agent: *\nDisallow: /")),
    Case("C6", "robots.txt that fails", answer(RSS, **FEED), ("robots_unreachable",), "look", more=robots(b"", "500 Oops")),
    Case("C5", "503 with a Retry-After", answer(b"", "503 Busy", retry_after="120"), ("server_error",), "look"),
    Case("C7", "a Crawl-delay of a day", answer(RSS, **FEED), ("rss of 1",), "look", more=robots(b"User-agent: *\nCrawl-delay: 86400")),
    Case("C10", "a feed that redirects inside", moved("http://169.254.169.254/feed"), BLOCKED, "look"),
    Case("C10", "robots.txt that redirects inside", answer(RSS, **FEED), ("rss of 1",), "look", more={"/robots.txt": moved("http://10.0.0.1/")}),
    Case("C10", "a sitemap index that names an inside", OK + b"Content-Type: application/xml\r\nConnection: close\r\n\r\n<sitemapindex><sitemap><loc>http://127.0.0.1:{port}/x</loc></sitemap></sitemapindex>", BLOCKED, "look"),
    Case("A9", "redirected in a feed for ever", moved("/case"), ("http_error",), "look"),
    Case("A11", "TLS that is none, for a feed", b"", ("robots_unreachable",), "look", url="https://127.0.0.1:{site}/"),
    Case("C8", "a challenge", answer(b"<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>", "403 Forbidden"), ("cloudflare_challenge",), "look"),
    Case("C8", "a consent wall", answer(b"<!doctype html><p>We and our partners use cookies. Accept all, or manage consent."), ("consent_wall",), "look"),
    Case("C8", "a JavaScript shell", answer(b"<!doctype html><div id='root'></div><script src=/app.js></script>"), ("javascript_shell",), "look"),
]  # fmt: skip
