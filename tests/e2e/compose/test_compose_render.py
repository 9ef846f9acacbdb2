"""The browser in its container: a page made by script, within the limits that docker-compose.yml gives it."""

import json
from collections.abc import Iterator

import pytest

from tests.e2e.compose.conftest import Deployment

LOAD = """
import asyncio, http.server, os, threading
os.environ["NEWSWIRE_FETCH_ALLOW"] = "127.0.0.1:8000"
SCRIPT = "document.body.innerHTML = '<p>by ' + 'script</p>'; fetch('http://169.254.169.254/'); fetch('http://nats:8222/')"
class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<body><script>{SCRIPT}</script>".encode())
    def log_message(self, *_): pass
site = http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
from services.render.browser import Chromium
from services.render.settings import RenderSettings
from shared.contracts import RenderJob
async def main():
    async with Chromium(RenderSettings()) as chromium:
        job = RenderJob(url="http://127.0.0.1:8000/", user_agent="newswire-test")
        print((await chromium.page(job)).model_dump_json())
asyncio.run(main())
"""
ASK = """
import asyncio
from services.fetch.settings import FetchSettings
from shared.bus.client import connect
from shared.bus.question import ask
from shared.contracts import RenderJob
from shared.subjects import RENDER_PAGE
async def main():
    client = await connect(FetchSettings(), "fetch")
    job = RenderJob(url="http://169.254.169.254/latest/", user_agent="newswire-test")
    print((await ask(client.jetstream(), RENDER_PAGE, job.model_dump_json().encode(), 60)).decode())
    await client.close()
asyncio.run(main())
"""


@pytest.fixture
def rendering(deployment: Deployment) -> Iterator[Deployment]:
    """With the profile that is off by default."""
    profiled = ("--profile", "render")
    deployment.compose(*profiled, "build", "render", seconds=900)
    try:
        deployment.compose(*profiled, "up", "--wait", "--wait-timeout", "120", "render")
        yield deployment
    finally:
        deployment.compose(*profiled, "rm", "--stop", "--force", "render", check=False)


@pytest.mark.timeout(1_200)
def test_a_page_made_by_script_is_rendered_and_reaches_nothing_else(rendering: Deployment) -> None:
    page = json.loads(rendering.python("render", LOAD))

    assert page["browser"].startswith("Chromium")
    assert (page["status"], page["problem"]) == (200, None)
    assert "<p>by script</p>" in page["html"]
    assert page["refused"] == 2

    asked = json.loads(rendering.python("fetch", ASK))
    assert asked["problem"] in {"blocked_address", "invalid_url"}
    assert "169.254.169.254" in asked["detail"]
