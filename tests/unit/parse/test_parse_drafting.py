"""The draft of a profile: stable selectors, a likely zone, and a fixture without a word of the page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from services.parse.drafting import command
from services.parse.drafting.draft import draft, site_of
from services.parse.drafting.placeholder import Placeholder
from services.parse.drafting.suggest import selector_for, stable
from services.parse.drafting.zone import zone_of
from services.parse.raw.document import read_raw
from shared.errors import Skip

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://www.gazette.co.uk/news/bread"
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Bakers strike for flour | The Gazette</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bakers strike for flour",
"datePublished": "2026-02-03T10:15:00+00:00", "author": {"name": "Ada Crumb"}, "secret": "Kept out"}</script></head>
<body><nav><a href="/a">Secret harbour menu</a></nav><div class="css-1x2y3z article-page">
<h1 class="aBcDeF headline">Bakers strike for flour</h1>
<p class="byline">By <a href="/p" class="byline__name">Ada Crumb</a></p>
<time class="stamp">3 February 2026, 10:15</time>
<div class="article__text">
<p>The bakers of the old town stopped their ovens on Monday because the
flour that the mill delivers has been grey for a month.</p>
<p>The miller answers that the harvest was wet and that the next delivery, due on Thursday, comes
from the southern plain.</p>
<p>Nobody knows whether bread will be cheaper then, but everybody hopes that it
will at least be white again by the summer.</p>
</div></div></body></html>"""

TEXT = "Bakers strike for flour\n\n" + "The bakers stopped their ovens on Monday, said the guild of the town. \n" * 9


def drafted(page: str = PAGE, url: str | None = URL, country: str | None = None) -> object:
    headers = {"newswire-url": url} if url else {}
    return draft(read_raw(page.encode(), headers, "draft", NOW), country, now=NOW)


def test_a_draft_has_places_made_of_names_that_people_gave() -> None:
    found = draft(read_raw(PAGE.encode(), {"newswire-url": URL}, "draft", NOW), None, now=NOW)

    assert found.place == "gb/gazette"
    assert found.selectors["body"] == ".article__text"
    assert found.selectors["authors"] == ".byline__name"
    assert found.selectors["headline"] == "h1"
    assert found.selectors["published"] == "time"
    for said in ('zone="Europe/London"', 'order="DMY"', "since=date(2026, 2, 3)", 'body=".article__text"'):
        assert said in found.module
    compile(found.module, "draft", "exec")


def test_a_fixture_has_the_structure_and_no_word_of_the_page() -> None:
    fixture = draft(read_raw(PAGE.encode(), {"newswire-url": URL}, "draft", NOW), None, now=NOW).fixture

    for word in ("bakers", "flour", "miller", "Crumb", "Ada", "Secret", "harbour", "gazette/news"):
        assert word.casefold() not in fixture.casefold().replace("www.gazette.co.uk", "")
    for name in ("article__text", "byline__name", "2026-02-03T10:15:00+00:00", "3 February 2026, 10:15"):
        assert name in fixture
    assert fixture.count("<p>") == 3


def test_the_fixture_is_read_by_the_places_that_were_drafted() -> None:
    found = draft(read_raw(PAGE.encode(), {"newswire-url": URL}, "draft", NOW), None, now=NOW)
    again = draft(read_raw(found.fixture.encode(), {"newswire-url": URL}, "draft", NOW), None, now=NOW)

    assert again.selectors == found.selectors
    assert again.article.published_at == found.article.published_at


@pytest.mark.parametrize(
    ("page", "url", "said"),
    [
        (PAGE, None, "say --url"),
        (PAGE, "https://gazette.example.com/x", "say --country"),
        (TEXT, URL, "HTML page"),
    ],
)
def test_what_gives_no_profile_is_said(page: str, url: str | None, said: str) -> None:
    with pytest.raises(Skip, match=said):
        drafted(page.replace(' lang="en-GB"', ""), url)


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("article-body", True), ("byline__name", True), ("h1", True), ("headline", True), ("entryTitle", True),
        ("css-1x2y3", False), ("sc-157agsr", False), ("zHFdO", False), ("story-394076", False), ("a b", False),
        ("", False), ("headline___CuovH", False), ("jsx-12", False),
    ],
)  # fmt: skip
def test_names_that_a_build_made_up_are_not_relied_upon(name: str, *, stays: bool) -> None:
    assert stable(name) is stays


