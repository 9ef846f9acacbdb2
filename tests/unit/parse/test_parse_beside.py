"""Every line that a page shows has one kind and the rule that says so, whatever the page."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from services.parse.explain import LINES_LIMIT, explain
from services.parse.html.flow import shown_lines
from services.parse.html.hints import words_of
from services.parse.raw.document import read_raw
from services.parse.tree import page_tree
from shared.contracts import Explained
from shared.errors import Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ABOUT = "Ida Holm has written about mills since 1998, and about rivers before that. She lives near one of the rivers."
ARTICLE = "<article><h1>The mill at Aldmoor turns again</h1>" + "".join(
    f"<p>The {name} wheel of the mill at Aldmoor has turned since Monday, and its keeper says that it will go on.</p>"
    for name in ("upper", "lower", "spare")
)


def explained(beside: str, inside: str = "") -> Explained:
    markup = f'<html lang="en"><body>{ARTICLE}{inside}</article>{beside}</body></html>'
    return explain(read_raw(markup.encode("utf-8", "replace"), {}, "demo", NOW), now=NOW)


def fates(found: Explained) -> dict[str, tuple[str, str]]:
    return {found.page[each.start : each.end].strip(): (each.kind, each.rule) for each in found.blocks}


@pytest.mark.parametrize(
    ("markup", "line", "kind", "rule"),
    [
        ('<div class="ad-slot">Boots for all weathers</div>', "Boots for all weathers", "advertisement",
         "advertisement: named ad-slot"),
        ("<div><span>Реклама</span></div>", "Реклама", "advertisement", "advertisement label"),
        ('<ul class="share-bar"><li>Fax</li></ul>', "Fax", "share", "share: named share-bar"),
        ("<div>© 2026 Aldmoor Post</div>", "© 2026 Aldmoor Post", "copyright", "copyright label"),
        ("<div>4 min read</div>", "4 min read", "read_time", "minutes to read"),
        ('<p><a rel="nofollow tag" href="/t/mills">Mills</a></p>', "Mills", "tags", "rel tag"),
        ('<div class="post-tags"><a href="/m">Mills</a></div>', "Mills", "tags", "tag: named post-tags"),
        ("<div><p>Schlagwörter</p><ul><li>Mühlen</li><li>Wasser und Strom</li></ul></div>", "Mühlen", "tags",
         "under a tags label"),
        ("<nav><a href='/'>Front</a></nav>", "Front", "boilerplate", "in nav"),
        ('<div role="navigation"><a href="/">Front</a></div>', "Front", "boilerplate", "navigation: named navigation"),
        ("<button>Enlarge</button>", "Enlarge", "boilerplate", "in button"),
        ('<div class="newsletter-box">Letters, every Friday</div>', "Letters, every Friday", "boilerplate",
         "offer: named newsletter-box"),
        ("<div><h3>Most read</h3><a href='/1'>Ferries sail twice a day</a><a href='/2'>A bridge is closed</a></div>",
         "Ferries sail twice a day", "hot", "related"),
        ('<blockquote class="twitter-tweet">It turns! - Ida Holm</blockquote>', "It turns! - Ida Holm", "embed",
         "tweet: named twitter-tweet"),
        ("<div><a href='/3'>A cooper of Aldmoor retires at ninety</a></div>", "A cooper of Aldmoor retires at ninety",
         "related", "a link as long as a headline"),
        ("<div><a href='/4'>Aldmoor</a></div>", "Aldmoor", "boilerplate", "a short link"),
        ("<div>Somewhere else</div>", "Somewhere else", "unknown", "nothing tells what it is"),
        (f'<div class="author-box"><p>{ABOUT}</p></div>', ABOUT, "boilerplate", "author: named author-box"),
    ],
)  # fmt: skip
def test_what_stands_beside_an_article_is_told_by_a_rule(markup: str, line: str, kind: str, rule: str) -> None:
    found = fates(explained(markup))

    told = next(fate for text, fate in found.items() if text.startswith(line))
    assert told == (kind, rule)


def test_a_label_in_a_menu_says_nothing_of_the_entries_after_it() -> None:
    found = fates(explained("<nav><ul><li>Tags</li><li>Weather</li></ul></nav>"))

    assert found["Weather"] == ("boilerplate", "in nav")


def test_a_box_named_after_its_cards_without_links_is_not_related() -> None:
    found = fates(explained('<div class="card-grid"><p>Opening hours</p></div>'))

    assert found["Opening hours"] == ("unknown", "nothing tells what it is")


def test_a_tag_is_short() -> None:
    found = fates(explained('<div class="topic-list"><a href="/5">The miller of Aldmoor sells her boat</a></div>'))

    assert found["The miller of Aldmoor sells her boat"] == ("related", "a link as long as a headline")


def test_names_of_what_holds_everything_say_nothing_of_its_lines() -> None:
    markup = f'<html><body class="category-mills ad-free">{ARTICLE}</article><div>Somewhere else</div></body></html>'
    found = fates(explain(read_raw(markup.encode(), {}, "demo", NOW), now=NOW))

    assert found["Somewhere else"] == ("unknown", "nothing tells what it is")


def test_letters_of_a_made_up_name_are_no_word() -> None:
    assert list(words_of("menu-item-68fa2ad3")) == [("navigation", "menu")]


def test_a_page_of_more_lines_than_are_shown_says_so() -> None:
    found = explained("<i>x</i><br><p>x</p>" * LINES_LIMIT)

    assert len(found.blocks) == LINES_LIMIT + 1
    assert found.page.endswith("the rest is not shown]")


names = st.sampled_from(
    ["ad", "share-bar", "related", "tags", "nav-menu", "site-footer", "body", "card", "\u202ead", ""]
)
tags = st.sampled_from(["div", "p", "a", "ul", "li", "span", "nav", "aside", "blockquote", "button", "table", "h2"])
texts = st.one_of(
    st.text(max_size=40), st.sampled_from(["Tags", "Read also", "Advertisement", "Most read", "7 May 2025"])
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    tag, name, text = draw(tags), draw(names), draw(texts).replace("<", "&lt;")
    inner = "".join(draw(st.lists(elements(depth + 1), max_size=3))) if depth < 3 else ""
    return f'<{tag} class="{name}" href="/{depth}">{text}{inner}</{tag}>{draw(texts)}'


@given(st.one_of(elements(), st.text()), st.one_of(elements(), st.text()))
def test_the_blocks_are_the_shown_lines_each_once_in_order(beside: str, inside: str) -> None:
    try:
        found = explained(beside, inside)
    except Outcome:  # the page is no article, or its markup is refused
        reject()

    markup = f'<html lang="en"><body>{ARTICLE}{inside}</article>{beside}</body></html>'
    page = read_raw(markup.encode("utf-8", "replace"), {}, "demo", NOW).page
    lines = [line.text for line in shown_lines(page_tree(page.text))]
    assert [found.page[each.start : each.end].removesuffix("\n") for each in found.blocks] == lines
    assert "".join(found.page[each.start : each.end] for each in found.blocks) == found.page
    assert all(each.rule for each in found.blocks)
