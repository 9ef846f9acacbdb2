"""Render as a process: a browser, and the questions of fetch."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Final, NoReturn

import zstandard
from pydantic import ValidationError

from services.render.browser import BrowserMissingError, Chromium
from services.render.settings import RenderSettings
from shared import telemetry
from shared.bus import JetStreamContext
from shared.bus.daemon import Job, run_jobs
from shared.bus.health import die
from shared.bus.question import answering
from shared.contracts import Rendered, RenderJob
from shared.inflate import DECODED_LIMIT
from shared.settings import EXIT_CONFIG
from shared.subjects import MAX_MESSAGE, RENDER_PAGE

LOOK_EVERY: Final = 5.0
"""Seconds between two looks whether the browser is there."""
WAIT_SECONDS: Final = 10.0
"""For the pages before: fetch waits for an answer, and holds a server's turn meanwhile."""


def run(settings: RenderSettings) -> NoReturn:
    """Run until told to stop."""
    telemetry.RENDERED.labels("busy")  # from 0 on, for NewswireRenderBusy

    @asynccontextmanager
    async def jobs(js: JetStreamContext) -> AsyncGenerator[Sequence[Job]]:
        async with Chromium(settings) as chromium:
            desk = Desk(chromium)
            async with answering(js, RENDER_PAGE, "render", desk.answer):
                yield (Job("browser", desk.look_or_leave, LOOK_EVERY),)

    run_jobs("render", settings, jobs)


class Desk:
    """Answers questions, one page at a time."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._turn = asyncio.Lock()

    async def look_or_leave(self) -> None:
        """Have a browser at hand. Where none can be had the process ends, with exit 78.

        Raises:
            OSError: it did not start this time.
        """
        if self._turn.locked():  # whoever loads a page has one
            return
        async with self._turn:
            try:
                await self._chromium.ready()
            except BrowserMissingError as error:
                die(str(error), EXIT_CONFIG)

    async def answer(self, question: bytes) -> bytes:
        """The Rendered, as JSON, that answers a RenderJob."""
        started = time.monotonic()
        try:
            job = RenderJob.model_validate_json(question)
        except ValidationError:
            return _told(Rendered(browser="", problem="invalid_url", detail="not a RenderJob"), "", started)
        return _told(await self._page(job), job.url, started)

    async def _page(self, job: RenderJob) -> Rendered:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            return Rendered(browser="", problem="busy", detail=f"other pages took {WAIT_SECONDS:g} s")
        try:
            return await self._chromium.page(job)
        except (BrowserMissingError, OSError) as error:
            return Rendered(browser="", problem="busy", detail=str(error)[:500])
        finally:
            self._turn.release()


def _told(rendered: Rendered, url: str, started: float) -> bytes:
    """An answer that fits into a message, logged and counted."""
    body = rendered.model_dump_json(exclude_defaults=True).encode()
    if len(body) > DECODED_LIMIT or len(zstandard.compress(body)) > MAX_MESSAGE:
        rendered = Rendered(browser=rendered.browser, problem="too_large", detail=f"{len(body):,} bytes of document")
        body = rendered.model_dump_json(exclude_defaults=True).encode()
    outcome = rendered.problem or "rendered"
    telemetry.RENDERED.labels(outcome).inc()
    telemetry.log(
        "page.rendered", url=url.partition("?")[0][:200], outcome=outcome, detail=rendered.detail,
        status=rendered.status, requests=rendered.requests, refused=rendered.refused, bytes=rendered.received,
        seconds=round(time.monotonic() - started, 3),
    )  # fmt: skip
    return body