def test_a_selector_finds_all_of_its_elements_and_nothing_else() -> None:
    tree = html.document_fromstring(
        '<div id="one"><p class="x">a</p><p class="x">b</p></div><div id="two"><p class="x">c</p></div><b>d</b><b>e</b>'
    )
    first, second, third = tree.iter("p")

    assert selector_for([first, second], tree) == "#one p"
    assert selector_for([first, second, third], tree) == "p"
    assert selector_for([third], tree) == "#two p"
    assert selector_for([next(tree.iter("b"))], tree) is None
    assert selector_for([], tree) is None


def test_the_zone_is_the_one_of_the_country_with_the_offset_that_is_declared() -> None:
    assert zone_of("DE", None) == "Europe/Berlin"
    assert zone_of("US", datetime.fromisoformat("2026-02-03T10:00:00-08:00")) == "America/Los_Angeles"
    assert zone_of("US", datetime.fromisoformat("2026-02-03T10:00:00+05:30")) == "America/New_York"
    assert zone_of("XX", None) == "UTC"


@pytest.mark.parametrize(
    ("host", "site"),
    [("news.bbc.co.uk", "bbc"), ("spiegel.de", "spiegel"), ("en.interfax.com.ua", "interfax"), ("20min.ch", "_20min"),
     ("boersen-zeitung.de", "boersen_zeitung"), ("localhost", "localhost")],
)  # fmt: skip
def test_a_site_has_the_name_of_its_publisher(host: str, site: str) -> None:
    assert site_of(host) == site


@given(st.text(max_size=200))
def test_a_placeholder_has_the_shape_of_its_text(text: str) -> None:
    words = Placeholder()
    found = words.text(text)

    assert words.text(text) == found
    assert [each.isspace() for each in found[:1]] == [each.isspace() for each in text[:1]]


def test_placeholders_keep_length_capitals_script_and_what_is_equal() -> None:
    words = Placeholder()
    one, other = words.text("Київ NATO Київ 2024 Bakers bakers"), words.text("Read also")

    first, shout, again, number, capital, plain = one.split()
    assert (len(first), first[0].isupper(), first) == (4, True, again)
    assert shout.isupper()
    assert number == "4044"
    assert capital.casefold() == plain
    assert all("\u0400" <= each <= "\u04ff" for each in first)
    assert other == "Read also"


def run(folder: Path, *arguments: str) -> Result:
    (folder / "page.html").write_text(PAGE)
    return CliRunner().invoke(command.main, [str(folder / "page.html"), f"--into={folder}", *arguments])


def test_the_files_are_written_once_and_never_over_others(tmp_path: Path) -> None:
    (tmp_path / command.MODULES).mkdir(parents=True)
    first, again = run(tmp_path, f"--url={URL}"), run(tmp_path, f"--url={URL}")

    assert first.exit_code == 0, first.stderr
    assert (tmp_path / command.MODULES / "gb/gazette.py").read_text().startswith('"""gazette.co.uk: ')
    assert (tmp_path / command.FIXTURES / "gb/gazette.html").exists()
    assert ".article__text" in first.stdout
    assert (again.exit_code, again.stdout) == (1, "")
    assert "File exists" in again.stderr


@pytest.mark.parametrize("folder", ["checkout", "elsewhere"])
def test_what_stops_a_draft_is_one_sentence(tmp_path: Path, folder: str) -> None:
    if folder == "checkout":
        (tmp_path / command.MODULES).mkdir(parents=True)
    arguments = [] if folder == "checkout" else [f"--url={URL}"]

    ended = run(tmp_path, *arguments)

    assert ended.exit_code == 1
    assert ("--url" if folder == "checkout" else "no checkout") in ended.stderr
