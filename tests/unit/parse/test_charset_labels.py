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
UNLABELLED = {
    "windows-1252": "Le port a rouvert vendredi après une semaine de travaux – « enfin », dit la maire.",
    "windows-1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "iso-8859-2": "Port w Łodzi został w piątek otwarty po tygodniu remontu, źle mówiono o śluzie.",
    "iso-8859-7": "Το λιμάνι της Λορν άνοιξε ξανά μετά από μια εβδομάδα επισκευών.",
    "windows-874": "ท่าเรือลอร์นเปิดอีกครั้งเมื่อวันจันทร์หลังจากซ่อมแซมเป็นเวลาหนึ่งสัปดาห์",
    "shift_jis": "ローン港は月曜日、一週間の修理を終えて再び開いた。最初に入ったのは、はしけだった。",
    "euc-jp": "ローン港は月曜日、一週間の修理を終えて再び開いた。最初に入ったのは、はしけだった。",
    "iso-2022-jp": "ローン港は月曜日、一週間の修理を終えて再び開いた。最初に入ったのは、はしけだった。",
    "euc-kr": "론 항구가 일주일간의 수리 끝에 월요일 다시 문을 열었다. 첫 손님은 바지선이었다.",
    "gb18030": "洛恩港在修复一周之后于星期一重新开放。第一艘进港的是一艘载满苹果的驳船。",
    "big5": "洛恩港在修復一週之後於星期一重新開放。第一艘進港的是一艘載滿蘋果的駁船。",
}


def _encoded(text: str, encoding: str) -> bytes:
    """As Python's codec of that name writes it."""
    return text.encode({"windows-874": "cp874", "shift_jis": "cp932", "euc-kr": "cp949"}.get(encoding, encoding))


@pytest.mark.parametrize("encoding", UNLABELLED)
@pytest.mark.parametrize("times", [1, 10])
@pytest.mark.parametrize("label", [None, "utf-8"])
def test_a_text_without_a_label_or_with_a_wrong_one_is_guessed(encoding: str, times: int, label: str | None) -> None:
    text = UNLABELLED[encoding] * times

    assert decode(_encoded(text, encoding), label).text == text


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "iso-8859-7", "shift_jis", "euc-kr", "gb18030"])
def test_a_server_that_calls_everything_latin_1_is_not_believed(encoding: str) -> None:
    text = UNLABELLED[encoding] * 3

    assert decode(_encoded(text, encoding), "iso-8859-1").text == text


@pytest.mark.parametrize(
    "text",
    ["It\u2019s \u20ac 5", "\u00c9t\u00e9 \u00e0 la pl\u00e1\u017e", "\u00fe\u00e6\u00f0 er \u00f3\u00fe\u00f6rf"],
)
def test_a_true_label_of_latin_1_is_believed_however_many_accents_there_are(text: str) -> None:
    body = text.encode("windows-1252", "ignore")

    assert decode(body, "iso-8859-1").text == body.decode("windows-1252")


def test_the_names_of_programming_languages_for_encodings_are_understood() -> None:
    text = UNLABELLED["euc-kr"]

    assert decode(text.encode("euc_kr"), "euc_kr") == decode(text.encode("euc_kr"), "euc-kr")


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
