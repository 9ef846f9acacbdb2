"""What feeds of every form list, careless and hostile ones too."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fetch.feeds.entry import MAX_ENTRIES, Entry, date_of, name_of
from services.fetch.feeds.read import read_listing
from shared.errors import Poison

BASE = "https://gazette.example/feeds/news"
RSS_091 = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="0.91"><channel><title>Gazette</title><language>de</language><item><title>M\xfchle &uuml;ber Nacht</title>
<link>/muehle</link><description>Kurz</description></item></channel></rss>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="x"><title>Gazette</title><sy:updatePeriod>hourly</sy:updatePeriod>
<sy:updateFrequency>2</sy:updateFrequency></channel>
<item rdf:about="https://gazette.example/a"><title>Mill burns</title>
<link>https://gazette.example/a?utm_source=x</link>
<dc:date>2026-03-01T12:00:00+01:00</dc:date>
<dc:creator>Ann Reed</dc:creator><dc:subject>Fire</dc:subject></item></rdf:RDF>"""
RSS = b"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Gazette</title><ttl>30</ttl><atom:link rel="hub" href="https://hub.example/"/>
<atom:link rel="self" href="https://gazette.example/self"/>
<item><guid isPermaLink="true">https://gazette.example/b</guid><title>Mill &amp; bakery</title>
<pubDate>Sun, 01 Mar 2026 11:00:00 GMT</pubDate><content:encoded><![CDATA[<p>Long &nbsp; text</p>]]></content:encoded>
<description>Short</description><author>ann@example (Ann)</author><category>Fire</category></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><title>Gazette</title><entry><id>tag:1</id>
<title>Mill burns</title>
<link rel="self" href="https://gazette.example/self"/><link href="c"/><updated>2026-03-01T11:00:00Z</updated>
<author><name>Ann Reed</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Text</div></content>
</entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1", "title": "Gazette", "items": [
            {"id": 7, "url": "https://gazette.example/d", "title": "Mill burns", "content_text": "One\n\nTwo & three",
             "date_published": "2026-03-01T11:00:00Z", "authors": [{"name": "Ann Reed"}], "tags": ["Fire", 3]},
            "not an item",
        ],
    }
).encode()  # fmt: skip
NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://gazette.example/old</loc><lastmod>2026-02-01</lastmod></url>
<url><loc>https://gazette.example/e</loc><news:news><news:publication><news:name>Gazette</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2026-03-01T11:00:00Z</news:publication_date>
<news:title>Mill burns</news:title><news:keywords>Fire, Mills</news:keywords></news:news></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://gazette.example/s1.xml</loc><lastmod>2026-03-02</lastmod></sitemap>
<sitemap><loc>https://gazette.example/news.xml</loc></sitemap></sitemapindex>"""
PAGE = b"""<!doctype html><title>Gazette</title><a href="/">Home</a><a href="/sport">Sport</a>
<a href="/2026/03/mill-burns-to-the-ground"><img></a>
<a href="/2026/03/mill-burns-to-the-ground#c">Mill burns to the ground</a>
<a href="https://other.example/2026/03/mill-burns-down-too">Somebody else's mill burns</a>"""


@pytest.mark.parametrize(
    ("body", "form", "url", "headline"),
    [
        (RSS_091, "rss", "https://gazette.example/muehle", "Mühle über Nacht"),
        (RDF, "rdf", "https://gazette.example/a?utm_source=x", "Mill burns"),
        (RSS, "rss", "https://gazette.example/b", "Mill & bakery"),
        (ATOM, "atom", "https://gazette.example/feeds/c", "Mill burns"),
        (JSON, "json", "https://gazette.example/d", "Mill burns"),
        (NEWS, "news-sitemap", "https://gazette.example/e", "Mill burns"),
    ],
)
def test_each_form_is_read(body: bytes, form: str, url: str, headline: str) -> None:
    listing = read_listing(body, "text/plain", BASE)

    assert (listing.form, listing.entries[0].url, listing.entries[0].headline) == (form, url, headline)


