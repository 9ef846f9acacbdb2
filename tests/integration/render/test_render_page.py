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


SHADOWS = """<!doctype html><html><head><title>The ferry</title></head><body>
<news-article><h1 slot="head">The ferry is back</h1><p>It crossed at noon.</p><aside slot="nowhere">Not shown</aside>
</news-article>
<template><p>No shadow</p></template>
<script>
class Article extends HTMLElement {
  constructor() {
    super();
    window.made = (window.made || 0) + 1;
    const root = this.attachShadow({mode: 'open'});
    root.innerHTML = '<style>p { color: red }</style><article><slot name="head"></slot><slot></slot>'
      + '<slot name="more"><p>Nothing more was slotted.</p></slot><inner-part></inner-part></article>';
  }
}
class Part extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = '<p>The part inside of the part.</p>'; }
}
class Closed extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'closed'}).innerHTML = '<p>Behind a closed door.</p>'; }
}
customElements.define('inner-part', Part);
customElements.define('news-article', Article);
customElements.define('closed-door', Closed);
document.body.append(document.createElement('closed-door'));
setTimeout(() => document.title += ' ' + window.made, 100);
</script></body></html>"""


async def test_open_shadow_roots_are_where_they_are_shown(renderer: Renderer) -> None:
    found = (await renderer.shown(SHADOWS)).html
    body = found[found.index("<body") : found.index("<script")]

    shown = [
        "The ferry is back", "It crossed at noon.", "Nothing more was slotted.", "The part inside of the part.",
        "Not shown", "No shadow",
    ]  # fmt: skip
    assert [body.count(each) for each in shown] == [1] * len(shown)
    places = [body.index(each) for each in shown]
    assert places == sorted(places)
    assert "<template><aside" in body
    assert "color: red" not in body
    assert "Behind a closed door." not in body
    assert "<title>The ferry 1</title>" in found, "no element of the page is made again"


async def test_nothing_in_a_page_keeps_its_shadows_from_us_or_runs_in_the_copy(renderer: Renderer) -> None:
    """Its scripts rule their own world, forms have their children for names, trees are as deep as they like."""
    page = """<!doctype html><html><body><form id="f"><input name="firstChild"><input name="childNodes"><p>In a form</p>
    </form><div id="host"></div><div id="deep"></div><script>
    for (const name of ['shadowRoot', 'outerHTML', 'assignedSlot'])
      Object.defineProperty(Element.prototype, name, {get() { return 'forged'; }});
    Document.prototype.importNode = Node.prototype.appendChild = () => { throw new Error('forged'); };
    const root = Element.prototype.attachShadow.call(document.getElementById('host'), {mode: 'open'});
    root.innerHTML = '<p>In the shadow</p><img src=x onerror="document.title=1"><noscript>None</noscript>';
    let deep = document.getElementById('deep');
    for (let n = 0; n < 3000; n++) { const one = document.createElement('b'); deep.append(one); deep = one; }
    deep.attachShadow = Element.prototype.attachShadow;
    const last = document.createElement('div');
    deep.append(last);
    last.attachShadow({mode: 'open'}).innerHTML = '<i>At the bottom</i>';
    </script></body></html>"""
    found = await renderer.shown(page)
    assert found.problem is None
    body = found.html[: found.html.index("<script")]
    assert [body.count(each) for each in ("In a form", "In the shadow", "At the bottom")] == [1, 1, 1]


async def test_shadows_count_for_the_size_of_a_document(renderer: Renderer) -> None:
    page = """<!doctype html><html><body><div id="host"></div><script>
    document.getElementById('host').attachShadow({mode: 'open'}).textContent = 'x'.repeat(5300000);
    </script></body></html>"""
    found = await renderer.shown(page)
    assert found.problem == "too_large"
