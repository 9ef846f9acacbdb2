"""Publishers whose answers cannot be kept as they are, on a real nats-server: their neighbours do not notice."""

import base64
import random
from pathlib import Path

from nats.js import JetStreamContext

from services.fetch.books import Books
from shared.contracts import Feed, Source
from tests.fakes.hostile_http import HostileServer, answer
from tests.fakes.newsroom import Newsroom, every
from tests.integration.fetch.test_fetch_sources import add, fetching, put_on, settled, until_looked

ENTRIES = 1_000


def incompressible(url: str, seed: int) -> bytes:
    """A feed of old entries whose titles and addresses are noise: nearly four megabytes to remember."""
    noise = random.Random(seed)

    def text(size: int) -> str:
        return base64.urlsafe_b64encode(noise.randbytes(size)).decode()

    items = "".join(
        f"<item><title>{text(1_400)}</title><link>{url}/{text(1_800)}</link>"
        "<pubDate>Mon, 06 Jan 2020 10:00:00 GMT</pubDate></item>"
        for _ in range(ENTRIES)
    )
    return f"<rss><channel>{items}</channel></rss>".encode()


async def test_a_feed_that_is_too_much_to_remember_costs_no_other(
    nats_url: str, js: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    room = Newsroom(site.url)
    room.write(next(iter(every(1, 1))))
    put_on(site, room)
    noise = [f"{site.url}/noise-{number}.xml" for number in range(2)]
    for number, url in enumerate(noise):
        body = incompressible(site.url, number)
        site.pages[url.removeprefix(site.url)] = answer(body, content_type="application/rss+xml")
    await add(js, Source(id="noise", feeds=tuple(Feed(url=url) for url in noise)))
    async with fetching(nats_url, site, tmp_path / "log"):
        state = await settled(js, "noise", seconds=180)
        await add(js, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),)))
        await until_looked(js, "lighthouse", 1, seconds=90)

    seen, _ = await Books(js).seen("noise")
    assert [state.feeds[url].problem for url in noise] == [None, None]
    assert 0 < len(seen.articles) <= ENTRIES
    assert "fetch.forgot" in (tmp_path / "log").read_text()


async def test_validators_of_5000_characters_and_of_bytes_are_none(
    nats_url: str, js: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    """A state that cannot be read again is none: the source would be due at once, for ever, and all articles new."""
    room = Newsroom(site.url)
    for at in every(2, 2):
        room.write(at)
    put_on(site, room)
    site.pages["/feed.xml"] = answer(
        room.rss(), content_type="application/rss+xml; charset=\xff", etag="x" * 5_000, last_modified="\xff\xfe"
    )
    site.pages[room.articles[0].path] = answer(room.page(room.articles[0]), etag="y" * 5_000)
    await add(js, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),)))
    async with fetching(nats_url, site, tmp_path / "log"):
        state = await until_looked(js, "lighthouse", 2)
        await settled(js, "lighthouse")

    feed = state.feeds[f"{site.url}/feed.xml"]
    assert (feed.problem, feed.etag, feed.last_modified) == (None, None, None)
    seen, _ = await Books(js).seen("lighthouse")
    assert len(seen.articles) == 2
    assert sum("/feed.xml" in head for head in site.requests) == 1
