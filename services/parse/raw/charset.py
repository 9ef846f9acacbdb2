"""From bytes to text as browsers do it, but suspicious of labels: https://encoding.spec.whatwg.org/."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

import webencodings
from charset_normalizer import CharsetMatch, from_bytes

from services.parse.clean import control_share
from shared.errors import Poison

BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LABEL_AREA: Final = 4_096
"""Bytes in which a page's own label is looked for; the standard says 1,024, pages do not keep to it."""
GUESS_SAMPLE: Final = 32 * 1024
"""Bytes given to the guesser: 12 MB take it 0.4 s."""
BAD_SHARE: Final = 0.1
"""Replaced characters among the non-ASCII ones; above, the label was wrong."""
GUESSED: Final = {
    "cp1252": "windows-1252", "cp1251": "windows-1251", "cp1250": "windows-1250", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257",
    "koi8_r": "koi8-r", "koi8_u": "koi8-u", "iso8859_2": "iso-8859-2", "iso8859_5": "iso-8859-5", "cp866": "ibm866",
    "mac_roman": "macintosh", "gb18030": "gb18030", "big5": "big5", "cp932": "shift_jis", "euc_jp": "euc-jp",
    "cp949": "euc-kr", "iso8859_6": "iso-8859-6",
}  # fmt: skip
"""What is guessed among: Python's codecs, and the standard's names. The first is the web's usual one; those of
EBCDIC and the like are never news."""
FOREIGN: Final = 20
"""Bytes; fewer tell nothing of a script."""
_FOREIGN: Final = re.compile(rb"[\xa1-\xff]{4,}")
"""No language of windows-1252 has so many accented letters in a row; other alphabets have nothing else."""
_THAI: Final = re.compile(
    rb"(?:[\x00-\x7f]|(?:[\x85\x91-\x97\xa1-\xd0\xd2\xd3\xdf-\xe6\xef-\xfb]"
    rb"|(?<=[\xa1-\xce\xd1\xd4-\xda\xe7-\xee])[\xd1\xd4-\xda\xe7-\xee])(?![\x40-\x7e]))++"
)
"""Thai in one byte a letter, vowels and tones only over consonants, beside no Latin letter. The guesser calls it Big5,
half of whose second bytes are Latin letters. Nothing is gone back to: the memory for that costs time from 60,000 on.
"""
_ESCAPES: Final = ((b"\x1b$B", b"\x1b$@"), (b"\x1b(B", b"\x1b(J"))
"""One of each is in ISO-2022-JP, which looks like ASCII otherwise."""
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
    if (
        "iso-2022-jp" not in labels
        and b"\x1b" in body
        and all(any(mark in body for mark in marks) for marks in _ESCAPES)
    ):
        labels.insert(0, "iso-2022-jp")
    if "iso-2022-jp" not in labels and (valid := _strict_utf8(body)) is not None:
        return Decoded(valid, "utf-8", 0)
    return _best(body, [each for each in labels if not each.startswith("utf-16")])


def own_label(body: bytes) -> str | None:
    """The charset that a page or feed names in itself."""
    found = _LABEL.search(body[:LABEL_AREA])
    return found.group(1).decode("ascii", "ignore") if found else None


def whatwg(label: str | None) -> str | None:
    """The encoding that browsers use for this label; None for unknown ones and UTF-7."""
    encoding = webencodings.lookup(label) or webencodings.lookup(label.replace("_", "-")) if label else None
    return encoding.name if encoding and encoding.name != "x-user-defined" else None


def wide_encoding(body: bytes) -> str | None:
    """UTF-16 without its mark: zero bytes at odd or at even places only, and text when read so."""
    if body and 0 not in body:
        return None
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
        if not (_is_wrong(decoded) or (encoding == "windows-1252" and _is_foreign(body))):
            return decoded
    guess = _guess(body) or next((each for each in labels if not _is_wrong(_replaced(body, each))), None)
    if guess is None:
        raise Poison("undecodable_text", "no character set gives text; publish UTF-8")
    return _checked(_replaced(body, guess))


def _checked(decoded: Decoded) -> Decoded:
    if decoded.errors > FEW_ERRORS and _is_wrong(decoded):
        raise Poison("undecodable_text", f"{decoded.errors} characters are broken; publish UTF-8")
    return decoded


def _is_wrong(decoded: Decoded) -> bool:
    return decoded.errors > BAD_SHARE * _non_ascii(decoded.text)


def _is_foreign(body: bytes) -> bool:
    """Whether most bytes beyond ASCII stand together, as in words of another alphabet."""
    together = sum(map(len, _FOREIGN.findall(body)))
    return together >= FOREIGN and 2 * together > len(body.translate(None, bytes(range(0xA1))))


def _guess(body: bytes) -> str | None:
    """The likeliest character set; of several that are equally so, the first of `GUESSED`."""
    matches = list(from_bytes(body[:GUESS_SAMPLE], cp_isolation=list(GUESSED)))
    equal = {each.encoding for each in matches if _merit(each) == _merit(matches[0])}
    found = next((name for name in GUESSED if name in equal), None)
    if found == "big5" and _THAI.fullmatch(body[:GUESS_SAMPLE]):
        return "windows-874"
    return GUESSED[found] if found else None


def _merit(match: CharsetMatch) -> tuple[float, float]:
    return match.chaos, match.coherence


def _replaced(body: bytes, encoding: str) -> Decoded:
    known = webencodings.lookup(encoding)
    codec = known.codec_info if known else codecs.lookup(encoding)
    text = codec.decode(body, "replace")[0]
    return Decoded(text, encoding, text.count("\ufffd"))


def _non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
