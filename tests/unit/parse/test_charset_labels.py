"""Labels of character sets mean what the standard says: https://encoding.spec.whatwg.org/#names-and-labels."""

import pytest
import webencodings.labels
from hypothesis import given
from hypothesis import strategies as st

from services.parse.raw.charset import decode, own_label, whatwg
from shared.errors import Poison

LABELS = sorted(webencodings.labels.LABELS)
ENCODINGS = sorted({*webencodings.labels.LABELS.values()} - {"x-user-defined"})


@pytest.mark.parametrize("label", LABELS)
def test_every_label_of_the_standard_is_known_in_any_case(label: str) -> None:
    expected = webencodings.labels.LABELS[label]
    known = None if expected == "x-user-defined" else expected

    assert whatwg(label) == whatwg(f" {label.upper()}\n") == known


@pytest.mark.parametrize("label", ["utf-7", "unicode-1-1-utf-7", "utf-32", "cesu-8", "scsu", "bocu-1", "cp037", "rot13",
                                   "idna", "punycode", "hex", "", "no such"])  # fmt: skip
def test_what_browsers_never_decode_is_never_chosen(label: str) -> None:
    assert whatwg(label) is None


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "us-ascii", "ascii", "iso88591", "cp819", "l1"])
def test_latin_1_means_windows_1252(label: str) -> None:
    assert whatwg(label) == "windows-1252"
    assert decode(b"It\x92s \x80 5", label).text == "It\u2019s \u20ac 5"


@pytest.mark.parametrize(
    ("page", "label"),
    [
        (b'<meta charset="koi8-r">', "koi8-r"),
        (b"<META CHARSET=koi8-r />", "koi8-r"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<meta content="text/html;charset = koi8-r" http-equiv=content-type>', "koi8-r"),
        (b'<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"),
        (b" " * 1_000 + b"<meta charset=koi8-r>", "koi8-r"),
        (b" " * 5_000 + b"<meta charset=koi8-r>", None),
        (b"<p>charset=koi8-r</p>", None),
    ],
)
def test_a_page_names_its_own_charset_near_its_beginning(page: bytes, label: str | None) -> None:
    assert own_label(page) == label


RUSSIAN = "Паром не выйдет в море до утра, говорят в порту."


@pytest.mark.parametrize(
    ("body", "label", "encoding"),
    [
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), "koi8-r", "utf-8"),
        (b"\xff\xfe" + RUSSIAN.encode("utf-16-le"), "utf-8", "utf-16-le"),
        (b"<meta charset=windows-1251>" + RUSSIAN.encode("koi8-r"), "koi8-r", "koi8-r"),
        (b"<meta charset=koi8-r>" + RUSSIAN.encode("koi8-r"), None, "koi8-r"),
        (b"<meta charset=utf-16>" + RUSSIAN.encode(), None, "utf-8"),
        (b"<meta charset=utf-7>" + RUSSIAN.encode(), "utf-7", "utf-8"),
    ],
)
def test_the_mark_counts_before_the_header_and_the_header_before_the_page(
    body: bytes, label: str | None, encoding: str
) -> None:
    decoded = decode(body, label)

    assert decoded.encoding == encoding
    assert RUSSIAN in decoded.text


def test_two_charsets_in_one_page_lose_their_foreign_characters_only() -> None:
    mixed = RUSSIAN.encode() * 20 + "Ё".encode("cp1251") + RUSSIAN.encode()

    decoded = decode(mixed, "utf-8")

    assert (decoded.encoding, decoded.errors) == ("utf-8", 1)
    assert decoded.text.count(RUSSIAN) == 21


@given(st.binary(max_size=300), st.sampled_from([None, *ENCODINGS]))
def test_decoding_gives_text_or_says_why_not(body: bytes, label: str | None) -> None:
    try:
        decoded = decode(body, label)
    except Poison as poison:
        assert poison.reason == "undecodable_text"  # noqa: PT017 - most do not raise
    else:
        assert decoded.errors == decoded.text.count("\ufffd")
        decoded.text.encode("utf-8")
