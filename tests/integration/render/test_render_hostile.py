"""Pages that would reach, take or break something: each is refused or bounded, and nothing leaves by another way."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from aiohttp import web

from services.render import core
from services.render.browser import Chromium, processes
from services.render.settings import RenderSettings
from shared.contracts import RenderJob
from tests.integration.render.conftest import Renderer, Site


def alive() -> list[psutil.Process]:
    """What is left of the browser; nobody need have buried it yet."""
    return [each for each in processes() if each.status() != psutil.STATUS_ZOMBIE]


TEXT = "<p>The harbour was closed on Monday.</p>"
SETTLED = f"<!doctype html><title>Harbour</title>{TEXT}"


def scripted(script: str) -> str:
    return f"{SETTLED}<script>{script}</script>"


def reaching(site: Site) -> dict[str, str]:
    """Ways of a page to the server that nobody may reach."""
    port, udp = site.forbidden.port, site.forbidden.udp_port
    v4, v6 = f"127.0.0.1:{port}", f"[::1]:{port}"
    return {
        "fetch": f"fetch('http://{v4}/').then(r => r.text()).then(t => document.title = t)",
        "fetch of IPv6": f"fetch('http://{v6}/', {{mode: 'no-cors'}})",
        "fetch of localhost": f"fetch('http://localhost:{port}/', {{mode: 'no-cors'}})",
        "fetch of a number": f"fetch('http://2130706433:{port}/', {{mode: 'no-cors'}})",
        "fetch of a mapped address": f"fetch('http://[::ffff:127.0.0.1]:{port}/', {{mode: 'no-cors'}})",
        "fetch over TLS": f"fetch('https://{v4}/', {{mode: 'no-cors'}})",
        "post": f"fetch('http://{v4}/', {{method: 'POST', body: 'x', mode: 'no-cors'}})",
        "beacon": f"navigator.sendBeacon('http://{v4}/', 'x')",
        "metadata": "fetch('http://169.254.169.254/latest/meta-data/').then(r => r.text())",
        "websocket": f"new WebSocket('ws://{v4}/')",
        "websocket of TLS": f"new WebSocket('wss://{v6}/')",
        "event stream": f"new EventSource('http://{v4}/')",
        "frame": f"document.body.append(Object.assign(document.createElement('iframe'), {{src: 'http://{v4}/'}}))",
        "script": f"document.body.append(Object.assign(document.createElement('script'), {{src: 'http://{v4}/'}}))",
        "image": f"new Image().src = 'http://{v4}/'",
        "preconnect": f"document.head.insertAdjacentHTML('beforeend', '<link rel=preconnect href=http://{v4}>')",
        "prefetch": f"document.head.insertAdjacentHTML('beforeend', '<link rel=prefetch href=http://{v4}/>')",
        "prerender": f"""document.head.insertAdjacentHTML('beforeend', '<scr'+'ipt type=speculationrules>'
            + JSON.stringify({{prerender: [{{source: 'list', urls: ['http://{v4}/']}}]}}) + '</scr'+'ipt>')""",
        "popup": f"window.open('http://{v4}/')",
        "worker": f"new Worker(URL.createObjectURL(new Blob([\"fetch('http://{v4}/', {{mode: 'no-cors'}})\"])))",
        "webrtc": f"""const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{udp}'}},
            {{urls: 'turn:{v4}?transport=tcp', username: 'a', credential: 'b'}}]}});
            peer.createDataChannel('x'); peer.createOffer().then(o => peer.setLocalDescription(o))""",
        "webtransport": f"new WebTransport('https://127.0.0.1:{udp}/')",
        "file": "fetch('file:///etc/passwd').then(r => r.text()).then(t => document.title = t)",
        "frame of a file": """document.body.append(
            Object.assign(document.createElement('iframe'), {src: 'file:///etc/passwd'}))""",
        "twin": f"fetch('http://127.0.0.2:{site.port}/', {{mode: 'no-cors'}})",
    }


def trying(site: Site) -> str:
    return scripted("".join(f"try {{ {way} }} catch (e) {{ console.log(e) }}\n" for way in reaching(site).values()))


async def test_no_way_of_a_page_leads_where_the_guard_lets_nobody(renderer: Renderer, site: Site) -> None:
    found = await renderer.shown(trying(site))

    assert site.forbidden.log == []
    assert found.problem is None
    assert TEXT in found.html
    assert "secret" not in found.html
    assert "root:" not in found.html
    assert found.refused >= 12, "the guard was asked, and said no"


async def test_the_same_ways_lead_there_where_the_guard_lets_them(site: Site) -> None:
    there = {("127.0.0.1", site.forbidden.port), ("::1", site.forbidden.port), ("127.0.0.2", site.port)}
    allowed = frozenset({("127.0.0.1", site.port), *there})
    site.pages["/page"] = trying(site)
    settings = RenderSettings(fetch_allow=allowed, render_sandbox=os.geteuid() != 0)
    async with Chromium(settings) as chromium, asyncio.timeout(200):
        while len([each for each in site.forbidden.log if not each.startswith("UDP")]) < 10:
            await chromium.page(RenderJob(url=f"{site.url}/page", user_agent="x"))  # once is enough, if not busy
    assert not [each for each in site.forbidden.log if each.startswith("UDP")], "that way is closed for all"


async def test_a_page_that_is_none_leaves_no_context_behind(renderer: Renderer, site: Site) -> None:
    site.pages["/page"] = scripted("setInterval(() => fetch('/x'), 20)")
    for _ in range(2):
        found = await renderer.chromium.page(RenderJob(url=f"http://127.0.0.2:{site.port}/", user_agent="x"))
        assert found.problem == "blocked_address"
    browser = await renderer.chromium.ready()
    assert browser.contexts == []
    assert (await renderer.page("/page")).problem is None
    assert browser.contexts == []


@pytest.mark.parametrize("how", ["answer", "script", "refresh"])
async def test_a_page_that_goes_on_to_a_private_address_is_blocked(renderer: Renderer, site: Site, how: str) -> None:
    target = f"http://127.0.0.1:{site.forbidden.port}/"

    async def moved(_: web.Request) -> web.Response:
        raise web.HTTPFound(target)

    pages = {
        "answer": moved,
        "script": scripted(f"location = '{target}'"),
        "refresh": f'<meta http-equiv="refresh" content="0;url={target}">{TEXT}',
    }
    found = await renderer.shown(pages[how])
    assert (found.problem, site.forbidden.log) == ("blocked_address", [])
    assert "is not a public web server" in found.detail


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://169.254.169.254/latest/", "blocked_address"),
        ("https://10.0.0.1/", "blocked_address"),
        ("http://127.0.0.2:{site}/", "blocked_address"),
        ("http://127.0.0.1:{port}/", "invalid_url"),
        ("http://[::1]:{port}/", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("chrome://crash", "invalid_url"),
        ("data:text/html,x", "invalid_url"),
        ("about:blank", "invalid_url"),
    ],
)
async def test_what_is_not_the_public_web_is_no_page(renderer: Renderer, site: Site, url: str, problem: str) -> None:
    job = RenderJob(url=url.format(port=site.forbidden.port, site=site.port), user_agent="x")
    found = await renderer.chromium.page(job)
    assert (found.problem, site.forbidden.log) == (problem, [])


async def test_a_name_that_turns_to_another_address_is_blocked(
    renderer: Renderer, site: Site, names: dict[str, list[str]]
) -> None:
    names["turning.example"] = ["127.0.0.1", "127.0.0.2"]  # where nobody may go, on the same port
    site.pages["/page"] = scripted("fetch('/again').then(r => r.text()).then(t => document.title = t)")
    job = RenderJob(url=f"http://turning.example:{site.port}/page", user_agent="x")
    found = await renderer.chromium.page(job)
    assert (found.problem, found.refused >= 1) == (None, True)
    assert site.forbidden.log == []
    assert "<title>Harbour</title>" in found.html


async def test_a_page_does_not_lead_the_browser_to_its_own_pages(renderer: Renderer) -> None:
    found = await renderer.shown(scripted("location = 'chrome://crash'; window.open('chrome://kill')"))
    assert (found.problem, TEXT in found.html) == (None, True)


async def test_a_download_is_no_page(renderer: Renderer) -> None:
    async def download(_: web.Request) -> web.Response:
        return web.Response(
            body=b"x" * 1000, content_type="application/zip", headers={"Content-Disposition": "attachment"}
        )

    async def pdf(_: web.Request) -> web.Response:
        return web.Response(body=b"%PDF-1.4", content_type="application/pdf")

    async def text(_: web.Request) -> web.Response:
        return web.Response(text="{}", content_type="application/json")

    for answer in (download, pdf, text):
        found = await renderer.shown(answer)
        assert found.problem == "unsupported_type", answer
    found = await renderer.shown(
        scripted("""
        Object.assign(document.createElement('a'), {href: 'data:application/zip,x', download: 'x.zip'}).click()""")
    )
    assert found.problem is None


async def endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/html"})
    await answer.prepare(request)
    while True:
        await answer.write(b"<p>more</p>")
        await asyncio.sleep(0.1)


async def flood(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/html", "Content-Length": str(200 * 2**20)})
    await answer.prepare(request)
    for _ in range(200):
        await answer.write(b"<p>" + b"x" * (2**20 - 3))
    return answer


async def test_two_hundred_megabytes_are_too_large_and_not_read(renderer: Renderer) -> None:
    found = await renderer.shown(flood)
    assert found.problem == "too_large"
    assert found.received <= core.MAX_BYTES + 2**17


async def test_a_script_that_takes_two_hundred_megabytes_is_bounded_too(renderer: Renderer, site: Site) -> None:
    site.pages["/flood"] = flood
    found = await renderer.shown(scripted("fetch('/flood').then(r => r.text())"))
    assert (found.problem, found.received <= core.MAX_BYTES + 2**17) == ("too_large", True)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience than with real pages."""
    monkeypatch.setattr(core, "LOAD_SECONDS", 2.0)
    monkeypatch.setattr(core, "QUIET_SECONDS", 1.0)
    monkeypatch.setattr(core, "PAGE_SECONDS", 4.0)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    "html",
    [endless, scripted("for (;;) {}"), scripted("setTimeout(() => { for (;;) {} }, 300)"),
    ],
    ids=["never ends", "loops", "loops later"],
)  # fmt: skip
async def test_what_never_ends_is_ended_and_the_next_page_is_had(
    renderer: Renderer, html: str | Callable[[web.Request], web.StreamResponse]
) -> None:
    found = await renderer.shown(html)
    assert found.problem == "timeout", found
    assert alive() == []
    assert not Path(os.environ["TMPDIR"]).exists(), "nothing of it is left"
    assert TEXT in (await renderer.shown(SETTLED)).html


