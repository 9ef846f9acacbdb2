"""The archive: what fetch gets is on the disk before it is published, and goes back the way it came."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from nats.js import JetStreamContext

from deploy.nats.provision import Sizing, provision
from services.fetch.archive.members import records
from services.fetch.archive.reading import answer_of
from services.fetch.articles.raw import ARTICLE
from services.fetch.core import ARCHIVED
from shared.contracts import Archived, Feed, Source
from tests.fakes.hostile_http import HostileServer, answer, hostile_server
from tests.fakes.newsroom import Newsroom, every
from tests.integration.fetch.test_fetch_sources import (
    ROOT,
    add,
    due_now,
    envelope,
    fetching,
    put_on,
    raws,
    until_looked,
    until_raw,
)  # fmt: skip


@pytest.fixture
async def search() -> AsyncIterator[HostileServer]:
    """What answers in the index's place: it has nothing, until a test says otherwise."""
    async with hostile_server() as server:
        server.pages["/news/_search"] = found()
        yield server


def found(*articles: dict[str, str]) -> bytes:
    body = json.dumps({"hits": {"hits": [{"_source": each} for each in articles]}}).encode()
    return answer(body, content_type="application/json")


async def replayed(nats_url: str, search: HostileServer, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.ctl", "replay", "--warc", "--json", *arguments, cwd=ROOT,
        env=os.environ | {"NEWSWIRE_NATS_URL": nats_url, "NEWSWIRE_OPENSEARCH_URL": search.url},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, [json.loads(line) for line in out.splitlines()]


async def emptied(js: JetStreamContext) -> None:
    """RAW made anew: it forgets the ids of messages, too."""
    await js.delete_stream("RAW")
    await provision(js, Sizing(), dry_run=False)


def answers(folder: Path) -> dict[str, Any]:
    """The answers in the archive by their records."""
    read: dict[str, Any] = {}
    for file in folder.glob("*.warc.gz*"):
        for piece in records(file.read_bytes()):
            assert piece.body is not None, piece.fault
            if each := answer_of(piece.body, file.name.removesuffix(".open")):
                assert each.fetched.archived
                read[each.fetched.archived.record_id] = each
    return read


async def test_what_is_fetched_is_archived_and_its_replay_is_what_was_published(
    nats_url: str, js: JetStreamContext, site: HostileServer, search: HostileServer, tmp_path: Path
) -> None:
    # given a source of which all was archived, an edit and a deletion too
    room, folder = Newsroom(site.url), tmp_path / "archive"
    for at in every(2, 3):
        room.write(at)
    put_on(site, room)
    await add(js, Source(id="lighthouse", feeds=(Feed(url=f"{site.url}/feed.xml"),), min_interval=30))
    async with fetching(nats_url, site, tmp_path / "log", NEWSWIRE_FETCH_ARCHIVE=str(folder)):
        await until_looked(js, "lighthouse", 3)
        room.articles[1].version = 2
        put_on(site, room)
        await due_now(js, "lighthouse")
        published = await until_raw(js, 4)
    kept = answers(folder)
    for message in published:
        archived = Archived.model_validate_json(message.headers[ARCHIVED])
        assert (folder / archived.file).is_file()
        assert kept[archived.record_id].source == "lighthouse"
        assert kept[archived.record_id].fetched.body.decode() == envelope(message).body

    # when it is replayed where all of it is still there, then nothing is published
    assert (await replayed(nats_url, search, str(folder)))[1][-1]["total"] == {"there already": 4}
    assert len(await raws(js)) == 4

    # when RAW was emptied, then it is all published again, as it was
    await emptied(js)
    code, lines = await replayed(nats_url, search, str(folder))
    again = await raws(js)
    assert code == 0
    assert lines[-1]["total"] == {"published": 4}
    assert [(each.subject, each.data, each.headers[ARTICLE]) for each in again] == [
        (each.subject, each.data, each.headers[ARTICLE]) for each in published
    ]
    assert [json.loads(each.headers[ARCHIVED]) for each in again] == [
        json.loads(each.headers[ARCHIVED]) for each in published
    ]

    # when the index has a newer version of the first article, and RAW nothing, then that one is left
    await emptied(js)
    search.pages["/news/_search"] = found(
        {"url": f"{site.url}{room.articles[0].path}", "fetched_at": "2099-01-01T00:00:00Z"}
    )
    assert (await replayed(nats_url, search, str(folder)))[1][-1]["total"] == {"published": 3, "there already": 1}


async def test_what_is_reserved_is_not_archived_and_what_may_go_on_is_published(
    nats_url: str, js: JetStreamContext, site: HostileServer, tmp_path: Path
) -> None:
    # given four articles of a source: one reserves nothing, the others by header and by meta
    room, folder = Newsroom(site.url), tmp_path / "archive"
    plain, noarchive, noindex, tagged = [room.write(at) for at in every(2, 4)]
    put_on(site, room)
    site.pages[noarchive.path] = answer(room.page(noarchive), x_robots_tag="noarchive")
    site.pages[noindex.path] = answer(room.page(noindex), x_robots_tag="noindex")
    site.pages[tagged.path] = answer(
        room.page(tagged).replace(b"<head>", b"<head><meta name='robots' content='noarchive'>")
    )
    feed = (Feed(url=f"{site.url}/feed.xml"),)
    await add(js, Source(id="lighthouse", feeds=feed, min_interval=30))

    # when it is fetched as fetch is set, then by a source that honours nothing
    async with fetching(nats_url, site, tmp_path / "log", NEWSWIRE_FETCH_ARCHIVE=str(folder)):
        published = await until_raw(js, 3)
        await until_looked(js, "lighthouse", 3)
        honoured = {urlsplit(each.fetched.url).path for each in answers(folder).values()}
        await add(js, Source(id="leave", feeds=feed, min_interval=30, honour=()))
        await until_raw(js, 7)
        await until_looked(js, "leave", 4)

    # then noarchive is about the archive, noindex about the article too, and leave is leave
    assert honoured == {"/robots.txt", "/feed.xml", plain.path}
    told = {urlsplit(envelope(each).url or "").path: ARCHIVED in each.headers for each in published}
    assert told == {plain.path: True, noarchive.path: False, tagged.path: False}
    kept = {(each.source, urlsplit(each.fetched.url).path) for each in answers(folder).values()}
    assert {path for source, path in kept if source == "leave"} >= {each.path for each in room.articles}
