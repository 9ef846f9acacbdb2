"""The parser as a sandboxed worker: a `ParseRequest` in, the article's JSON out."""

from datetime import UTC, datetime
from typing import Final

from services.parse.core import parse_bytes
from services.parse.sandbox.request import ParseRequest
from shared.contracts import ParsedArticle
from shared.errors import Poison, Skip
from shared.sandbox.frames import Note
from shared.subjects import MAX_MESSAGE

HEADROOM: Final = 16 * 1024
"""Bytes of a message that its headers may take."""
SENTENCE: Final = (
    "What is imported or read at the first page is shared by all children when it is done before their birth. "
)
SAMPLE: Final = (
    '<html lang="en"><head><title>A page to warm up with</title></head><body><article><h1>A page to warm up with</h1>'
    '<time datetime="2024-06-07T20:50:00+03:00">7 June 2024</time><span>7 Nomonth 2024</span><span>12 knots ago</span>'
    f"<p>{SENTENCE * 3}</p></article>"
    f"<footer>{f'<div>{SENTENCE}</div>' * 60}</footer></body></html>"
).encode()
"""So little article in so much page that trafilatura tries, and loads, all that it has; and words that are looked up in
every language's names of months and times ago."""


def work(request: bytes, note: Note) -> bytes:
    """Parse one raw message. Raises: Skip, Poison."""
    del note
    asked = ParseRequest.loads(request)
    return _sendable(parse_bytes(asked.body, asked.headers, asked.source, asked.observed_at, now=asked.now))


def warm_up() -> None:
    """Parse a page and a text."""
    now = datetime.now(UTC)
    for name in ("text/html", "text/plain"):
        try:
            parse_bytes(SAMPLE, {"content-type": name}, "warm-up", now, now=now)
        except (Skip, Poison):  # what becomes of it is all the same
            continue


def _sendable(article: ParsedArticle) -> bytes:
    content = article.model_dump_json().encode()
    if len(content) > MAX_MESSAGE - HEADROOM:
        raise Poison("too_large", f"an article of {len(content)} bytes; at most {MAX_MESSAGE - HEADROOM} are sent")
    return content
