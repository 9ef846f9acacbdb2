"""What pages state of their articles, and what of it is not true of them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parse.html.stated import is_reference, keywords_in, plain_text, repeats, section_in
from shared.contracts import ParsedArticle

Parsed = Callable[..., ParsedArticle]
HEADLINE = "The mill at Aldmoor turns again"
BODY = "".join(
    f"<p>The {name} wheel of the mill has turned since Monday, and its keeper says that it will go on.</p>"
    for name in ("upper", "lower", "spare")
)


@pytest.fixture
def article(parsed: Parsed) -> Callable[..., ParsedArticle]:
    def read(head: str = "", before: str = "", after: str = "") -> ParsedArticle:
        page = (
            f"<html><head>{head}</head><body><article>{before}<h1>{HEADLINE}</h1>{after}{BODY}</article></body></html>"
        )
        return parsed(page.encode(), {"content-type": "text/html", "newswire-url": "https://www.gazette.example/mill"})

    return read


def linked(properties: str) -> str:
    start = f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", '
    return f'<script type="application/ld+json">{start}{properties}}}</script>'


@pytest.mark.parametrize(
    ("stated", "section"),
    [
        ("Business", "Business"), ("Food & Drink, News", "Food & Drink, News"),
        ("Health, Science and Environment", "Health, Science and Environment"),
        ("Wetter, Verkehr und Energie", "Wetter, Verkehr und Energie"),
        ("Rivers, mills, water, wheels", "Rivers"), ("Uncategorized", None), ("Без рубрики", None), ("未分類", None),
        ("Front Page", None), ("The Gazette", None), ("gazette", None), ("Gazette sport", "Gazette sport"),
    ],
)  # fmt: skip
def test_a_section_is_one_and_no_placeholder(stated: str, section: str | None) -> None:
    assert section_in(stated, ("The Gazette", "gazette.example")) == section


def test_keywords_are_those_for_readers() -> None:
    words = [
        "Mills", "mills", "#rivers", "p", "7", "Section:culture", "_seo", "/article", "source:tagname:Europe", "C++",
        "8ae9ab2d-fe1b-4230-acb8-a59b52877682", "13b6eae8ef3e34c9400db81d5293d448", "100312362", HEADLINE.upper(), "水",
        "Aldmoor: the town", "election 2028",
    ]  # fmt: skip

    assert keywords_in(words, HEADLINE) == ["Mills", "rivers", "C++", "Aldmoor: the town", "election 2028"]


def test_fields_of_a_system_are_no_keywords() -> None:
    fields = ["Page Type: Article", "Day: Friday", "Partner: Wire"]

    assert keywords_in([*fields, "Mills"], "") == ["Mills"]
    assert keywords_in(fields[:2], "") == fields[:2]


@given(st.lists(st.text(max_size=30), max_size=20), st.text(max_size=30))
def test_keywords_are_given_once_and_none_is_made_up(words: list[str], headline: str) -> None:
    found = keywords_in(words, headline)

    assert len({each.casefold() for each in found}) == len(found)
    assert {*found} <= {each.lstrip("#") for each in words}


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<p>The mill<br/>turns.</p>", "The mill turns."), ("It&amp;#39;s the mill", "It's the mill"),
        ("See <The Mill: a Tale> now", "See <The Mill: a Tale> now"), ("Salt & Vinegar", "Salt & Vinegar"),
        ('<a href="/1">The mill</a> turns', "The mill turns"),
    ],
)  # fmt: skip
def test_markup_that_a_system_left_is_no_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_what_repeats_a_headline_says_nothing() -> None:
    assert repeats("The mill at Aldmoor turns again!", HEADLINE)
    assert not repeats("The mill turns again", HEADLINE)


@pytest.mark.parametrize("name", ["https://gazette.example/#organization", "#Publisher", "_:b0"])
def test_an_address_is_no_name(name: str, article: Callable[..., ParsedArticle]) -> None:
    head = linked(f'"publisher": {{"@id": "{name}"}}, "copyrightHolder": {{"@id": "{name}"}}')
    found = article(f'{head}<meta property="og:site_name" content="The Gazette">')

    assert is_reference(name)
    assert (found.publisher, found.rights.holder) == ("The Gazette", None)


def test_a_summary_is_neither_the_headline_nor_the_sites_name(article: Callable[..., ParsedArticle]) -> None:
    metas = (
        f'<meta property="og:site_name" content="The Gazette"><meta property="og:description" content="{HEADLINE}">'
        '<meta name="description" content="The Gazette"><meta name="twitter:description" content="It had stood still.">'
    )

    assert article(metas).summary == "It had stood still."
    assert article(metas.partition("<meta name=")[0]).evidence["summary"].confidence == 0


def test_a_section_that_is_none_is_told_in_the_evidence(article: Callable[..., ParsedArticle]) -> None:
    found = article(linked('"articleSection": "Uncategorized"'))

    assert found.section is None
    assert found.evidence["section"].rule == "refused: articleSection: no section, or the site's name"


def test_the_headline_is_no_caption_and_a_logo_no_picture(article: Callable[..., ParsedArticle]) -> None:
    image = '"image": {"url": "https://gazette.example/i/mill.jpg", "caption": "%s"}'

    captioned = article(linked(image % HEADLINE)).image
    assert captioned is not None
    assert captioned.caption is None
    assert article(linked(image.replace("i/mill", "img/site_logos/gz") % "Us")).image is None


def test_a_style_sheet_in_a_caption_or_a_byline_is_not_read(article: Callable[..., ParsedArticle]) -> None:
    style = "<style>.css-1x{font-size:12px}</style>"
    found = article(
        linked('"image": "https://gazette.example/i/mill.jpg"'),
        after=f"<p>{style}By <span>{style}Ann Reed</span></p>"
        f'<figure><img src="/i/mill.jpg"><figcaption>{style}The mill</figcaption></figure>',
    )

    assert found.byline == "By Ann Reed"
    assert found.image is not None
    assert found.image.caption == "The mill"


@pytest.mark.parametrize(
    ("printed", "byline"),
    [
        ("By Ann Reed on December 20, 2023", "By Ann Reed"), ("By Ann Reed Updated Nov 19, 2019", "By Ann Reed"),
        ("By Ann Reed, City Desk,Updated December 20, 2023", "By Ann Reed, City Desk"),
        ("By Ann ReedPublished: Oct 3, 2023", "By Ann Reed"), ("Par Zoé Lambert, le 11 mars 2025", "Par Zoé Lambert"),
    ],
)  # fmt: skip
def test_a_byline_ends_before_its_date(printed: str, byline: str, article: Callable[..., ParsedArticle]) -> None:
    assert article(after=f'<p class="by">{printed}</p>').byline == byline


def test_who_took_the_picture_does_not_sign(article: Callable[..., ParsedArticle]) -> None:
    caption = "Members of the guild have asked for a new wheel since the last one broke in May. By"
    found = article(after=f"<div>{caption} <a href='/photo/lind'>Bo Lind</a></div><p>By <b>Ann Reed</b></p>")

    assert [each.name for each in found.authors] == ["Ann Reed"]


@pytest.mark.parametrize(
    "after", ["<h2><b>Key Takeaways</b></h2>", f"<p>{'Long prose of the mill. ' * 6}</p><p><b>Rivers Rising</b></p>"]
)
def test_a_heading_in_bold_signs_nothing(after: str, article: Callable[..., ParsedArticle]) -> None:
    assert article(after=after).authors == ()
    assert [each.name for each in article(after="<p><b>Ann Reed</b></p>").authors] == ["Ann Reed"]