def test_a_feed_tells_of_itself_and_its_entries() -> None:
    rss, rdf, atom = (read_listing(each, "", BASE) for each in (RSS, RDF, ATOM))

    assert (rss.title, rss.ttl, rss.hub, rss.self_url) == (
        "Gazette", 1_800, "https://hub.example/", "https://gazette.example/self",
    )  # fmt: skip
    assert rdf.ttl == 1_800
    assert (rdf.entries[0].authors, rdf.entries[0].keywords) == (("Ann Reed",), ("Fire",))
    assert rdf.entries[0].published_at == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert "Long" in rss.entries[0].text
    assert "<item" in rss.entries[0].item
    assert (atom.language, atom.entries[0].authors) == ("uk", ("Ann Reed",))
    assert "Text" in atom.entries[0].text
    assert read_listing(JSON, "", BASE).entries[0].text == "<p>One</p><p>Two &amp; three</p>"
    assert read_listing(NEWS, "", BASE).entries[0].keywords == ("Fire", "Mills")
    assert [url for url, _ in read_listing(INDEX, "", BASE).more] == [
        "https://gazette.example/news.xml", "https://gazette.example/s1.xml",
    ]  # fmt: skip


def test_a_page_lists_what_looks_like_an_article_once() -> None:
    listing = read_listing(PAGE, "text/html", "https://gazette.example/", "page")

    assert [(each.url, each.headline) for each in listing.entries] == [
        ("https://gazette.example/2026/03/mill-burns-to-the-ground", "Mill burns to the ground")
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "unsupported_type"),
        (b"   ", "unsupported_type"),
        (PAGE, "unsupported_type"),
        (b"plain text", "unsupported_type"),
        (b"<svg><a/></svg>", "unsupported_type"),
        (b'{"version": "https://jsonfeed.org/version/1"', "invalid_json"),
        (b'{"items": NaN}', "invalid_json"),
        (b'{"items": []}', "unsupported_type"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "unsupported_type"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>', "unsupported_type"),
        (b'<rss><!ENTITY a "b"></rss>', "unsupported_type"),
        ("<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>".encode("utf-16"), "unsupported_type"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd" [ ]><rss/>', "unsupported_type"),
        (b"<rss>" + b"<a>" * 10_000, "too_deep"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes, reason: str) -> None:
    with pytest.raises(Poison) as caught:
        read_listing(body, "application/rss+xml", BASE)

    assert caught.value.reason == reason


def test_nothing_outside_of_the_feed_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("<item><title>s3cret</title></item>")
    body = f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}"><rss><channel><item><title>x</title></item></channel></rss>'

    assert [each.headline for each in read_listing(body.encode(), "", BASE).entries] == ["x"]


@pytest.mark.parametrize(
    "flood",
    [
        b"<rss><item " + b" ".join(b'a%d="1"' % number for number in range(200_000)) + b"/></rss>",
        b"<rss>" + b"<item/>" * 600_000 + b"</rss>",
        b"<rss>" + b"&" * 4_000_000,
        b"<rss>" + b"&nbsp;" * 700_000 + b"</rss>",
        b"<rss>" + b"<" * 4_000_000,
        b"<rss>" + b"<!--" * 1_000_000,
        b"<rss>" + b"<![CDATA[" * 400_000,
    ],
    ids=["attributes", "items", "ampersands", "entities", "brackets", "comments", "cdata"],
)
def test_floods_end(flood: bytes) -> None:
    try:
        listing = read_listing(flood, "", BASE)
    except Poison:
        return
    assert len(listing.entries) <= MAX_ENTRIES


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<rss>", b"<feed>", b"{", b"<urlset>", b"\xff\xfe", b"<!doctype html>"]),
)
def test_any_bytes_are_a_listing_or_refused(tail: bytes, head: bytes) -> None:
    for kind in ("feed", "sitemap", "page"):
        with suppress(Poison):
            listing = read_listing(head + tail, "text/xml; charset=utf-7", BASE, kind)
            assert all(each.version for each in listing.entries)


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/a/",
        "http://www.gazette.example/a?utm_source=x&fbclid=y",
        "https://gazette.example/a#comments",
        "HTTPS://Gazette.example:443/a",
    ],
)
def test_an_address_has_one_name_in_all_its_spellings(url: str) -> None:
    assert name_of(url) == name_of("https://gazette.example/a")
    assert name_of("https://gazette.example/a?id=2") != name_of("https://gazette.example/a")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "99999999999999999999", "Mon, 99 Foo 2026", "0000-00-00", None, "1" * 500]
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert date_of(text) is None


def test_a_version_is_what_a_reader_sees() -> None:
    one = Entry(("a",), headline="Mill burns", summary="<p>Short</p>", published="Monday")

    assert one.version == Entry(("b",), "https://x.example", "Mill  burns", "Short").version
    assert one.version != Entry(("a",), headline="Mill burns", summary="<p>Longer</p>").version
