"""Every profile on its fixtures, the layouts by their dates, and selectors that find nothing any more."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.parse.html import clues
from services.parse.publishers import Layout, Profile, profiles
from services.parse.publishers.selectors import compiled
from shared.contracts import ParsedArticle
from tests.golden.__main__ import golden, pages, read, text_of

PAGES = list(pages())
Parse = Callable[..., ParsedArticle]
MakePage = Callable[..., str]
FIELDS = {"published": "published_at", "modified": "modified_at"}
GAZETTE = Profile(
    name="The Gazette", hosts=frozenset({"gazette.example"}), country="GB", zone="Europe/London", order="DMY"
)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make layouts known for gazette.example."""

    def know(*layouts: Layout) -> None:
        profile = replace(GAZETTE, layouts=layouts)
        monkeypatch.setattr(clues, "profile_for", lambda _source, _url=None: profile)

    return know


@pytest.mark.parametrize(("profile", "path"), PAGES, ids=[f"{path.parent.name}/{path.stem}" for _, path in PAGES])
def test_a_profile_reads_its_fixture(profile: Profile, path: Path) -> None:
    article = read(profile, path)

    expected = path.with_suffix(".json").read_text("utf-8")
    found = text_of(golden(article))
    assert found == expected, "if this is better, `make golden` writes it"
    said = [other.rule for evidence in article.evidence.values() for other in evidence.runners_up]
    assert not [rule for rule in said if rule.startswith("nothing plausible")]


def test_every_layout_has_a_fixture_and_every_place_is_used() -> None:
    for profile in profiles():
        used = [golden(read(each, path))["from_profile"] for each, path in PAGES if each is profile]
        assert len(used) == len(profile.layouts)
        for layout in profile.layouts:
            places = {each.name for each in fields(layout) if getattr(layout, each.name)} - {"since", "drop"}
            wanted = {FIELDS.get(place, place) for place in places}
            assert any(wanted <= set(names) for names in used), (profile.name, wanted, used)


def test_layouts_are_in_order_and_selectors_are_selectors() -> None:
    for profile in profiles():
        assert list(profile.layouts) == sorted(profile.layouts, key=lambda each: each.since)
        for layout in profile.layouts:
            for each in fields(layout):
                if each.name != "since" and (place := getattr(layout, each.name)):
                    compiled(place)


def test_what_a_layout_places_comes_before_everything_else(
    parsed: Parse, page: MakePage, known: Callable[..., None]
) -> None:
    known(
        Layout(
            since=date(2020, 1, 1), headline=".kicker", authors=".who", published=".when", section=".part",
            keywords=".word", summary=".lead", modified=".then",
        )
    )  # fmt: skip
    markup = (
        '<p class="kicker">Ovens stay cold</p><p class="who">By Ada Crumb</p><p class="when">3 March 2025, 10:15</p>'
        '<p class="part">Town</p><i class="word">bread</i><i class="word">flour</i><p class="lead">No bread today.</p>'
        '<time class="then" datetime="2025-03-04T08:00:00Z">later</time>'
    )
    article = parsed(page(markup, head='<meta name="author" content="Someone Else">'))

    assert article.headline == "Ovens stay cold"
    assert [author.name for author in article.authors] == ["Ada Crumb"]
    assert article.published_at == datetime(2025, 3, 3, 10, 15, tzinfo=UTC)
    assert article.published_zone_source == "profile"
    assert (article.section, article.keywords, article.summary) == ("Town", ("bread", "flour"), "No bread today.")
    assert article.modified_at == datetime(2025, 3, 4, 8, tzinfo=UTC)
    assert article.evidence["headline"].source == "profile"
    assert article.evidence["authors"].runners_up[0].raw == "Someone Else"


def test_a_body_is_read_in_blocks_and_what_is_dropped_is_not_in_it(
    parsed: Parse, page: MakePage, known: Callable[..., None]
) -> None:
    known(Layout(since=date(2020, 1, 1), body=".text", drop=".promo"))
    markup = (
        '<div class="text">The first of many lines that are not in a paragraph at all,<br><br>and the second after a '
        "break, with <b>bold</b> words in it<p>A paragraph.</p><h2>A heading</h2><ul><li>One</li><li>Two "
        "<ul><li>deep</li></ul></li></ul>"
        '<p class="promo">Buy our bread now, it is warm.</p><blockquote><p>Said</p><p>twice</p></blockquote>'
        "<table><tr><td>a</td><td>b</td></tr></table><figure>A picture</figure><script>no()</script>the end</div>"
    )

    article = parsed(page(markup))

    kinds = [block.kind for block in article.blocks if block.kind != "blank"]
    assert kinds == ["paragraph", "paragraph", "paragraph", "heading", "list", "quote", "table", "paragraph"]
    assert article.body.split("\n\n")[1:] == [
        "and the second after a break, with bold words in it", "A paragraph.", "A heading", "One\nTwo deep",
        "Said\ntwice", "a b", "the end",
    ]  # fmt: skip
    assert article.evidence["body"].rule == ".text"
    assert article.extraction_confidence > 0.9


