"""A source whose pages are rendered, each service with its own key: alone it says what is missing, then it is read."""

import asyncio
import json
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from nats.errors import NoRespondersError
from nats.js import JetStreamContext

from deploy.nats import users as table
from shared.bus.question import answering, ask
from shared.contracts import Feed, ParsedArticle, RawEnvelope, Rendered, RenderJob, Source
from shared.subjects import RENDER_PAGE
from tests.fakes.hostile_http import HostileServer, answer, hostile_server
from tests.fakes.newsroom import Newsroom, every
from tests.integration.deploy.conftest import Guarded
from tests.wire import Stage

SHELL = """<!doctype html><html><head><title>Gazette</title></head><body><div id="root"></div>
<script src="/app.js"></script></body></html>"""
APP = """fetch('/api' + location.pathname).then(r => r.text()).then(body => {
  document.getElementById('root').innerHTML = body;
});"""


def put_on(site: HostileServer, room: Newsroom) -> None:
    """A site whose pages are empty until their script has run."""
    site.pages["/feed.xml"] = answer(room.rss(), content_type="application/rss+xml")
    site.pages["/app.js"] = answer(APP.encode(), content_type="text/javascript")
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private/", content_type="text/plain")
    for each in room.articles:
        site.pages[each.path] = answer(SHELL.encode())
        text = "".join(f"<p>{line}</p>" for line in each.paragraphs())
        site.pages["/api" + each.path] = answer(f"<article><h1>{each.headline}</h1>{text}</article>".encode())


async def until(found: Callable[[], Awaitable[Any]], seconds: float = 60) -> Any:
    async with asyncio.timeout(seconds):
        while not (value := await found()):
            await asyncio.sleep(0.1)
    return value


async def add(js: JetStreamContext, name: str, url: str, *, render: bool) -> None:
    source = Source(id=name, feeds=(Feed(url=url),), render=render)
    await js.publish(f"$KV.sources.{name}", source.model_dump_json().encode())


async def problem(js: JetStreamContext, name: str) -> tuple[str, str] | None:
    try:
        found = await js.get_msg("KV_source-state", subject=f"$KV.source-state.{name}")
    except Exception:  # noqa: BLE001 - not looked at yet
        return None
    state = json.loads(found.data or b"{}")
    return (state["page_problem"], state["page_detail"]) if state.get("page_problem") else None


async def newest(js: JetStreamContext, stream: str, subject: str) -> Any:
    try:
        return await js.get_msg(stream, subject=subject)
    except Exception:  # noqa: BLE001 - not there yet
        return None


def plain(message: Any) -> bytes:
    packed = (message.headers or {}).get("Content-Encoding") == "zstd"
    return bytes(zstandard.decompress(message.data) if packed else message.data)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here; on Debian: make browser")
async def test_a_page_that_a_script_builds_becomes_an_article_in_full(guarded: Guarded, tmp_path: Path) -> None:
    before = len(guarded.violations())
    async with hostile_server() as site, guarded.client("ctl") as (client, _):
        room = Newsroom(site.url)
        for at in every(2, 1):
            room.write(at)
        put_on(site, room)
        js = client.jetstream(timeout=5)
        env = {
            "NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port}",
            "NEWSWIRE_FETCH_HOST_INTERVAL": "0",
            "NEWSWIRE_RENDER_SANDBOX": str(os.geteuid() != 0),
        }
        stages: list[Stage] = []

        def start(user: str) -> Stage:
            home = tmp_path / user
            home.mkdir()
            key = {"NEWSWIRE_NATS_NKEY_FILE": str(guarded.seed(user)), **env}
            stages.append(Stage(guarded.url, home, f"services.{user}", key, quick=False).start())
            return stages[-1]

        try:
            for stage in (start("fetch"), start("parse")):
                await asyncio.to_thread(stage.await_ready)
            await add(js, "unread", f"{site.url}/feed.xml", render=False)
            assert (await until(lambda: problem(js, "unread")))[0] == "javascript_shell"
            await add(js, "early", f"{site.url}/feed.xml", render=True)
            name, detail = await until(lambda: problem(js, "early"))
            assert name == "no_renderer"
            assert "docker compose --profile render up" in detail

            render = start("render")
            await asyncio.to_thread(render.await_ready)
            await add(js, "gazette", f"{site.url}/feed.xml", render=True)
            raw = await until(lambda: newest(js, "RAW", "news.raw.gazette"))
            parsed = await until(lambda: newest(js, "PARSED", "news.parsed.gazette"))
        finally:
            for stage in stages:
                stage.kill()

    article = room.articles[0]
    envelope = RawEnvelope.model_validate_json(plain(raw))
    assert raw.headers["Newswire-Rendered"].startswith("Chromium ")
    assert raw.headers["Newswire-Http-Status"] == "200"
    assert (envelope.url, envelope.headline) == (site.url + article.path, article.headline)
    found = ParsedArticle.model_validate_json(plain(parsed))
    assert found.headline == article.headline
    assert all(line in (found.body or "") for line in article.paragraphs())
    assert guarded.violations()[before:] == []
    assert '"outcome":"rendered"' in render.log
    agents = {line for head in site.requests for line in head.splitlines() if line.lower().startswith("user-agent")}
    assert all("Newswire/" in each for each in agents)


async def test_the_renderer_answers_whom_it_is_asked_by_once_and_speaks_to_nobody_else(guarded: Guarded) -> None:
    async def answered(question: bytes) -> bytes:
        job = RenderJob.model_validate_json(question)
        return Rendered(browser="test", url=job.url).model_dump_json().encode()

    job = RenderJob(url="https://gazette.example/", user_agent="x").model_dump_json().encode()
    async with guarded.client("render") as (render, refused), guarded.client("fetch") as (fetch, _):
        async with answering(render.jetstream(), RENDER_PAGE, "render", answered):
            await render.flush()
            found = Rendered.model_validate_json(await ask(fetch.jetstream(), RENDER_PAGE, job, 5))
            assert found.url == "https://gazette.example/"
            for subject in (RENDER_PAGE, "_INBOX_fetch.x", "news.raw.x", "$JS.API.INFO"):
                await render.publish(subject, b"x")
            await render.flush()
            await asyncio.sleep(0.2)
        assert len([each for each in refused if "Publish" in each or "publish" in each]) == 4
    async with guarded.client("parse") as (parse, refused):
        await parse.publish(RENDER_PAGE, job)
        await parse.flush()
        await asyncio.sleep(0.2)
        assert refused
    async with guarded.client("fetch") as (fetch, _):
        with pytest.raises(NoRespondersError):
            await fetch.request(RENDER_PAGE, job, timeout=5)
    assert table.RENDER in {user.name for user in table.users({})}
