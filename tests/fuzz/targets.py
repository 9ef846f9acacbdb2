"""What is fuzzed: functions that take any bytes and raise only when a promise is broken."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from services.parse.core import parse_bytes
from services.parse.findings import Page
from services.parse.raw.charset import decode
from services.parse.raw.document import read_raw
from services.parse.text import lines, read_text
from services.parse.times.reading import read_reading
from shared.contracts import ParsedArticle
from shared.errors import POISON_REASONS, SKIP_REASONS, Poison, Skip
from shared.url import canonical_url, web_url

Target = Callable[[bytes], None]

NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
TYPES: Final = ("text/html", "text/plain", "application/json", "application/rss+xml", "application/xml", "")
LABELS: Final = (None, "utf-8", "windows-1251", "utf-16", "shift_jis", "iso-2022-jp", "utf-7", "gb18030", "big5")
LANGUAGES: Final = (None, "en", "uk-UA", "ar", "zh")


def parse(data: bytes) -> None:
    """Any message ends as an article that fits its contract, or with a known reason. Byte 0: its content type."""
    headers = {"content-type": TYPES[_choice(data, len(TYPES))], "newswire-url": "https://a.example/b"}
    try:
        article = parse_bytes(data[1:], headers, "gazette", NOW, now=NOW)
    except (Skip, Poison) as ended:
        _hold(ended.reason in {*SKIP_REASONS, *POISON_REASONS}, f"unknown reason {ended.reason}")
        return
    again = ParsedArticle.model_validate_json(article.model_dump_json())
    _hold(again == article, "the article does not survive JSON")


def charset(data: bytes) -> None:
    """Decoding gives text without lone surrogates, or says that it cannot. Byte 0: the label."""
    with suppress(Poison):
        decoded = decode(data[1:], LABELS[_choice(data, len(LABELS))])
        decoded.text.encode("utf-8")
        _hold(decoded.text.count("\ufffd") == decoded.errors, "replaced characters are miscounted")


def url(data: bytes) -> None:
    """An address is none, or a web address that stays as it is when it is read again."""
    text = _text(data)
    base, _, address = text.partition("\n")
    web_url(address, base)
    if (known := canonical_url(text)) is not None:
        _hold(known.startswith(("http://", "https://")), f"{known!r} is no web address")
        _hold(canonical_url(known) == known, f"{known!r} has another spelling")
        known.encode("ascii")


def time(data: bytes) -> None:
    """A printed time is none, or lies between 1990 and now. Byte 0: the language."""
    raw = _text(data[1:])
    reading = read_reading(raw, observed_at=NOW, language=LANGUAGES[_choice(data, len(LANGUAGES))])
    if reading is not None:
        _hold(reading.moment.at.year >= 1989, f"{raw!r} is of {reading.moment.at}")  # midnight of 1990, further east
        _hold(reading.moment.at.tzinfo == UTC, "not in UTC")


def text(data: bytes) -> None:
    """The blocks of a text are the text, whatever it is."""
    page = _text(data)
    found, read = lines.split(page)
    _hold(_joined(page, lines.blocks(page, found, read)) == page, "lines lose text")
    with suppress(Skip):
        draft = read_text(Page(page, "interfax-ua", NOW))
        _hold(_joined(page, draft.blocks) == page, "blocks lose text")
        _hold(0 <= draft.confidence <= 1, "confidence out of bounds")


def envelope(data: bytes) -> None:
    """A raw message is a document or poison. Byte 0: whether it is said to be JSON."""
    headers = {"content-type": "application/json"} if _choice(data, 2) else {}
    with suppress(Poison):
        document = read_raw(data[1:], headers, "gazette", NOW)
        _hold(bool(document.page.text.strip()), "an empty document")
        document.page.text.encode("utf-8")


TARGETS: Final[dict[str, Target]] = {
    "parse": parse, "charset": charset, "url": url, "time": time, "text": text, "envelope": envelope,
}  # fmt: skip


def _hold(promise: bool, otherwise: str) -> None:  # noqa: FBT001 -- what holds or does not
    if not promise:
        raise AssertionError(otherwise)


def _choice(data: bytes, choices: int) -> int:
    return data[0] % choices if data else 0


def _text(data: bytes) -> str:
    """Text with lone surrogates where the bytes are broken: readers may be handed such."""
    return data.decode("utf-8", "surrogateescape")


def _joined(page: str, blocks: list[lines.Block]) -> str:
    return "".join(page[block.start : block.end] for block in blocks)
