"""Identity, revisions and addresses."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.parse.identity import article_id, revision_id
from shared.url import canonical_url, domain, same_publisher, web_url

MOMENT = datetime(2024, 6, 7, 17, 50, 12, tzinfo=UTC)


def test_address_alone_is_the_identity_when_there_is_one() -> None:
    one = article_id("https://a.example/x", "gazette", "A headline", MOMENT)

    assert one == article_id("https://a.example/x", "herald", "Another headline", None)
    assert one != article_id("https://a.example/y", "gazette", "A headline", MOMENT)


def test_identity_stays_what_it_is_between_releases() -> None:
    assert article_id("https://a.example/x", "", "", None) == "21e0394a-28d5-5b9f-8579-bbcb296687cf"
    assert article_id(None, "gazette", "A headline", MOMENT) == "84c0b389-5e85-5488-907b-9934c6ca3953"


@pytest.mark.parametrize(
    ("headline", "published", "same"),
    [
        ("A  Headline\n", MOMENT, True),
        ("a headline", MOMENT + timedelta(seconds=40), True),
        ("a headline", MOMENT.astimezone(timezone(timedelta(hours=3))), True),
        ("a headline", MOMENT + timedelta(minutes=1), False),
        ("a headline", None, False),
        ("another headline", MOMENT, False),
    ],
)
def test_without_address_source_headline_and_minute_decide(
    headline: str, published: datetime | None, *, same: bool
) -> None:
    known = article_id(None, "gazette", "A headline", MOMENT)

    assert (article_id(None, "gazette", headline, published) == known) is same
    assert article_id(None, "herald", headline, published) != known


@pytest.mark.parametrize(
    ("headline", "body", "status", "same"),
    [
        ("H", "One\n\ntwo.", "usable", True),
        (" H ", "One two. ", "usable", True),
        ("H", "One e\u0301", "usable", False),
        ("H", "One two!", "usable", False),
        ("G", "One two.", "usable", False),
        ("H", "One two.", "withheld", False),
    ],
)
def test_revision_changes_with_the_content_only(headline: str, body: str, status: str, *, same: bool) -> None:
    assert (revision_id(headline, body, status) == revision_id("H", "One two.", "usable")) is same


def test_revision_takes_composed_and_decomposed_letters_for_the_same() -> None:
    assert revision_id("e\u0301", "", "usable") == revision_id("\u00e9", "", "usable")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.Example.ORG:443/A/b?utm_source=x&id=7&fbclid=1#frag", "https://www.example.org/A/b?id=7"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/?", "http://example.org:8080/"),
        ("https://user:secret@example.org/x", "https://example.org/x"),
        ("https://example.org/caf\u00e9 \u043d\u043e\u0432\u0438\u043d\u0438", "https://example.org/caf%C3%A9%20%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"),
        ("https://example.org/a%2fb%zz", "https://example.org/a%2Fb%25zz"),
        ("https://example.org/a\nb", "https://example.org/ab"),
        ("https://[::1]/x", "https://[::1]/x"),
        ("https://example.org./x", "https://example.org/x"),
        ("https://example.org/?a&b=&utm_medium", "https://example.org/?a&b="),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/x", None),
        ("/x", None),
        ("", None),
        ("https://", None),
        ("https://[x", None),
        ("https://a b/", None),
        ("https://a:99999/", None),
        ("https://a.example/" + "x" * 5_000, None),
    ],
)  # fmt: skip
def test_canonical_address(url: str, expected: str | None) -> None:
    assert canonical_url(url) == expected


def test_links_are_relative_to_their_page() -> None:
    assert web_url("../b?c", "https://a.example/x/y") == "https://a.example/b?c"
    assert web_url("mailto:a@b.example", "https://a.example/") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.gazette.example/a", "https://m.gazette.example/b", True),
        ("https://a.gazette.co.uk/", "https://gazette.co.uk/", True),
        ("https://gazette.co.uk/", "https://herald.co.uk/", False),
        ("https://gazette.example/", "https://herald.example/", False),
    ],
)
def test_publishers_are_told_apart_by_registered_domain(one: str, other: str, *, same: bool) -> None:
    assert same_publisher(one, other) is same


def test_domain_is_the_host_without_www() -> None:
    assert domain("https://www.a.example:8080/x") == "a.example"


URLS = st.one_of(
    st.text(max_size=80),
    st.builds(
        "{}://{}{}{}?{}#{}".format, st.sampled_from(["http", "https", "HTTPS", "ftp"]), st.text(max_size=20),
        st.sampled_from(["", ":80", ":443", ":x", "."]), st.text(max_size=20).map("/{}".format), st.text(max_size=40),
        st.text(max_size=10),
    ),
)  # fmt: skip


@given(URLS)
@example("https://\u2100.example/")
@example("https://a.example/%\u0661\u0661")
@example("http://a.example?b=%&&utm_x")
def test_canonical_address_is_idempotent(url: str) -> None:
    once = canonical_url(url)

    assert once is None or canonical_url(once) == once
