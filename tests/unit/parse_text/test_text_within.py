"""What stands within an article does not end it, and what stands beside it does not begin it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.parse.findings import Draft
from shared.contracts import RawEnvelope

LEAD = "The harbour of Lorn has been closed since Monday, and nobody knows when it will open. The mayor is silent."
SECOND = "A barge with apples waited for six hours outside the mole and then sailed on to Skarn. It was let in there."
THIRD = "Eleven of fifteen members wanted the harbour to be opened by force. The mayor refused to sign the order."
HEAD = "How the harbour of Lorn came to be closed\n7 May 2025, 15:05\n\n"
DraftOf = Callable[..., Draft]


def kinds(text: str, draft: Draft) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end].strip()) for each in draft.blocks if each.kind != "blank"]


def test_days_of_a_chronicle_are_headings_and_no_times_of_publication(draft_of: DraftOf) -> None:
    days = [f"May {day}, 2025\nTalks fail again\nBoth sides left the town hall at midnight.\n\n" for day in (3, 4, 5)]
    text = f"{HEAD}{LEAD}\n\n{''.join(days)}"

    draft = draft_of(text)

    assert [text for kind, text in kinds(text, draft) if kind == "heading"][::2] == [
        "May 3, 2025", "May 4, 2025", "May 5, 2025",
    ]  # fmt: skip
    assert draft.fields["body"].count("Both sides left") == 3
    assert draft.fields["published_at"] == datetime(2025, 5, 7, 15, 5, tzinfo=UTC)
    assert not draft.evidence["published_at"].runners_up


@pytest.mark.parametrize("mark", ["###", "■", "-0-"])
def test_a_mark_that_is_printed_again_parts_a_text_and_one_alone_ends_it(draft_of: DraftOf, mark: str) -> None:
    parted = draft_of(f"{HEAD}{LEAD}\n\n{mark}\n\n{SECOND}\n\n{mark}\n\n{THIRD}\n")
    ended = draft_of(f"{HEAD}{LEAD}\n\n{SECOND}\n\n{mark}\n\n{THIRD}\n")

    assert parted.fields["body"] == f"{LEAD}\n\n{SECOND}\n\n{THIRD}"
    assert ended.fields["body"] == f"{LEAD}\n\n{SECOND}"
    assert ended.fields["completeness"] == "full"


@pytest.mark.parametrize(
    "inset",
    [
        "Read also\n\nMayor opens a bridge over the Ell\nDockers on strike\nApples grow dear\nGulls sleep badly",
        "Advertisement", "READ ALSO: Dockers go on strike in Skarn", "Photo", "Share",
    ],
)  # fmt: skip
def test_an_article_of_two_paragraphs_goes_on_after_what_interrupts_it(draft_of: DraftOf, inset: str) -> None:
    draft = draft_of(f"{HEAD}{LEAD}\n\n{inset}\n\nThe mole will hold for a hundred years. So says he.\n\n{SECOND}\n")

    assert draft.fields["body"].startswith(LEAD)
    assert draft.fields["body"].endswith(SECOND)


@pytest.mark.parametrize("heading", ["Discussion", "Methods", "Results"])
def test_words_of_a_page_are_also_headings(draft_of: DraftOf, heading: str) -> None:
    draft = draft_of(f"{HEAD}{LEAD}\n\n{SECOND}\n\n{heading}\n\n{THIRD}\n")

    assert draft.fields["body"] == f"{LEAD}\n\n{SECOND}\n\n{heading}\n\n{THIRD}"


def test_text_far_below_the_article_is_anothers(draft_of: DraftOf) -> None:
    article = f"{HEAD}{LEAD}\n\n{SECOND}\n\n{THIRD}\n\n" + f"{SECOND} {THIRD}\n\n" * 3
    menu = "".join(f"Teaser number {number:03} of the many that are under the article\n" for number in range(9))

    draft = draft_of(f"{article}{menu}\n{LEAD}\n")
    without = draft_of(f"{article}{LEAD}\n")

    assert draft.fields["body"].count(LEAD) == 1
    assert draft.blocks[-1].rule == "far below the article"
    assert without.fields["body"].count(LEAD) == 2


def test_the_time_nearest_to_the_headline_is_the_articles(draft_of: DraftOf) -> None:
    aside = "".join(f"May {day}, 2025\nWhat happened in Skarn that day\n" for day in (1, 2, 3))

    draft = draft_of(f"{aside}\nHow the harbour of Lorn came to be closed\nMay 7, 2025\n\n{LEAD}\n\n{SECOND}\n")

    assert draft.fields["published_raw"] == "May 7, 2025"


def test_the_last_mark_says_whether_a_story_is_whole(draft_of: DraftOf) -> None:
    going_on = draft_of(f"{HEAD}{LEAD}\n\n{SECOND}\n\n(MORE)\n")
    ended = draft_of(f"{HEAD}{LEAD}\n\n{SECOND}\n\n(MORE)\n\nHARBOUR 2-2-2\n\n-0-\n")

    assert (going_on.fields["completeness"], ended.fields["completeness"]) == ("partial", "full")


@pytest.mark.parametrize(
    ("over", "headline"),
    [
        ("(Zusammenfassung 1510 - neu: Stimmen)\nHafen von Lorn wieder offen =", "Hafen von Lorn wieder offen"),
        ("Le port de Lorn rouvre après des travaux =", "Le port de Lorn rouvre après des travaux"),
        ("LORN WIRE 0231\n====================\nHarbour of Lorn opens again", "Harbour of Lorn opens again"),
    ],
)  # fmt: skip
def test_the_headline_is_what_the_agency_marks(draft_of: DraftOf, over: str, headline: str) -> None:
    draft = draft_of(f"{over}\n\nLORN, 7 juin 2025 (AFP) - {LEAD}\n\n{SECOND}\n")

    assert draft.fields["headline"] == headline


SET_IN = """\
   LORN, June 7 (AP) - The harbour of Lorn opened again on Friday after
