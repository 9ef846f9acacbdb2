"""Texts that are made to take for ever, or to break whoever reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.feeds.entry import plain
from services.fetch.feeds.markup import lines
from services.fetch.feeds.read import is_html, read_listing
from services.fetch.feeds.tree import decoded
from shared.characters import unescaped

MANY_DIGITS = "&#" + "9" * 5_000 + ";"


def test_comments_before_a_page_are_read_one_way_only() -> None:
    """Read in all ways, 30 of them would take minutes, and these until the end of the world."""
    assert not is_html(b"<!---->" * 500 + b"x")
    assert is_html(b"<!-- one --> <!-- two -->\n<!doctype  html>")
    assert not is_html(b"<!-- <html> -->x")


def test_labels_that_only_python_knows_are_none() -> None:
    """Punycode takes the square of a body's length, and unicode_escape makes halves of characters."""
    assert decoded(b"a-zzz9", "punycode") == "a-zzz9"
    assert decoded(rb"\ud800", "unicode_escape") == r"\ud800"
    assert decoded(b"+AGE-", "utf-7") == "+AGE-"
    assert decoded("Київ".encode("windows-1251"), "windows-1251") == "Київ"


@pytest.mark.parametrize("read", [plain, lambda text: lines(f"<p>{text}</p>")[0]])
def test_a_character_of_5000_digits_is_none(read: object) -> None:
    assert callable(read)
    assert read(f"Mill {MANY_DIGITS} burns") == "Mill \ufffd burns"


@given(st.text(alphabet="&#xX0123456789abcdefD;lt ", max_size=200))
def test_references_are_read_without_an_exception(text: str) -> None:
    assert not any("\ud800" <= character <= "\udfff" for character in unescaped(text))


@given(st.integers(min_value=0, max_value=0x120000), st.booleans(), st.integers(min_value=0, max_value=12))
def test_any_number_of_a_character_can_stand_in_a_feed(number: int, hexadecimal: bool, zeros: int) -> None:  # noqa: FBT001
    """libxml2 lets surrogates in, and whoever reads what it holds then meets an exception."""
    reference = f"&#x{'0' * zeros}{number:x};" if hexadecimal else f"&#{'0' * zeros}{number};"
    feed = f"<rss><channel><item><title>Mill {reference}</title><link>https://a.example/1</link></item></channel></rss>"

    (entry,) = read_listing(feed.encode(), "", "https://a.example/feed").entries

    assert entry.headline.startswith("Mill")
    assert entry.version
    entry.item.encode()


def test_start_tags_that_never_end_are_not_read_again_and_again() -> None:
    """Each looked for its end through the next 4,000 characters: 5 s for 1 MB."""
    assert lines("<p>Text</p>" + "<svg " * 200_000)[0] == "Text"
