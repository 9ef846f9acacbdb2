"""HTML pages: golden pairs, and each rule of the cascade on its own."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.contracts import ParsedArticle
from shared.errors import Poison, Skip

Parsed = Callable[..., ParsedArticle]
MakePage = Callable[..., str]

FIXTURES = Path(__file__).parents[2] / "fixtures" / "html"
URLS = {
    "full": "https://www.coastal-record.example/news/skerry-point-keepers?utm_source=mail",
    "uk_printed": "https://hirskyi-visnyk.example.ua/kultura/biblioteka-v-mlyni",
    "de_day_and_clock": "https://m.talbote.example/region/seilbahn-hoher-stein-faehrt-wieder-4711.html",
    "ja_no_spaces": "https://minato.example/news/7",
    "es_microdata": "https://www.ribera.example/2024/06/07/mercado",
    "fr_graph": "https://gazette-arven.example/phare/",
    "en_local_called_utc": "https://www.harbor-times.example/news/ferry-strike-ends-after-nine-days/amp",
    "pl_ago": "https://kurier-sanocki.example/most",
    "pt_numeric": "https://farol.example/passarela",
    "ar_digits": "https://aldiffa.example/n/1",
    "fr_teaser": "https://echo-rade.example/2025/03/bac-de-morvenne",
    "ko_flight": "https://galmaegi.example/news/L7",
    "uk_whole": "https://beregovyi.example.ua/maiak",
}
SIGNALS = {"fr_graph": {"x-robots-tag": "noarchive"}}
HTML = {"content-type": "text/html"}


@pytest.mark.parametrize("name", [*URLS, "bare", "walled"])
def test_golden_page_gives_its_article(name: str, parsed: Parsed) -> None:
    given = (FIXTURES / f"{name}.html").read_bytes()
    expected = json.loads((FIXTURES / f"{name}.json").read_text())

    known = HTML | SIGNALS.get(name, {}) | ({"newswire-url": URLS[name]} if name in URLS else {})
    article = parsed(given, known).model_dump(mode="json")

    assert {field: article[field] for field in expected} == expected


@pytest.mark.parametrize("name", ["full", "bare", "walled"])
def test_blocks_cover_the_body_without_gap_or_overlap(name: str, parsed: Parsed) -> None:
    article = parsed((FIXTURES / f"{name}.html").read_bytes(), HTML)

    assert article.block_basis == "body"
    assert [block.start for block in article.blocks[1:]] == [block.end for block in article.blocks[:-1]]
    assert (article.blocks[0].start, article.blocks[-1].end) == (0, len(article.body))


def test_kinds_of_blocks_follow_the_markup(parsed: Parsed) -> None:
    article = parsed((FIXTURES / "full.html").read_bytes(), HTML)

    kinds = [block.kind for block in article.blocks if block.kind != "blank"]
    assert kinds == ["paragraph", "paragraph", "heading", "paragraph", "quote", "paragraph"]


def test_every_field_that_was_found_has_evidence(parsed: Parsed) -> None:
    article = parsed((FIXTURES / "full.html").read_bytes(), HTML | {"newswire-url": URLS["full"]})

    found = {"headline", "body", "summary", "section", "keywords", "authors", "byline", "publisher", "published_at"}
    found |= {"modified_at", "image", "declared_language", "rights", "canonical_url", "url", "domain", "related"}
    assert found <= article.evidence.keys()
    assert article.evidence["published_at"].source == "json-ld"
    assert [other.rule for other in article.evidence["headline"].runners_up] == ["og:title"]


@pytest.mark.parametrize(
    ("head", "h1", "expected"),
    [
        (
            '<meta property="og:title" content="Old town bakers strike for flour">',
            "Bakers of the old town strike",
            "h1",
        ),
        ('<meta property="og:title" content="A wholly other declared title">', "Menu", "declared"),
        ("", "Bakers strike", "h1"),
    ],
)
def test_headline_is_the_printed_one_that_agrees_with_a_declared_one(
    head: str, h1: str, expected: str, parsed: Parsed, page: MakePage
) -> None:
    given = page(head=head).replace("<title>Bakers of the old town strike for better flour</title>", "")
    given = given.replace("<h1>Bakers of the old town strike for better flour</h1>", f"<h1>{h1}</h1>")

    article = parsed(given, HTML)

    assert article.headline == (h1 if expected == "h1" else "A wholly other declared title")


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Rates rise again as banks hesitate | The Daily", "Rates rise again as banks hesitate"),
        ("Rates rise again as banks hesitate - The Daily", "Rates rise again as banks hesitate"),
        ("Storm - a life", "Storm - a life"),
        ("Minister: rates will rise again", "Minister: rates will rise again"),
        ("Rates rise again", "Rates rise again"),
    ],
)
def test_title_loses_the_name_of_its_site(title: str, headline: str, parsed: Parsed, page: MakePage) -> None:
    given = page(title=title)

    assert parsed(given.replace(f"<h1>{title}</h1>", ""), HTML).headline == headline


@pytest.mark.parametrize(
    ("markup", "published", "raw"),
    [
        ('<meta name="date" content="2024-05-06T10:00:00Z">', "2024-05-06T10:00:00Z", "2024-05-06T10:00:00Z"),
        ('<meta name="date" content="0001-01-01T00:00:00Z">', None, "0001-01-01T00:00:00Z"),
        ('<meta name="date" content="9999-12-31T23:59:59Z">', None, "9999-12-31T23:59:59Z"),
        ('<meta name="date" content="2026-03-01T13:00:00Z">', None, "2026-03-01T13:00:00Z"),
        ('<meta name="date" content="soon">', None, "soon"),
        ('<meta name="date" content="+99:99">', None, "+99:99"),
        ("", None, None),
    ],
)
def test_dates_outside_of_the_time_of_news_are_refused_and_kept_raw(
    markup: str, published: str | None, raw: str | None, parsed: Parsed, page: MakePage
) -> None:
    article = parsed(page(head=markup), HTML)

    assert article.model_dump(mode="json")["published_at"] == published
    assert article.published_raw == raw
    if raw and not published:
        assert article.evidence["published_at"].rule.startswith("refused: date: ")
        assert article.evidence["published_at"].confidence == 0


def test_second_candidate_counts_when_the_first_is_refused(parsed: Parsed, page: MakePage) -> None:
    head = (
        '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"0000-00-00"}</script>'
        '<meta property="article:published_time" content="2024-05-06T10:00:00+02:00">'
    )

    article = parsed(page(head=head), HTML)

    assert article.model_dump(mode="json")["published_at"] == "2024-05-06T08:00:00Z"
    assert article.evidence["published_at"].rule == "article:published_time"


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://gazette.example/a", "https://gazette.example/a"),
        ("/a?utm_source=x&id=7#top", "https://www.gazette.example/a?id=7"),
        ("https://m.gazette.example/a", "https://m.gazette.example/a"),
        ("https://elsewhere.example/a", "https://www.gazette.example/news/1"),
        ("https://www.gazette.example/", "https://www.gazette.example/news/1"),
        ("javascript:alert(1)", "https://www.gazette.example/news/1"),
        ("http://[broken", "https://www.gazette.example/news/1"),
    ],
)
def test_declared_address_counts_on_the_same_site_only(
    canonical: str, expected: str, parsed: Parsed, page: MakePage
) -> None:
    given = page(head=f'<link rel="canonical" href="{canonical}">')

    article = parsed(given, HTML | {"newswire-url": "https://www.gazette.example/news/1?fbclid=abc"})

    assert article.canonical_url == expected


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ('"By Ann Reed and Bo Lind"', ["Ann Reed", "Bo Lind"]),
        ('[{"@type":"Person","name":"Ann Reed"},{"@type":"Person","name":"ann reed"}]', ["Ann Reed"]),
        ('{"name":["Ann Reed","Bo Lind"]}', ["Ann Reed", "Bo Lind"]),
        ('"https://www.gazette.example/staff/7"', []),
        ("17", []),
        ("null", []),
        ('{"name":{"name":{"name":"Ann Reed"}}}', ["Ann Reed"]),
    ],
)
def test_authors_are_names(declared: str, names: list[str], parsed: Parsed, page: MakePage) -> None:
    script = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{declared}}}</script>'

    assert [author.name for author in parsed(page(head=script), HTML).authors] == names


@pytest.mark.parametrize(
    "script",
    ["", "{", "[" * 100_000, '{"@type": "NewsArticle", "headline": "\\ud800 x"}', "NaN", '{"@type": 7, "@graph": {}}',
     '{"@type": "NewsArticle", "headline": {"a": [[[[[]]]]]}, "image": [], "author": {}, "keywords": 5}',
     '{"@type": "NewsArticle", "image": {"url": {"@id": "x"}, "width": 1e400, "height": "' + "9" * 5_000 + '"}}',
     "1" * 10_000],
)  # fmt: skip
def test_broken_linked_data_does_no_harm(script: str, parsed: Parsed, page: MakePage) -> None:
    article = parsed(page(head=f'<script type="application/ld+json">{script}</script>'), HTML)

    assert article.headline == "Bakers of the old town strike for better flour"


LINKS = "".join(f'<li><a href="/n/{n}">Teaser number {n} about something else</a></li>' for n in range(30))
SHORT = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"
CONSENT = (
    "We and our partners use cookies to store personal data. Give your consent or reject all. Our vendors may rely on "
    "legitimate interest, see the privacy policy for what you can object to and for how long it is kept."
)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (SHORT.format("404 Not Found", "What you look for is not here any more. " * 5), "error_page"),
        (SHORT.format("Page not found", "What you look for is not here any more. " * 5), "error_page"),
        (SHORT.format("Before you continue", CONSENT), "consent_wall"),
        (f"<html><head><title>News of today</title></head><body><ul>{LINKS}</ul></body></html>", "index_page"),
        (SHORT.format("A caption", "Three words only."), "too_short"),
        ("<html><body></body></html>", "not_an_article"),
        ("<!-- nothing -->", "not_an_article"),
        ("<p>" + "Prose without any headline at all. " * 20 + "</p>", "not_an_article"),
    ],
)
def test_what_is_no_article_is_skipped_by_name(given: str, reason: str, parsed: Parsed) -> None:
    with pytest.raises(Skip) as skipped:
        parsed(given, HTML)

    assert skipped.value.reason == reason


@pytest.mark.parametrize("title", ["404 people cross the lake on skates", "Error in court frees a thief"])
def test_articles_that_sound_like_error_pages_pass(title: str, parsed: Parsed, page: MakePage) -> None:
    assert parsed(page(title=title), HTML).headline == title


def test_text_that_parsers_would_drop_silently_is_refused(parsed: Parsed) -> None:
    given = "<html><body>" + "<li><ul>" * 200 + "deep" + "</ul></li>" * 200 + "</body></html>"

    with pytest.raises(Poison) as refused:
        parsed(given, HTML)

    assert refused.value.reason == "too_deep"


def test_titles_lose_marks_that_turn_them_around(parsed: Parsed, page: MakePage) -> None:
    article = parsed(page(title="Bakers \u202estrike\u202c\u200b for e\u0301clairs\x00"), HTML)

    assert article.headline == "Bakers strike\u200b for \u00e9clairs"


def test_prose_beside_a_heading_of_links_stays_in_the_body(parsed: Parsed, page: MakePage) -> None:
    links = "".join(
        f'<a href="/n/{n}">A link of some length in running text, number {n}</a> and prose. ' for n in range(20)
    )
    given = page(
        f"<div><b>Related</b>{'<p>' + 'Prose that belongs to the article. ' * 200 + '</p>'}<p>{links}</p></div>"
    )

    assert "Prose that belongs to the article." in parsed(given, HTML).body


def test_how_bytes_became_text_is_on_record(parsed: Parsed, page: MakePage) -> None:
    article = parsed(
        page("<p>Хліба не буде до п'ятниці, сказали у понеділок пекарі старого міста, бо борошно сіре.</p>").encode(
            "cp1251"
        ),
        {"content-type": "text/html; charset=cp1251"},
    )

    assert article.evidence["encoding"].rule == "decoded as windows-1251"
    assert "Хліба не буде" in article.body


@pytest.mark.parametrize(
    "script",
    [
        '<!--\n{"@type":"NewsArticle","author":"Ann Reed"}\n-->',
        '//<![CDATA[\n{"@type":"NewsArticle","author":"Ann Reed"}\n//]]>',
        ' {"@type":"NewsArticle","author":"Ann\nReed"}; ',
        '[{"@type":"https://schema.org/NewsArticle","author":["Ann Reed"]}]',
    ],
)
def test_linked_data_in_old_wrappings_is_read(script: str, parsed: Parsed, page: MakePage) -> None:
    article = parsed(page(head=f'<script type="application/ld+json">{script}</script>'), HTML)

    assert [author.name for author in article.authors] == ["Ann Reed"]
