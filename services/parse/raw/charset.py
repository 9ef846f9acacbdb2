"""From bytes to text as browsers do it, but suspicious of labels: https://encoding.spec.whatwg.org/."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

import webencodings
from charset_normalizer import from_bytes

from services.parse.clean import control_share
from shared.errors import Poison

BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LABEL_AREA: Final = 4_096
"""Bytes in which a page's own label is looked for; the standard says 1,024, pages do not keep to it."""
GUESS_SAMPLE: Final = 32 * 1024
"""Bytes given to the guesser: 12 MB take it 0.4 s."""
BAD_SHARE: Final = 0.1
"""Replaced characters among the non-ASCII ones; above, the label was wrong."""
FEW_ERRORS: Final = 3
"""A text that was cut has no more."""
_LABEL: Final = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]{1,40})""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the name of its encoding and how many characters had to be replaced by U+FFFD."""

    text: str
    encoding: str
    errors: int


def decode(body: bytes, label: str | None = None) -> Decoded:
    """`body` as text. `label`: the charset its transport names, if any.

    A byte order mark counts first; then valid UTF-8, whatever the labels say; then the transport's label,
    the page's own, and a guess.

    Raises:
        Poison: `undecodable_text`.
    """
    for mark, marked in BOMS:
        if body.startswith(mark):
            return _checked(_replaced(body[len(mark) :], marked))
    labels = [known for each in (label, own_label(body)) if (known := whatwg(each))]
    if encoding := wide_encoding(body):
        return _replaced(body, encoding)
    if "iso-2022-jp" not in labels and (valid := _strict_utf8(body)) is not None:
        return Decoded(valid, "utf-8", 0)
    return _best(body, [each for each in labels if not each.startswith("utf-16")])


def own_label(body: bytes) -> str | None:
    """The charset that a page or feed names in itself."""
    found = _LABEL.search(body[:LABEL_AREA])
    return found.group(1).decode("ascii", "ignore") if found else None


def whatwg(label: str | None) -> str | None:
    """The encoding that browsers use for this label; None for unknown ones and UTF-7."""
    encoding = webencodings.lookup(label) if label else None
    return encoding.name if encoding and encoding.name != "x-user-defined" else None


def wide_encoding(body: bytes) -> str | None:
    """UTF-16 without its mark: zero bytes at odd or at even places only, and text when read so."""
    zeros = (body[0::2].count(0), body[1::2].count(0))
    if len(body) % 2 or min(zeros) > max(zeros) / 100 or max(zeros) < len(body) / 40:
        return None
    encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    decoded = _replaced(body, encoding)
    return encoding if not decoded.errors and control_share(decoded.text) < BAD_SHARE / 10 else None


def _strict_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _best(body: bytes, labels: list[str]) -> Decoded:
    for encoding in [*labels, "utf-8"]:
        decoded = _replaced(body, encoding)
        if not _is_wrong(decoded):
            return decoded
    guess = whatwg(_guess(body))
    if guess is None:
        raise Poison("undecodable_text", "no character set gives text; publish UTF-8")
    return _checked(_replaced(body, guess))


def _checked(decoded: Decoded) -> Decoded:
    if decoded.errors > FEW_ERRORS and _is_wrong(decoded):
        raise Poison("undecodable_text", f"{decoded.errors} characters are broken; publish UTF-8")
    return decoded


def _is_wrong(decoded: Decoded) -> bool:
    return decoded.errors > BAD_SHARE * _non_ascii(decoded.text)


def _guess(body: bytes) -> str | None:
    found = from_bytes(body[:GUESS_SAMPLE]).best()
    return found.encoding.replace("_", "-") if found else None


def _replaced(body: bytes, encoding: str) -> Decoded:
    known = webencodings.lookup(encoding)
    codec = known.codec_info if known else codecs.lookup(encoding)
    text = codec.decode(body, "replace")[0]
    return Decoded(text, encoding, text.count("\ufffd"))


def _non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
