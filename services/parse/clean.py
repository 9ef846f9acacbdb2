"""Text without what no reader should see: control characters, lone surrogates, tricks with direction."""

import re
import unicodedata
from typing import Final

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NEWLINE: Final = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")
_BIDI: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE: Final = re.compile(r"\s+")

LINE_LIMIT: Final = 2_000
"""Characters of a contract's Line."""


def clean_text(text: str) -> str:
    """`text` with line feeds only, without control characters, lone surrogates replaced by U+FFFD."""
    return _CONTROL.sub("", _SURROGATE.sub("\ufffd", _NEWLINE.sub("\n", text)))


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """`text` as one line of at most `limit` characters: NFC, single spaces, no marks that override its direction."""
    folded = _SPACE.sub(" ", _BIDI.sub("", clean_text(text[: 4 * limit])))
    return unicodedata.normalize("NFC", folded).strip()[:limit].rstrip()


def control_share(text: str) -> float:
    """The share of control characters, 0 to 1: a text has next to none."""
    return len(_CONTROL.findall(text)) / len(text) if text else 0.0
