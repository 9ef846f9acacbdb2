"""What a page of an article tells: walls, reservations, its prose, its address, whether its feed has it whole."""

import pytest

from services.fetch.articles.pages import canonical_of, fingerprint, is_cut
from services.fetch.articles.rights import reserved
from services.fetch.articles.walls import wall_in

PROSE = "The harbour council voted on Tuesday to rebuild the old lighthouse before the winter storms arrive. "


@pytest.mark.parametrize(
    ("status", "headers", "page", "name"),
    [
        (403, {"Cf-Mitigated": "challenge"}, "", "cloudflare_challenge"),
        (
            503,
            {},
            "<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>",
            "cloudflare_challenge",
        ),
        (403, {}, "<script src=https://geo.captcha-delivery.com/c.js></script>", "bot_challenge"),
        (200, {}, "<title>Attention Required!</title><p>Are you a robot?", "bot_challenge"),
        (202, {"X-Amzn-Waf-Action": "challenge"}, "", "bot_challenge"),
        (403, {}, "<p>Forbidden", "access_denied"),
        (401, {}, "", "login_wall"),
        (451, {}, "", "legal_block"),
        (
            200,
            {},
            "<p>We and our partners use cookies. Accept all or manage consent for personal data.",
            "consent_wall",
        ),
        (200, {}, "<p>COOK\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}E AYARLARI: cookie, consent", "consent_wall"),
        (200, {}, "<div id='root'></div><script src=/app.js></script>", "javascript_shell"),
        (200, {}, "<noscript>Please enable JavaScript to read.</noscript><script>1</script>", "javascript_shell"),
        (200, {}, "<html><body></body></html>", "empty_shell"),
        (
            200,
            {},
            f"<article>{PROSE * 12}<p>This site uses cookies, consent, gdpr. Are you a robot? g-recaptcha</article>",
            None,
        ),
        (200, {}, f"<div id='root'></div><p>{PROSE * 4}", None),
        (404, {}, f"<p>{PROSE * 4}", None),
    ],
)
def test_walls_are_named(status: int, headers: dict[str, str], page: str, name: str | None) -> None:
    wall = wall_in(status, headers, page, "https://gazette.example/news/1")

    assert (wall.name if wall else None) == name
    assert wall is None or wall.shown


@pytest.mark.parametrize(
    ("headers", "page", "expected"),
    [
        ({}, "", set()),
        ({"X-Robots-Tag": "noindex, noarchive"}, "", {"noindex", "noarchive"}),
        ({"X-Robots-Tag": "other-bot: noindex"}, "", set()),
        ({"X-Robots-Tag": "newswire: none"}, "", {"noindex"}),
        ({}, '<meta name="robots" content="max-image-preview:large, NOARCHIVE">', {"noarchive"}),
        ({}, '<meta name="twitter:robots" content="noindex">', set()),
        ({"TDM-Reservation": "1"}, "", {"tdm"}),
        ({}, "<meta name=tdm-reservation content=1>", {"tdm"}),
        ({"TDM-Reservation": "0"}, "", set()),
    ],
)
def test_reservations_are_read(headers: dict[str, str], page: str, expected: set[str]) -> None:
    assert reserved(headers, page) == expected


def test_a_page_changes_with_its_prose_only() -> None:
    page = f"<title>Mill</title><nav>Home 12:01</nav><script>x=1</script><p>{PROSE}<aside>Read also</aside>"

    assert fingerprint(page) == fingerprint(page.replace("12:01", "12:02").replace("x=1", "x=2"))
    assert fingerprint(page) != fingerprint(page.replace("old lighthouse", "lighthouse"))
    assert fingerprint(page) != fingerprint(page.replace("Mill", "Mill burns"))


def test_a_page_declares_its_address_on_its_own_site_only() -> None:
    page = "<link rel='canonical' href='/a?utm_source=x'>"

    assert canonical_of(page, "https://gazette.example/b") == "https://gazette.example/a"
    assert canonical_of("<link rel=canonical href=https://other.example/a>", "https://gazette.example/b") is None
    assert canonical_of("", "https://gazette.example/b") is None


@pytest.mark.parametrize(
    ("text", "summary", "cut"),
    [
        ("", "", True),
        (PROSE * 20, "", False),
        (PROSE * 20 + "[…]", "", True),
        (PROSE * 20, PROSE * 20, True),
        (PROSE, "", True),
    ],
)
def test_a_feed_that_is_cut_short_is_known_by_its_text(text: str, summary: str, *, cut: bool) -> None:
    assert is_cut(text, summary) is cut
