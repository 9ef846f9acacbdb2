"""Text without what no reader should see: control characters, lone surrogates, tricks with direction."""

import re
import unicodedata
from typing import Final

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NEWLINE: Final = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_CONTROL_BYTES: Final = bytes(code for code in range(128) if _CONTROL.match(chr(code)))
_WIDE_CONTROL: Final = re.compile(b"\xc2[\x80-\x9f]")
_WIDE_MARKS: Final = tuple("\ufeff\ufffe\uffff\u2028\u2029")
SHORT: Final = 64
"""Characters of a text that patterns clean as fast as bytes."""

LINE_LIMIT: Final = 2_000
"""Characters of a contract's Line."""


def clean_text(text: str) -> str:
    """`text` with line feeds only, without control characters, lone surrogates replaced by U+FFFD."""
    if len(text) > SHORT and (quick := _cleaned_bytes(text)) is not None:
        return quick
    return _CONTROL.sub("", _SURROGATE.sub("\ufffd", _NEWLINE.sub("\n", text)))


def _cleaned_bytes(text: str) -> str | None:
    """The same by way of UTF-8, which is ten times faster; None when it has marks that are more than one byte."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # a surrogate
        return None
    if not text.isascii() and (_WIDE_CONTROL.search(raw) or any(mark in text for mark in _WIDE_MARKS)):
        return None
    return (
        raw.replace(b"\r\n", b"\n")
        .replace(b"\r", b"\n")
        .replace(b"\x0c", b"\n")
        .translate(None, _CONTROL_BYTES)
        .decode()
    )


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """`text` as one line of at most `limit` characters: NFC, single spaces, no marks that override its direction."""
    text = text[: 4 * limit]
    if not text.isprintable() or "  " in text:  # there is nothing to mend, mostly
        text = " ".join(without_marks(clean_text(text)).split())
    return unicodedata.normalize("NFC", text.strip())[:limit].rstrip()


def without_marks(text: str) -> str:
    """`text` without the marks that override its direction."""
    return _BIDI.sub("", text)


def control_share(text: str) -> float:
    """The share of control characters, 0 to 1: a text has next to none."""
    return len(_CONTROL.findall(text)) / len(text) if text else 0.0
