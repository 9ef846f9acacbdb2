"""Articles and what is none: each fixture by the name of its folder, and what an article may have and stay one."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date

import pytest

from services.parse.html import clues, verdict, walled
from services.parse.html.kinds import KINDS, Model, trained
from services.parse.html.verdict import REASONS
from services.parse.publishers import Layout, Profile
from shared.contracts import ParsedArticle
from shared.errors import SKIP_REASONS, Skip
from tests.quality.kinds.material import FIXTURES, of_fixtures

Parsed = Callable[..., ParsedArticle]
PAGES = list(of_fixtures())


@pytest.mark.parametrize("given", PAGES, ids=lambda page: f"{page.collection}/{page.name}")
def test_page_ends_as_what_its_folder_says(given: object, parsed: Parsed) -> None:
    page = next(each for each in PAGES if each is given)
    headers = {"content-type": "text/html", "newswire-url": page.url or ""}

    if page.collection == "article":
        assert parsed(page.markup, headers).word_count > 0
        return
    with pytest.raises(Skip) as skipped:
        parsed(page.markup, headers)
    assert skipped.value.reason == page.collection
    assert skipped.value.detail


def test_every_reason_of_a_fixture_is_one_that_operators_know() -> None:
    assert {path.name for path in FIXTURES.iterdir()} - {"article"} <= set(SKIP_REASONS)
    assert set(REASONS.values()) <= set(SKIP_REASONS)
    assert set(REASONS) == set(KINDS) - {"article"}


def test_who_looks_like_something_else_is_told_by_its_strongest_traits() -> None:
    nothing = dict.fromkeys(KINDS, (0.0, 0.0, 0.0))
    model = Model(("slow", "loud", "red"), 0.5, dict.fromkeys(KINDS, 0.0), nothing | {"forum": (1.0, 3.0, -2.0)})

    look = model.look({"slow": 1.0, "loud": 1.0, "red": 1.0})

    assert look.other == "forum"
    assert look.told_by == ("loud", "slow")
    assert look.article < 1 / len(KINDS)


@pytest.mark.parametrize("bias", [0.0, -2.0])
def test_what_may_be_an_article_is_kept_and_says_what_else_it_looks_like(
    bias: float, parsed: Parsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = dict.fromkeys(KINDS, (0.0,) * len(trained().names))
    model = Model(trained().names, 0.5, dict.fromkeys(KINDS, -9.0) | {"article": bias, "forum": 1.0}, nothing)
    monkeypatch.setattr(verdict, "trained", lambda: model)
    thread = next(page for page in PAGES if page.collection == "forum_page")
    headers = {"content-type": "text/html", "newswire-url": thread.url or ""}

    if bias < 0:
        with pytest.raises(Skip, match="5% an article"):
            parsed(thread.markup, headers)
        return
    article = parsed(thread.markup, headers)
    assert article.page_kind == "forum"
    assert article.evidence["page_kind"].raw == "27% an article"


def test_trained_weights_fit_the_traits() -> None:
    model = trained()

    assert {len(model.weights[kind]) for kind in KINDS} == {len(model.names)}
    assert 0 < model.threshold < 1


def test_what_a_feed_lists_with_a_headline_and_a_time_is_not_judged_by_its_look(parsed: Parsed) -> None:
    thread = next(page for page in PAGES if page.collection == "forum_page")
    known = {"body": thread.markup.decode(), "content_type": "text/html", "url": thread.url, "headline": "A thread"}
    headers = {"content-type": "application/vnd.newswire.raw+json"}

    listed = json.dumps(known | {"published_at": "2026-05-04T10:00:00Z"}).encode()
    assert parsed(listed, headers).evidence["body"]
    with pytest.raises(Skip):
        parsed(json.dumps(known).encode(), headers)


@pytest.mark.parametrize("place", ["headline", "authors"])
def test_a_profile_vouches_by_what_only_its_articles_have(
    place: str, parsed: Parsed, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = next(page for page in PAGES if page.collection == "forum_page")
    layout = Layout(since=date(2020, 1, 1), **{place: "h1"})
    profile = Profile("Tide", frozenset(), country="GB", zone="Europe/London", order="DMY", layouts=(layout,))
    monkeypatch.setattr(clues, "profile_for", lambda _source, _url=None: profile)
    headers = {"content-type": "text/html", "newswire-url": thread.url or ""}

    with nullcontext() if place == "headline" else pytest.raises(Skip):
        parsed(thread.markup, headers)


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("404", True),
        ("404 - Example News", True),
        ("Error 503", True),
        ("500 Internal Server Error", True),
        ("Forbidden", True),
        ("500 jobs to go at the shipyard", False),
        ("401(k) plans grow again", False),
        ("409 arrested after the match", False),
        ("503-tonne ship runs aground", False),
        ("Forbidden City reopens", False),
        ("Not found in any archive: a letter", False),
    ],
)
def test_a_headline_that_only_begins_like_an_error_is_none(title: str, *, named: bool) -> None:
    assert bool(walled._ERROR.search(title)) is named
