"""What holds for any page: nothing lost, nothing raised but a skip, time in proportion to length."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.findings import Draft, Page
from services.parse.text import lines, read_text
from shared.errors import Skip

OBSERVED_AT = datetime(2025, 6, 10, 12, tzinfo=UTC)
PROSE = "The harbour opened again on Monday after a week of repairs. Its first visitor was a barge with apples."
MORE = "The harbour master was pleased with the apples and said so. He has worked there since he was fifteen."
ARTICLE = f"Harbour opens again after repairs\n\n{PROSE}\n{MORE}\n"
NEWLINES = ["\n", "\r\n", "\r", "\n\r", "\r\r\n", "\x0b", "\x1c", "\u2028", "\u2029", "\x85", "\x0c", "\n\n", ""]
PARTS = [
    "Related", "Latest news", "AD", "Tags: #a #b", "#x #y", "20:50 07.06.2024", "2 min read", "By Ann Lee",
    "READ ALSO: more", "© 2024", "Home > World", "12", "2 hours ago", PROSE,
    "Mayor opens a bridge", "\u200b", "\x00", "  ", "\ud800", "\udc80", "\ufeff", "\u202e", "\u2066", "\t",
    "\x1c", "\x1f",
    "UPDATE 2-Mayor opens a bridge", "EMBARGOED UNTIL noon", "(more)", "-0-", "BC-EU--Bridge,0231", "12 comments",
    "Subject: Harbour opens again after repairs", "LORN, June 7 (Wire) - It did.", "(Reporting by Ann Lee)",
]  # fmt: skip

texts = st.one_of(
    st.text(),
    st.lists(st.tuples(st.sampled_from(PARTS) | st.text(max_size=40), st.sampled_from(NEWLINES))).map(
        lambda parts: "".join(part + newline for part, newline in parts)
    ),
)


def joined(text: str, draft: Draft) -> str:
    return "".join(text[block.start : block.end] for block in draft.blocks)


@given(texts)
def test_every_character_is_in_exactly_one_block_of_any_text(text: str) -> None:
    found, read = lines.split(text)
    blocks = lines.blocks(text, found, read)

    assert "".join(text[block.start : block.end] for block in blocks) == text
    assert all(block.start < block.end for block in blocks)


@given(texts, texts)
def test_whatever_stands_around_an_article_it_is_read_and_nothing_is_lost(before: str, after: str) -> None:
    text = f"{before}\n{ARTICLE}{after}"

    draft = read_text(Page(text, "interfax-ua", OBSERVED_AT))

    assert joined(text, draft) == text
    assert draft.fields["headline"]
    assert draft.fields["body"]
    assert 0 <= draft.confidence <= 1


@given(st.text())
def test_any_text_is_an_article_or_skipped(text: str) -> None:
    with suppress(Skip):
        read_text(Page(text, "demo", OBSERVED_AT))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "too_short"),
        ("\n \n", "too_short"),
        ("Harbour opens", "too_short"),
        ("Harbour opens again after repairs\n\nMayor opens bridge\n\nTown buys buses", "not_an_article"),
        (PROSE * 6, "not_an_article"),
        ("x" * 900_000, "not_an_article"),
        ("\n" * 1_000_000, "too_short"),
        ("short line\n" * 100_000, "not_an_article"),
        ("Harbour opens again after repairs\n\nIt did so on this Monday, June the ninth.", "too_short"),
    ],
)
def test_what_is_no_article_is_skipped_and_soon(text: str, reason: str) -> None:
    began = time.process_time()

    with pytest.raises(Skip) as skipped:
        read_text(Page(text, "demo", OBSERVED_AT))

    assert skipped.value.reason == reason
    assert time.process_time() - began < 10  # what grows with the square of a megabyte takes minutes


def test_a_page_of_more_lines_than_are_read_keeps_the_rest_as_one_block(draft_of: Callable[..., Draft]) -> None:
    text = ARTICLE + "A short line of the rest\n\n" * 20_000

    draft = draft_of(text)

    assert joined(text, draft) == text
    assert len(draft.blocks) <= 2 * lines.MAX_LINES + 1
    assert draft.blocks[-1].rule == "beyond the limit of lines"


def test_an_article_of_one_long_line_keeps_all_of_it(draft_of: Callable[..., Draft]) -> None:
    text = f"Harbour opens again after repairs\n{'word ' * 150_000}end."

    assert len(draft_of(text).fields["body"]) == 750_004


def test_a_headline_that_only_the_envelope_has_is_taken_from_there(draft_of: Callable[..., Draft]) -> None:
    from shared.contracts import RawEnvelope

    declared = RawEnvelope(body="x", headline="Harbour opens")
    text = f"{PROSE}\n\n{PROSE * 3}"

    draft = draft_of(text, declared=declared)

    assert draft.fields["headline"] == "Harbour opens"
    assert draft.evidence["headline"].source == "envelope"


def test_a_time_that_cannot_be_is_refused_and_kept_raw(draft_of: Callable[..., Draft]) -> None:
    draft = draft_of(f"Harbour opens again after repairs\n01.01.9999 10:00\n{PROSE}\n")

    assert "published_at" not in draft.fields
    assert draft.refused["published_at"].raw == "01.01.9999 10:00"
