"""The page this reader was made for: see `../shared/data/README.md`."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.parse.findings import Draft, Page
from services.parse.text import read_text

DATA = Path(os.environ.get("NEWSWIRE_DATA", Path(__file__).parents[4] / "shared" / "data"))
SEED = DATA / "seed" / "article.txt"
HEADLINE = "Ukraine, NATO to sign agreement on cooperation in innovation at summit in Washington"

pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"there is no {SEED}; set NEWSWIRE_DATA")


@pytest.fixture(scope="module")
def text() -> str:
    return SEED.read_bytes().decode()


@pytest.fixture(scope="module")
def draft(text: str) -> Draft:
    return read_text(Page(text, "interfax-ua", datetime(2024, 6, 8, tzinfo=UTC)))


def test_the_headline_is_exact_and_once(draft: Draft) -> None:
    assert draft.fields["headline"] == HEADLINE
    assert HEADLINE not in draft.fields["body"]


def test_the_time_is_in_utc_with_everything_that_is_known_about_it(draft: Draft) -> None:
    published = {name: value for name, value in draft.fields.items() if name.startswith("published")}
    assert published == {
        "published_at": datetime(2024, 6, 7, 17, 50, tzinfo=UTC),
        "published_raw": "20:50 07.06.2024",
        "published_precision": "minute",
        "published_zone": "Europe/Kyiv",
        "published_zone_source": "profile",
        "published_ambiguous": True,
    }
    assert draft.evidence["published_at"].source == "profile"
    assert draft.evidence["published_at"].raw == "20:50 07.06.2024"


def test_section_minutes_and_tags(draft: Draft) -> None:
    assert draft.fields["section"] == "Facts"
    assert draft.fields["read_minutes"] == 2
    assert draft.fields["keywords"] == ("collaboration", "nato", "innovations", "plans")


def test_the_body_is_its_paragraphs_only(draft: Draft, text: str) -> None:
    paragraphs = draft.fields["body"].split("\n\n")
    assert len(paragraphs) == 7
    assert paragraphs[0].startswith("Ukraine and NATO will sign the first-ever agreement")
    assert paragraphs[-1].endswith("the NATO assistant secretary general said.")
    assert all(paragraph in text.split("\n") for paragraph in paragraphs)
    assert "AD" not in draft.fields["body"].split()
    assert "min read" not in draft.fields["body"]


def test_the_lists_are_related_items_and_not_in_the_body(draft: Draft) -> None:
    related = draft.fields["related"]
    assert Counter(item.kind for item in related) == {"related": 10, "hot": 5, "latest": 10}
    assert not any(item.title in draft.fields["body"] for item in related)
    assert all((item.published_at is not None) == (item.kind == "related") for item in related)
    assert related[0].published_raw == "19:19 07.06.2024"
    assert related[0].published_at == datetime(2024, 6, 7, 16, 19, tzinfo=UTC)
    assert related[9].title.startswith("Zelenskyy again calls on NATO countries")
    assert related[9].published_at == datetime(2024, 5, 21, 18, 10, tzinfo=UTC)
    assert related[10].title.startswith("France starts supplies")
    assert related[-1].title == "Zelenskyy meets with heads of number of leading French companies"


def test_each_character_and_each_advertisement_is_accounted_for(draft: Draft, text: str) -> None:
    kinds = Counter(block.kind for block in draft.blocks)
    assert "".join(text[block.start : block.end] for block in draft.blocks) == text
    assert kinds["advertisement"] == 5
    assert kinds["headline"] == 2
    assert kinds["label"] == 3
    assert kinds["boilerplate"] == 0


def test_without_the_profile_the_zone_is_assumed_and_says_so(text: str) -> None:
    draft = read_text(Page(text, "somewhere-else", datetime(2024, 6, 8, tzinfo=UTC)))
    assert draft.fields["headline"] == HEADLINE
    assert draft.fields["published_at"] == datetime(2024, 6, 7, 20, 50, tzinfo=UTC)
    assert draft.fields["published_zone_source"] == "assumed_utc"
    assert len(draft.fields["body"].split("\n\n")) == 7
