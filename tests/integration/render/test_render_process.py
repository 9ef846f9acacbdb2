"""The renderer as a process: what it says where it cannot work, and what is left of it when it ends."""

import asyncio
import os
import signal
from pathlib import Path

import nats
import psutil
import pytest

from shared.bus.question import ask
from shared.contracts import Rendered, RenderJob
from shared.settings import EXIT_CONFIG
from shared.subjects import RENDER_PAGE
from tests.integration.render.conftest import Site
from tests.wire import Stage


def renderer(nats_url: str, folder: Path, **env: str) -> Stage:
    return Stage(nats_url, folder, "services.render", env, quick=False).start()


async def test_without_a_browser_it_leaves_with_a_sentence(nats_url: str, tmp_path: Path) -> None:
    stage = renderer(nats_url, tmp_path, NEWSWIRE_RENDER_CHROMIUM="no-such-browser")
    try:
        assert await stage.exit(60) == EXIT_CONFIG
    finally:
        stage.kill()
    assert "newswire: there is no program no-such-browser; install Chromium" in stage.log
    assert "Traceback" not in stage.log


@pytest.mark.skipif(os.geteuid() != 0, reason="root has no sandbox; whoever else runs the tests may")
async def test_without_a_sandbox_it_leaves_with_a_sentence(nats_url: str, tmp_path: Path) -> None:
    stage = renderer(nats_url, tmp_path)
    try:
        assert await stage.exit(60) == EXIT_CONFIG
    finally:
        stage.kill()
    assert "newswire: Chromium's sandbox cannot be had here" in stage.log
    assert "NEWSWIRE_RENDER_SANDBOX=false" in stage.log
    assert "Traceback" not in stage.log


async def test_it_answers_one_page_after_the_other_and_leaves_nothing(
    nats_url: str, tmp_path: Path, site: Site
) -> None:
    site.pages["/loop"] = "<script>for (;;) {}</script>"
    site.pages["/page"] = "<p>The harbour was closed on Monday.</p>"
    allow = {"NEWSWIRE_FETCH_ALLOW": f"127.0.0.1:{site.port}", "NEWSWIRE_RENDER_SANDBOX": str(os.geteuid() != 0)}
    stage = renderer(nats_url, tmp_path, **allow)
    client = await nats.connect(nats_url)

    async def rendered(path: str) -> Rendered:
        job = RenderJob(url=site.url + path, user_agent="x")
        return Rendered.model_validate_json(
            await ask(client.jetstream(), RENDER_PAGE, job.model_dump_json().encode(), 60)
        )

    try:
        await asyncio.to_thread(stage.await_ready)
        pages = await asyncio.gather(*(rendered("/page") for _ in range(3)))
        assert [(each.problem, "harbour" in each.html) for each in pages] == [(None, True)] * 3
        looping = asyncio.create_task(rendered("/loop"))
        async with asyncio.timeout(30):
            while "/loop" not in site.paths():
                await asyncio.sleep(0.05)
        assert (await rendered("/page")).problem == "busy"
        assert (await looping).problem == "timeout"
        assert (await rendered("/page")).problem is None
        broken = await ask(client.jetstream(), RENDER_PAGE, b"{", 10)
        assert Rendered.model_validate_json(broken).problem == "invalid_url"

        assert stage.process
        started = psutil.Process(stage.process.pid).children(recursive=True)
        assert len(started) > 3
        stage.signal(signal.SIGTERM)
        assert await stage.exit(25) == 0
    finally:
        stage.kill()
        await client.close()
    _, left = psutil.wait_procs([each for each in started if each.is_running()], timeout=10)
    assert [each for each in left if each.status() != psutil.STATUS_ZOMBIE] == []
    assert "Traceback" not in stage.log, stage.log[-3_000:]
    assert "never retrieved" not in stage.log, stage.log[-3_000:]
