"""The core as a whole: any bytes in, an article, a skip or poison out."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.parse.core import parse_bytes
from services.parse.findings import Draft, Moment
from services.parse.tidy import BODY_LIMIT, refuse_thin, tidy
from shared.contracts import Author, Image, ParsedArticle, Related
from shared.errors import POISON_REASONS, SKIP_REASONS, Poison, Skip

Parsed = Callable[..., ParsedArticle]
MakePage = Callable[..., str]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TYPES = ["", "text/html", "text/plain", "application/json", "application/rss+xml", "application/xml", "nonsense"]


@pytest.mark.parametrize(
    ("body", "content_type", "outcome"),
    [
        (b"", "text/html", "empty_body"),
        (b"\xff\xfe\x00\xd8" * 50, "", "undecodable_text"),
        (bytes(range(0x80, 0x100)) * 4, "text/plain", "undecodable_text"),
        (b"\xc3\x28" * 400, "text/plain", "not_an_article"),  # any alphabet would take it
        ("A line. " .encode("utf-16") * 3, "", "too_short"),
        (b"x" * 900_000, "text/plain", None),
        (b"<p>" + b"word " * 180_000 + b"</p>", "text/html", None),
        (b"<a " * 10_000, "text/html", "too_many_nodes"),
        (b"<div>" * 300_000, "text/html", "too_deep"),
        (b"<i>" * 100_000, "text/html", "too_deep"),
        (b"<p>" * 200_000, "text/html", "too_many_nodes"),
        (b'{"body": NaN}', "", "invalid_json"),
        (b'{"body": "\\udfff"}', "", "invalid_json"),
        (b'{"a":' * 100_000, "", "invalid_json"),
        (b'{"body": "<item><title>x</title></item>", "content_type": "application/rss+xml"}', "", "too_short"),
    ],
)  # fmt: skip
def test_each_bad_input_has_its_own_outcome(
    body: bytes, content_type: str, outcome: str | None, parsed: Parsed
) -> None:
    with pytest.raises((Skip, Poison)) as ended:
        parsed(body, {"content-type": content_type})

    assert outcome is None or ended.value.reason == outcome


PIECES = st.sampled_from(
    ["<html>", "<body>", "<p>", "</p>", "<div ", "class='related'", ">", "<h1>", "</h1>", "<a href='/x'>", "</a>",
     "<li>",
     "<time datetime='", "2024-05-06T10:00:00Z", "'>", "<script type='application/ld+json'>", '{"@type":"NewsArticle",',
     '"headline":', '"datePublished":', "}", "</script>", "<!--", "-->", "<![CDATA[", "]]>", "&#0;", "&lt;", "\x00",
     "\u202e",
     "Read also:", "HOT NEWS", "By Ann Reed", "12.13.2024", "\ud83d\ude00", "<meta charset=utf-16>", "<table><tr><td>",
     "<item>", "<title>", "</title>", "</item>", "<content:encoded>", "<entry>", "</entry>", "\n\n",
     "A sentence of several words that could stand in any article of any newspaper in the world. "],
)  # fmt: skip
MARKUP = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=12)), max_size=60).map("".join)


@given(st.one_of(st.binary(max_size=600), MARKUP.map(lambda text: text.encode("utf-8", "surrogatepass"))),
       st.sampled_from(TYPES))  # fmt: skip
@settings(max_examples=300)
def test_any_bytes_end_as_article_skip_or_poison(body: bytes, content_type: str) -> None:
    headers = {"content-type": content_type, "newswire-url": "https://a.example/b"}
    try:
        article = parse_bytes(body, headers, "gazette", NOW, now=NOW)
    except (Skip, Poison) as ended:
        assert ended.reason in {*SKIP_REASONS, *POISON_REASONS}  # noqa: PT017 - most end so, some do not
    else:
        assert ParsedArticle.model_validate_json(article.model_dump_json()) == article


def test_article_survives_json(parsed: Parsed, page: MakePage) -> None:
    article = parsed(page("<p>\U0001f600 \u202e e\u0301</p>"), {"content-type": "text/html"})

    assert ParsedArticle.model_validate_json(article.model_dump_json()) == article


def test_same_bytes_give_the_same_article(parsed: Parsed, page: MakePage) -> None:
    assert parsed(page()) == parsed(page())


def test_envelope_stands_behind_the_page_and_fills_its_gaps(parsed: Parsed, page: MakePage) -> None:
    given = page(head='<meta name="author" content="Ann Reed">')
    envelope = {
        "body": given, "content_type": "text/html", "url": "https://gazette.example/bread?utm_source=x",
        "headline": "Bread", "authors": ["Bo Lind"], "keywords": ["bread", "mills"], "language": "en",
        "published_at": "2024-05-06T10:00:00+02:00", "summary": "No bread on Monday.",
    }  # fmt: skip

    article = parsed(json.dumps(envelope))

    assert article.headline == "Bakers of the old town strike for better flour"
    assert article.evidence["headline"].runners_up[-1].raw == "Bread"
    assert article.authors == (Author(name="Ann Reed"),)
    assert (article.keywords, article.declared_language, article.summary) == (
        ("bread", "mills"),
        "en",
        "No bread on Monday.",
    )
    assert article.published_at == datetime(2024, 5, 6, 8, tzinfo=UTC)
    assert article.evidence["published_at"].source == "envelope"
    assert article.canonical_url == "https://gazette.example/bread"
    assert article.url == "https://gazette.example/bread?utm_source=x"


def test_envelopes_unbelievable_date_is_refused(parsed: Parsed, page: MakePage) -> None:
    given = {"body": page(), "published_at": "9999-12-31T00:00:00Z"}

    article = parsed(json.dumps(given))

    assert (article.published_at, article.published_raw) == (None, "9999-12-31T00:00:00Z")


def test_identity_comes_from_the_address_or_from_the_content(parsed: Parsed, page: MakePage) -> None:
    placed = parsed(page(), {"newswire-url": "https://gazette.example/news/bakers-strike-for-better-flour?fbclid=1"})
    moved = parsed(
        page(title="Bakers strike for flour that is not grey"),
        {"newswire-url": "https://gazette.example/news/bakers-strike-for-better-flour"},
    )

    assert placed.article_id == moved.article_id
    assert placed.revision_id != moved.revision_id
    assert parsed(page()).article_id == parsed(page()).article_id != placed.article_id


def draft(**fields: object) -> Draft:
    made = Draft("test", "page")
    for name, value in {"headline": "H", "body": "word " * 30, **fields}.items():
        made.put(name, value, "html", "given", 0.5)
    return made


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("headline", "a\u202eb\n c\x00", "ab c"),
        ("headline", "x" * 5_000, "x" * 2_000),
        ("summary", "s" * 20_000, "s" * 10_000),
        ("section", "x" * 5_000, "x" * 2_000),
        ("keywords", ("a\x01", "", "b"), ("a", "b")),
        ("keywords", ("",), None),
        ("url", "javascript:alert(1)", None),
        ("authors", (Author(name="A\x00nn", url="data:x"),), (Author(name="Ann"),)),
        ("image", Image(url="javascript:x"), None),
        ("related", (Related(kind="hot", title="T\u202e", url="https://a.example/"),),
         (Related(kind="hot", title="T", url="https://a.example/"),)),
        ("read_minutes", 2, 2),
    ],
)  # fmt: skip
def test_fields_are_made_fit_for_the_contract(name: str, value: object, expected: object) -> None:
    made = draft() if name == "headline" else draft(**{name: value})
    made.fields[name] = value

    tidy(made, NOW)

    assert made.fields.get(name) == expected


def test_times_outside_of_the_window_are_dropped_with_what_belongs_to_them() -> None:
    made = draft()
    late = Moment(NOW + timedelta(minutes=16), "tomorrow", "minute", "UTC", "stated")
    made.put_published(late, "text", "given", 0.9)
    made.put_modified(late, "text", "given", 0.9)

    tidy(made, NOW)

    assert not {"published_at", "modified_at", "published_precision", "published_zone"} & made.fields.keys()
    assert {name: each.raw for name, each in made.refused.items()} == {
        "published_at": "tomorrow",
        "modified_at": "tomorrow",
    }


def test_body_longer_than_an_article_is_poison() -> None:
    with pytest.raises(Poison, match="too_large"):
        tidy(draft(body="x" * (BODY_LIMIT + 1)), NOW)


@pytest.mark.parametrize(
    ("fields", "reason"), [({"headline": ""}, "not_an_article"), ({"body": "few words"}, "too_short")]
)
def test_thin_drafts_are_skipped(fields: dict[str, str], reason: str) -> None:
    made = draft(**fields)
    tidy(made, NOW)

    with pytest.raises(Skip) as skipped:
        refuse_thin(made)

    assert skipped.value.reason == reason


def test_what_was_taken_away_is_an_article_without_a_body(parsed: Parsed) -> None:
    told = '{"status": "canceled", "url": "https://gazette.example/a?utm_source=x", "headline": "Mill burns"}'
    article = parsed(told, {"content-type": "application/vnd.newswire.raw+json"})

    assert (article.status, article.headline, article.body) == ("canceled", "Mill burns", "")
    assert article.canonical_url == "https://gazette.example/a"
    nameless = parsed(
        '{"status": "withheld", "url": "https://gazette.example/a"}', {"content-type": "application/json"}
    )
    assert (nameless.status, nameless.headline) == ("withheld", "https://gazette.example/a")
    assert nameless.article_id == article.article_id


def test_what_http_headers_reserve_stands_beside_what_the_page_does(parsed: Parsed) -> None:
    prose = "The old mill above the town burned down on Monday night, and nobody was hurt in the fire. " * 4
    page = (
        f"<html><head><title>Mill</title><meta name=robots content=nosnippet></head><body><p>{prose}</p></body></html>"
    )
    article = parsed(page, {"content-type": "text/html", "x-robots-tag": "noarchive", "tdm-reservation": "1"})

    assert (article.rights.robots, article.rights.tdm_reservation) == ("nosnippet, noarchive", True)
