"""`newswire sources` on a real server, and a site on loopback to find feeds at."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.bus import store
from shared.contracts import SourceHealth
from shared.contracts.health import OpenTrouble
from shared.subjects import HEALTHS
from tests.fakes.hostile_http import HostileServer, answer, hostile_server
from tests.fakes.newsroom import Newsroom, every
from tests.integration.ctl.conftest import Wire


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[HostileServer]:
    async with hostile_server() as server:
        monkeypatch.setenv("NEWSWIRE_FETCH_ALLOW", f"127.0.0.1:{server.port}")
        monkeypatch.setenv("NEWSWIRE_FETCH_HOST_INTERVAL", "0")
        room = Newsroom(server.url)
        for at in every(2, 6):
            room.write(at)
        feed = "<link rel='alternate' type='application/rss+xml' href='/feed.xml'>"
        links = "".join(f"<a href='{each.path}'>{each.headline} at length</a>" for each in room.articles)
        server.pages["/"] = answer(f"<!doctype html><html><head>{feed}</head><body>{links}</body></html>".encode())
        server.pages["/feed.xml"] = answer(room.rss(), content_type="application/rss+xml")
        server.pages["/news.xml"] = answer(sitemap(room), content_type="application/xml")
        server.pages["/robots.txt"] = answer(f"Sitemap: {server.url}/news.xml".encode(), content_type="text/plain")
        server.pages |= {each.path: answer(room.page(each)) for each in room.articles}
        yield server


def sitemap(room: Newsroom) -> bytes:
    urls = "".join(
        f"<url><loc>{room.base}{each.path}</loc><news:news><news:title>{each.headline}</news:title>"
        f"<news:publication_date>{each.published.isoformat()}</news:publication_date></news:news></url>"
        for each in room.articles
    )
    return f"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>".encode()


async def test_what_a_site_offers_is_shown_and_the_choice_added(wired: Wire, site: HostileServer) -> None:
    ended = await wired.run("sources", "add", f"{site.url}/", "--yes", "--id", "lighthouse")
    assert (ended.code, ended.err) == (0, "")
    assert f"* {site.url}/feed.xml  rss, 6 entries" in ended.out
    assert "Lighthouse story 6" in ended.out
    assert f"* {site.url}/news.xml  news-sitemap" in ended.out
    assert f"  {site.url}/  page, 6 entries" in ended.out

    (listed,) = (await wired.run("sources", "list", "--json")).lines
    assert [each["url"] for each in listed["source"]["feeds"]] == [f"{site.url}/feed.xml", f"{site.url}/news.xml"]
    assert listed["source"]["name"] == "The Lighthouse"

    again = await wired.run("sources", "add", f"{site.url}/", "--json")
    assert again.code == 1
    assert "lighthouse has this address already" in again.err


async def test_a_source_is_marked_to_be_rendered_and_looked_at_later(wired: Wire, site: HostileServer) -> None:
    assert (await wired.run("sources", "add", f"{site.url}/", "--yes", "--render", "--paused")).code == 0
    (listed,) = (await wired.run("sources", "list", "--json")).lines
    assert (listed["source"]["render"], listed["source"]["paused"]) == (True, True)
    assert "render: true" in (await wired.run("sources", "export")).out


async def test_one_address_of_those_found_can_be_chosen(wired: Wire, site: HostileServer) -> None:
    ended = await wired.run("sources", "add", f"{site.url}/", "--feed", f"{site.url}/news.xml")
    assert ended.code == 0
    assert "added 127-0-0-1" in ended.out
    ended = await wired.run("sources", "add", f"{site.url}/", "--feed", f"{site.url}/other.xml")
    assert (ended.code, "not among what was found" in ended.err) == (1, True)


@pytest.mark.parametrize(
    ("path", "said"),
    [("/nothing", "not_found: HTTP 404"), ("/plain", "not_a_feed"), ("/secret", "access_denied")],
)
async def test_a_site_that_cannot_be_read_says_why(path: str, said: str, wired: Wire, site: HostileServer) -> None:
    site.pages |= {"/plain": answer(b"words", content_type="text/plain"), "/secret": answer(b"no", "403 Forbidden")}

    ended = await wired.run("sources", "add", f"{site.url}{path}", "--yes")
    assert ended.code == 1
    assert said in ended.err


async def test_an_address_that_is_not_public_is_not_asked(wired: Wire) -> None:
    ended = await wired.run("sources", "add", "http://169.254.169.254/latest/", "--yes")
    assert ended.code == 1
    assert "blocked_address" in ended.err
    assert (await wired.run("sources", "add", "file:///etc/passwd", "--yes")).code == 2


async def test_sources_pause_resume_and_go(wired: Wire, tmp_path: Path) -> None:
    listed = tmp_path / "sources.yaml"
    listed.write_text("sources:\n- {id: gazette, feeds: [{url: 'https://gazette.example/feed'}]}\n")
    assert (await wired.run("sources", "import", str(listed))).out == "1 added, 0 replaced\n"
    assert (await wired.run("sources", "import", str(listed))).out == "0 added, 1 replaced\n"
    assert "not looked at yet" in (await wired.run("sources", "list")).out
    await wired.run("sources", "pause", "gazette")
    assert "1 sources, 1 paused" in (await wired.run("sources", "list")).out
    await wired.run("sources", "pause", "--resume", "gazette")
    assert "https://gazette.example/feed" in (await wired.run("sources", "show", "gazette")).out
    assert 'xmlUrl="https://gazette.example/feed"' in (await wired.run("sources", "export", "--opml")).out
    exported = (await wired.run("sources", "export")).out
    assert (await wired.run("sources", "remove", "gazette", "--yes")).out == "1 removed\n"
    assert (await wired.run("sources", "list")).out.startswith("no sources")
    ended = await wired.run("sources", "show", "gazette")
    assert (ended.code, "there is no source 'gazette'" in ended.err) == (1, True)
    listed.write_text(exported)
    assert (await wired.run("sources", "import", str(listed))).out == "1 added, 0 replaced\n"


async def test_the_starter_list_is_added_only_when_asked_for(wired: Wire) -> None:
    assert (await wired.run("sources", "list")).out.startswith("no sources")
    ended = await wired.run("sources", "import", "--starter", "--paused")
    assert ended.code == 0
    assert all(each["source"]["paused"] for each in (await wired.run("sources", "list", "--json")).lines)
    assert (await wired.run("sources", "import")).code == 2


async def test_how_sources_fare_is_told_for_people_and_for_programs(wired: Wire, tmp_path: Path) -> None:
    assert "no sources" in (await wired.run("sources", "--health")).out
    listed = tmp_path / "sources.yaml"
    listed.write_text("sources:\n- {id: gazette, feeds: [{url: 'https://gazette.example/feed'}]}\n")
    await wired.run("sources", "import", str(listed))
    at = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)
    trouble = OpenTrouble(trouble="quiet", since=at, cause="consent_wall", detail="about 9 articles")
    health = SourceHealth(source="herald", last_article_at=at, by_hour=(0.5,) * 168, troubles=(trouble,))
    await store.put(wired.js, HEALTHS.name, "source.herald", health.model_dump_json().encode(), 0)
    shown = await wired.run("sources", "--health")
    assert (shown.code, "herald: quiet since 2026-03-14 10:00:00 UTC: consent_wall" in shown.out) == (0, True)
    gazette, herald = (await wired.run("sources", "--health", "--json")).lines
    assert (gazette["source"], herald["expected_24h"], herald["seen_24h"]) == ("gazette", 12, 0)
    assert (await wired.run("sources", "--health", "list")).code == 2
