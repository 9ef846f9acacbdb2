"""Pages on a real Chromium: what scripts make of them comes whole."""

import asyncio

from aiohttp import web

from tests.integration.render.conftest import AGENT, Renderer, Site

SHELL = """<!doctype html><html><head><title>Loading</title></head><body><div id="root"></div>
<script src="/app.js"></script></body></html>"""
APP = """fetch('/api/story').then(r => r.json()).then(story => {
  document.title = story.title;
  document.getElementById('root').innerHTML =
    '<article><h1>' + story.title + '</h1>' + story.text.map(p => '<p>' + p + '</p>').join('') + '</article>';
});"""
STORY = {"title": "The ferry is back", "text": [f"Paragraph {n}: the ferry crossed at noon." for n in range(12)]}


async def test_what_a_script_builds_is_there_with_the_answer_of_the_server(renderer: Renderer, site: Site) -> None:
    async def script(_: web.Request) -> web.Response:
        return web.Response(text=APP, content_type="text/javascript")

    async def story(_: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.json_response(STORY)

    async def shell(_: web.Request) -> web.Response:
        return web.Response(text=SHELL, content_type="text/html", headers={"X-Robots-Tag": "noarchive", "ETag": '"1"'})

    site.pages |= {"/app.js": script, "/api/story": story}
    found = await renderer.shown(shell)

    assert found.problem is None
    assert all(each in found.html for each in STORY["text"])
    assert "<title>The ferry is back</title>" in found.html
    assert found.html.startswith("<!DOCTYPE html><html>")
    assert (found.status, found.url, found.redirects) == (200, f"{site.url}/page", 0)
    assert (found.headers["x-robots-tag"], found.headers["etag"]) == ("noarchive", '"1"')
    assert found.browser.startswith("Chromium 1")
    assert site.paths() == ["/page", "/app.js", "/api/story"]
    assert {agent for _, agent in site.asked} == {AGENT}
    assert (found.requests, found.refused) == (3, 0)
    assert found.received > len(APP)
