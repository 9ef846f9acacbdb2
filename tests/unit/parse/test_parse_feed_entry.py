"""Feed entries: RSS items and Atom entries."""

from collections.abc import Callable

import pytest

from shared.contracts import ParsedArticle
from shared.errors import Poison, Skip

Parsed = Callable[..., ParsedArticle]
PROSE = (
    "The lake froze over on Sunday for the first time in nine years, and by noon the first skaters had swept a track "
    "from the pier to the boathouse on the other shore."
)
RSS = f"""<item xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<title>Lake freezes over &amp; opens to skaters</title>
<link>https://gazette.example/lake?utm_source=rss</link>
<guid isPermaLink="false">gazette-17</guid>
<description>Skaters on the lake for the first time in nine years.</description>
<content:encoded><![CDATA[<p>{PROSE}</p><p>The town measures the ice <b>every</b> morning.</p>
<script>x()</script>]]></content:encoded>
<pubDate>Sun, 18 Jan 2026 13:05:00 +0100</pubDate>
<dc:creator>Ann Reed</dc:creator><dc:creator>Bo Lind</dc:creator>
<category>Weather</category><category>Weather</category><category>Leisure</category>
<enclosure url="https://img.gazette.example/lake.jpg" type="image/jpeg" length="1"/>
</item>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<entry xmlns="http://www.w3.org/2005/Atom"><title type="html">Lake freezes &lt;b&gt;over&lt;/b&gt;</title>
<id>tag:gazette.example,2026:17</id>
<link rel="self" href="https://gazette.example/feed/17"/><link href="https://gazette.example/lake"/>
<published>2026-01-18T13:05:00+01:00</published><updated>2026-01-18T14:00:00+01:00</updated>
<author><name>Ann Reed</name></author><category term="Weather"/>
<summary>Skaters on the lake.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{PROSE}</p></div></content></entry>"""


def test_rss_item_becomes_an_article(parsed: Parsed) -> None:
    article = parsed(RSS, {"content-type": "application/rss+xml"})

    assert article.headline == "Lake freezes over & opens to skaters"
    assert article.body == f"{PROSE}\n\nThe town measures the ice every morning."
    assert article.summary == "Skaters on the lake for the first time in nine years."
    assert article.canonical_url == "https://gazette.example/lake"
    assert article.model_dump(mode="json")["published_at"] == "2026-01-18T12:05:00Z"
    assert article.published_raw == "Sun, 18 Jan 2026 13:05:00 +0100"
    assert [author.name for author in article.authors] == ["Ann Reed", "Bo Lind"]
    assert article.keywords == ("Weather", "Leisure")
    assert article.image
    assert article.image.url == "https://img.gazette.example/lake.jpg"
    assert (article.parser, article.evidence["headline"].source) == ("feed", "feed")


def test_atom_entry_becomes_an_article(parsed: Parsed) -> None:
    article = parsed(ATOM)

    assert (article.headline, article.body) == ("Lake freezes over", PROSE)
    assert article.canonical_url == "https://gazette.example/lake"
    assert article.model_dump(mode="json")["modified_at"] == "2026-01-18T13:00:00Z"
    assert [author.name for author in article.authors] == ["Ann Reed"]


@pytest.mark.parametrize(
    "given",
    [
        f"<rss><channel><title>Gazette</title>{RSS}</channel></rss>",
        RSS.replace(' xmlns:content="http://purl.org/rss/1.0/modules/content/"', ""),
        RSS.replace("</item>", ""),
    ],
)
def test_careless_feeds_are_read_all_the_same(given: str, parsed: Parsed) -> None:
    article = parsed(given, {"content-type": "application/xml"})

    assert article.headline == "Lake freezes over & opens to skaters"
    assert article.body.startswith(PROSE)


def test_plain_description_is_a_body(parsed: Parsed) -> None:
    article = parsed(f"<item><title>Lake freezes over</title><description>{PROSE}</description></item>")

    assert article.body == PROSE


def test_unbelievable_date_is_refused_and_kept_raw(parsed: Parsed) -> None:
    given = RSS.replace("Sun, 18 Jan 2026 13:05:00 +0100", "Fri, 31 Dec 9999 23:59:59 GMT")

    article = parsed(given)

    assert (article.published_at, article.published_raw) == (None, "Fri, 31 Dec 9999 23:59:59 GMT")


@pytest.mark.parametrize(
    ("given", "outcome", "reason"),
    [
        ("<rss><channel><title>Gazette</title></channel></rss>", Skip, "not_an_article"),
        (f"<rss><channel>{RSS}{RSS}</channel></rss>", Poison, "unsupported_type"),
        ("<item><title>Lake</title></item>", Skip, "too_short"),
        (f"<item><description>{PROSE}</description></item>", Skip, "not_an_article"),
        (f"<!DOCTYPE item>{RSS}", Poison, "unsupported_type"),
        ("<item><description>" + "&lt;div&gt;" * 300 + PROSE + "</description></item>", Poison, "too_deep"),
    ],
)
def test_what_is_no_single_entry_is_named(given: str, outcome: type[Exception], reason: str, parsed: Parsed) -> None:
    with pytest.raises(outcome, match=reason):
        parsed(given, {"content-type": "application/rss+xml"})