@pytest.mark.usefixtures("short")
async def test_a_page_that_loads_itself_for_ever_is_taken_as_it_is_or_given_up(renderer: Renderer) -> None:
    found = await renderer.shown(scripted("setInterval(() => location.reload(), 1)"))
    assert (found.problem, TEXT in found.html) in {(None, True), ("timeout", False)}


@pytest.mark.usefixtures("short")
async def test_what_a_page_never_ceases_to_load_is_not_waited_for(renderer: Renderer, site: Site) -> None:
    site.pages["/endless"] = endless
    found = await renderer.shown(scripted("fetch('/endless'); setInterval(() => fetch('/nothing'), 100)"))
    assert (found.problem, TEXT in found.html) == (None, True)


async def test_dialogues_popups_and_print_hold_nothing_up(renderer: Renderer) -> None:
    script = """alert('a'); confirm('b'); prompt('c'); print(); onbeforeunload = () => 'stay';
        for (let n = 0; n < 20; n++) window.open('/page' + n);
        Notification.requestPermission(); navigator.geolocation.getCurrentPosition(() => {});
        navigator.serviceWorker && navigator.serviceWorker.register('/worker.js')"""
    found = await renderer.shown(scripted(script))
    assert (found.problem, TEXT in found.html) == (None, True)
    assert "/worker.js" not in renderer.site.paths()