a week of repairs, the mayor said.
   The first visitor was a barge with apples from Skarn. The harbour
master was pleased with the apples and said so.
"""
TIGHT = """\
The harbour of Lorn opened again on Friday after a week of repairs, the
mayor of the town told reporters on its mole. The first visitor was a
barge with apples.
It had waited outside the mole for three days and four nights, in a storm
that broke many windows in the town.
"""


@pytest.mark.parametrize(("text", "paragraphs"), [(SET_IN, 2), (TIGHT, 2)])
def test_texts_that_were_broken_into_lines_without_blank_ones_have_their_paragraphs(
    draft_of: DraftOf, text: str, paragraphs: int
) -> None:
    body = draft_of(f"Harbour of Lorn opens again after repairs\n\n{text}").fields["body"]

    assert body.split() == text.split()
    assert body.count("\n\n") + 1 == paragraphs


def test_a_headline_and_its_byline_are_not_one_broken_line(draft_of: DraftOf) -> None:
    draft = draft_of(
        f"How the harbour of Lorn came to be closed last week\nby Ann Lee\nMay 7, 2025\n\n{LEAD}\n\n{SECOND}\n"
    )

    assert draft.fields["headline"] == "How the harbour of Lorn came to be closed last week"
    assert draft.fields["byline"] == "Ann Lee"


@pytest.mark.parametrize(
    ("known", "raw", "at"),
    [
        ({"url": "https://gazette.example.pl/a"}, "7 maja 2025, 15:05", "2025-05-07T13:05"),
        ({}, "7 maja 2025, 15:05", "2025-05-07T15:05"),
        ({"fetched_at": datetime(2025, 6, 1, 12, 30, tzinfo=UTC)}, "2 hours ago", "2025-06-01T10:00"),
        ({"declared": RawEnvelope(body="x", language="ko")}, "25.05.07 15:05", "2025-05-07T06:05"),
    ],
)
def test_what_is_known_of_a_text_tells_its_time(draft_of: DraftOf, known: dict[str, Any], raw: str, at: str) -> None:
    draft = draft_of(f"How the harbour of Lorn came to be closed\n{raw}\n\n{LEAD}\n\n{SECOND}\n", **known)

    assert draft.fields["published_at"] == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_times_ago_are_no_times_without_the_moment_they_count_from(draft_of: DraftOf) -> None:
    draft = draft_of(f"How the harbour of Lorn came to be closed\n2 hours ago\n\n{LEAD}\n\n{SECOND}\n")

    assert "published_at" not in draft.fields


def test_letters_tell_the_language_where_nothing_else_does(draft_of: DraftOf) -> None:
    korean = "론 항구가 일주일간의 수리 끝에 월요일 다시 문을 열었다. 첫 손님은 스카른에서 온 사과를 실은 바지선이었다."

    draft = draft_of(f"론 항구, 수리 끝에 다시 문 열어\n25.05.07 15:05\n\n{korean}\n\n{korean}\n")

    assert draft.fields["published_at"] == datetime(2025, 5, 7, 6, 5, tzinfo=UTC)


def test_a_time_in_a_calendar_that_cannot_be_read_is_no_summary(draft_of: DraftOf) -> None:
    arabic = (
        "فتح ميناء لورن أبوابه من جديد يوم الاثنين بعد أسبوع من أعمال الإصلاح. وكانت أول سفينة بارجة محملة بالتفاح."
    )

    draft = draft_of(f"ميناء لورن يفتح أبوابه من جديد\n١ ذو الحجة ١٤٤٥ هـ ١٥:٠٥ ٢٠\n\n{arabic}\n\n{arabic}\n")

    assert "summary" not in draft.fields