@pytest.mark.parametrize(
    ("layout", "field"),
    [
        (Layout(since=date(2020, 1, 1), headline="h1.gone"), "headline"),
        (Layout(since=date(2020, 1, 1), body=".gone"), "body"),
        (Layout(since=date(2020, 1, 1), body="nav"), "body"),
        (Layout(since=date(2020, 1, 1), published="h1"), "published_at"),
        (Layout(since=date(2020, 1, 1), authors=".gone"), "authors"),
        (Layout(since=date(2020, 1, 1), keywords="i.gone"), "keywords"),
    ],
)
def test_a_broken_selector_loses_nothing_and_says_so(
    parsed: Parse, page: MakePage, known: Callable[..., None], layout: Layout, field: str
) -> None:
    links = "".join(f'<a href="/{number}">One of many links to other pages of ours</a> ' for number in range(9))
    head = '<meta name="author" content="Ada Crumb"><meta name="keywords" content="bread">'
    head += '<meta property="article:published_time" content="2025-03-03T10:00:00Z">'
    without = parsed(page(f"<nav>{links}</nav>", head))
    known(layout)

    article = parsed(page(f"<nav>{links}</nav>", head))

    assert getattr(article, field) == getattr(without, field)
    evidence = article.evidence[field]
    said = (evidence.rule, *(other.rule for other in evidence.runners_up))
    assert any("nothing plausible at" in rule and "layout of 2020-01-01" in rule for rule in said)


OLD = Layout(since=date(2010, 1, 1), headline=".old")
NEW = Layout(since=date(2020, 1, 1), headline=".new")
BOTH = '<p class="old">The headline of the old layout</p><p class="new">The headline of the new layout</p>'


@pytest.mark.parametrize(
    ("fetched", "published", "headline"),
    [
        ("2015-05-01T00:00:00Z", None, "The headline of the old layout"),
        ("2021-05-01T00:00:00Z", "2015-05-01T00:00:00Z", "The headline of the new layout"),
        (None, "2015-05-01T00:00:00Z", "The headline of the old layout"),
        (None, "2021-05-01T00:00:00Z", "The headline of the new layout"),
        (None, "2001-05-01T00:00:00Z", "The headline of the old layout"),
        (None, None, "The headline of the new layout"),
    ],
)
def test_a_page_is_read_by_the_layout_of_its_day(
    parsed: Parse, page: MakePage, known: Callable[..., None], fetched: str | None, published: str | None, headline: str
) -> None:
    known(OLD, NEW)
    head = f'<meta property="article:published_time" content="{published}">' if published else ""

    article = parsed(page(BOTH, head), {"newswire-fetched-at": fetched} if fetched else {})

    assert article.headline == headline


def test_where_nothing_of_the_days_layout_is_there_the_newest_that_fits_is_taken(
    parsed: Parse, page: MakePage, known: Callable[..., None]
) -> None:
    known(OLD, NEW)

    article = parsed(
        page('<p class="new">The headline of the new layout</p>'), {"newswire-fetched-at": "2015-05-01T00:00:00Z"}
    )

    assert article.headline == "The headline of the new layout"


def test_a_page_without_an_address_is_known_by_the_one_it_states(parsed: Parse) -> None:
    _, path = next((profile, path) for profile, path in PAGES if path.stem == "tennis")

    assert parsed(path.read_bytes()).evidence["body"].source == "profile"


def test_a_repeated_text_is_taken_once_and_xpath_may_give_text(
    parsed: Parse, page: MakePage, known: Callable[..., None]
) -> None:
    long = "A paragraph that stands on the page twice, once for each width of screen. " * 6
    known(Layout(since=date(2020, 1, 1), body=".text", authors='(substring-before(//*[@class="by"], "|"))'))

    article = parsed(
        page(f'<p class="by">By Ada Crumb | Monday</p><div class="text">{long}</div><div class="text">{long}</div>')
    )

    assert article.body == long.strip()
    assert [author.name for author in article.authors] == ["Ada Crumb"]