async def test_memory_is_bounded(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "MAX_MEMORY", 300 * 2**20)
    script = "window.kept = []; setInterval(() => window.kept.push(new Uint8Array(16 << 20).fill(1)), 5)"
    found = await renderer.shown(scripted(script))
    assert (found.problem, "bytes of memory" in found.detail) == ("resource_limit", True)
    assert alive() == []


async def test_a_document_that_grows_too_large_is_none(renderer: Renderer) -> None:
    grown = "document.body.append('x'.repeat(6 << 20))"
    found = await renderer.shown(scripted(grown))
    assert (found.problem, "characters" in found.detail) == ("too_large", True)
    clobbered = '<img name="documentElement"><form><input name="outerHTML"></form>'
    found = await renderer.shown(SETTLED + clobbered + f"<script>{grown}</script>")
    assert found.problem == "too_large"


async def test_a_page_whose_process_dies_is_told_of_and_the_next_one_is_had(renderer: Renderer) -> None:
    killed = asyncio.create_task(renderer.shown(scripted("setInterval(() => fetch('/x'), 50)")))
    async with asyncio.timeout(60):
        while "/x" not in renderer.site.paths():
            await asyncio.sleep(0.05)
    for process in alive():
        if "--type=renderer" in process.cmdline():
            process.kill()
    found = await killed
    assert (found.problem, found.detail) == ("resource_limit", "the page's process died")
    assert TEXT in (await renderer.shown(SETTLED)).html


