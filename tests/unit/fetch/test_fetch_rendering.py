"""Sources marked `render`: who is asked for their pages, and what a rendered page becomes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.fetch.core import RENDERED, UNRENDERED, Fetched
from services.fetch.hosts import Hosts
from services.fetch.poll import Poller
from services.fetch.rendering import fetched
from services.fetch.web import Trouble, Web
from shared.contracts import Feed, Rendered, Source
from tests.unit.fetch.scene import FEED, PROSE, Scene, html

SHELL = '<html><body><div id="root"></div><script src="/app.js"></script></body></html>'
ARTICLE = f"<html><head><title>The mill</title></head><body><article>{PROSE}</article></body></html>"
SITEMAP = "<urlset><url><loc>https://gazette.example{}</loc></url></urlset>"


class Browser:
    """Renders every page as it is told, or has the trouble it is told."""

    def __init__(self, page: str = ARTICLE, status: int = 200, trouble: Trouble | None = None) -> None:
        self.page, self.status, self.trouble = page, status, trouble
        self.asked: list[str] = []

    async def ask(self, url: str, conditions: Mapping[str, str] | None = None) -> Fetched:
        del conditions
        self.asked.append(url)
        if self.trouble:
            raise self.trouble
        answer = Rendered(browser="Chromium 1", url=url, status=self.status, html=self.page)
        return fetched(answer, datetime(2026, 3, 4, tzinfo=UTC))


def scene(browser: Browser | None) -> Scene:
    found = Scene(html(SHELL), Source(id="gazette", feeds=(Feed(url=FEED),), render=True))
    hosts = Hosts(found.book, 1.0, found.clock.seconds, found.clock.sleep)
    web = Web(found, hosts, "Newswire", found.clock.seconds, frozenset(), browser)
    found.poller = Poller(web, found.book, frozenset({"tdm"}), found.clock.now)
    return found


async def test_pages_come_from_the_renderer_and_feeds_and_robots_do_not() -> None:
    browser = Browser()
    found = scene(browser)
    await found.look()

    [(_, message)] = found.raws
    assert message.headers[RENDERED] == "Chromium 1"
    assert b"The mill burned down" in message.body
    assert len(browser.asked) == 1
    assert browser.asked[0] not in found.asked
    assert {FEED, "https://gazette.example/robots.txt"} <= set(found.asked)


async def test_known_articles_are_visited_by_the_renderer_too_and_have_not_changed() -> None:
    browser = Browser()
    found = scene(browser)
    await found.look()
    for _ in range(40):
        await found.later()
        if len(browser.asked) > 1:
            break
    assert len(browser.asked) == 2, "visited after an hour"
    assert len(found.raws) == 1


@pytest.mark.parametrize(
    ("browser", "name"),
    [
        (None, "no_renderer"),
        (Browser(trouble=Trouble("no_renderer", "start it")), "no_renderer"),
        (Browser(trouble=Trouble("resource_limit", "when rendered")), "resource_limit"),
        (Browser(SHELL), "javascript_shell"),
        (Browser("", 404), "not_found"),
    ],
)
async def test_what_cannot_be_rendered_is_the_sources_trouble_by_its_name(browser: Browser | None, name: str) -> None:
    found = scene(browser)
    await found.look()
    assert not any(RENDERED in message.headers for _, message in found.raws), "the feed's own words, if any"
    assert found.book.states["gazette"].page_problem == name


async def test_a_missing_renderer_is_asked_for_again() -> None:
    found = scene(Browser(trouble=Trouble("no_renderer", "start it")))
    await found.look()
    web = Web(found, found.hosts, "Newswire", found.clock.seconds, frozenset(), Browser())
    found.poller = Poller(web, found.book, frozenset(), found.clock.now)
    await found.later()
    assert len(found.raws) == 1
    assert found.book.states["gazette"].page_problem is None


async def test_news_does_not_wait_for_a_renderer_and_its_page_comes_with_one() -> None:
    # given a source whose pages are to be rendered, and nothing that does
    browser = Browser(trouble=Trouble("no_renderer", "start it"))
    found = scene(browser)
    began = found.clock.at
    await found.look()
    while not found.raws:
        await found.later()

    # then its article is published by its feed's words, and says so
    assert found.clock.at - began < timedelta(minutes=7)
    [(_, words)] = found.raws
    assert words.body.startswith(b"<item")
    assert words.headers[UNRENDERED] == "no_renderer"

    # when that goes on for a day, then nothing is published twice or given up
    while found.clock.at - began < timedelta(days=1):
        await found.later()
    assert len(found.raws) == 1
    assert found.book.states["gazette"].page_problem == "no_renderer"

    # when something renders it at last, then the page is the next version, and all is well
    browser.trouble, back = None, found.clock.at
    while len(found.raws) == 1:
        await found.later()
    assert found.clock.at - back < timedelta(minutes=20)
    assert b"The mill burned down" in found.raws[1][1].body
    assert found.raws[1][1].headers[RENDERED] == "Chromium 1"
    assert found.book.states["gazette"].page_problem is None
    for _ in range(10):
        await found.later()
    assert len(found.raws) == 2


async def test_an_article_of_which_only_the_address_is_known_waits_for_a_renderer() -> None:
    browser = Browser(trouble=Trouble("no_renderer", "start it"))
    found = scene(browser)
    sitemap = SITEMAP.format(found.room.newest()[0].path).encode()
    found.feed = lambda url, now: Fetched(url, 200, {"Content-Type": "application/xml"}, sitemap, now)
    await found.look()
    for _ in range(20):
        await found.later()
    assert found.raws == []

    browser.trouble = None
    while not found.raws:
        await found.later()
    assert b"The mill burned down" in found.raws[0][1].body


def test_a_rendered_page_is_the_servers_answer_with_another_body() -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    headers = {"content-type": "text/html; charset=windows-1251", "x-robots-tag": "noarchive", "set-cookie": "a=1"}
    rendered = Rendered(
        browser="Chromium 1", url="https://a.example/b", status=203, redirects=2, headers=headers, html="<p>Ніч</p>"
    )
    found = fetched(rendered, now)
    assert found == Fetched(
        "https://a.example/b", 203,
        {"Content-Type": "text/html; charset=utf-8", "X-Robots-Tag": "noarchive"},
        "<p>Ніч</p>".encode(), now, redirects=2, rendered="Chromium 1",
    )  # fmt: skip
    assert replace(found, rendered=None) != found