async def test_a_driver_that_dies_is_told_of_and_the_next_page_is_had(renderer: Renderer) -> None:
    killed = asyncio.create_task(renderer.shown(scripted("setInterval(() => fetch('/x'), 50)")))
    async with asyncio.timeout(60):
        while "/x" not in renderer.site.paths():
            await asyncio.sleep(0.05)
    next(each for each in alive() if "run-driver" in each.cmdline()).kill()
    found = await killed
    assert (found.problem, "does not answer" in found.detail) == ("resource_limit", True)
    assert TEXT in (await renderer.shown(SETTLED)).html


async def test_a_browser_that_dies_is_replaced(renderer: Renderer) -> None:
    assert (await renderer.shown(SETTLED)).problem is None
    chromium = next(each for each in alive() if "chrom" in each.name() and "--type=" not in " ".join(each.cmdline()))
    chromium.kill()
    async with asyncio.timeout(30):
        while renderer.chromium._browser and renderer.chromium._browser.is_connected():
            await asyncio.sleep(0.05)
    assert TEXT in (await renderer.shown(SETTLED)).html


async def test_pages_leave_nothing_to_each_other_and_a_browser_is_replaced(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "PAGES", 2)
    kept = """document.body.append(document.cookie, localStorage.getItem('a') || 'nothing kept');
        document.cookie = 'a=kept-cookie'; localStorage.setItem('a', 'kept-value')"""
    for number in range(3):
        found = await renderer.shown(scripted(kept))
        assert "nothing kept</body>" in found.html, number
        assert (alive() == []) == (number == 1)


async def test_an_answer_without_a_body_is_still_an_answer(renderer: Renderer) -> None:
    for status in (404, 410, 500):

        async def gone(_: web.Request, status: int = status) -> web.Response:
            return web.Response(status=status)

        found = await renderer.shown(gone)
        assert (found.problem, found.status, found.html) == (None, status, "")


async def test_redirects_are_followed_and_counted(renderer: Renderer, site: Site) -> None:
    async def moved(_: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently("/there")

    site.pages["/there"] = scripted("history.pushState({}, '', '/final?a=1#part')")
    found = await renderer.shown(moved)
    assert (found.problem, found.redirects, found.url) == (None, 1, f"{site.url}/final?a=1")


async def test_what_else_this_process_started_outlives_the_browser(renderer: Renderer) -> None:
    other = await asyncio.create_subprocess_exec("sleep", "600")
    try:
        await renderer.shown(scripted("document.body.append('there')"))
        assert alive()
        assert other.pid not in {each.pid for each in alive()}
    finally:
        other.kill()
        await other.wait()
