"""The browser's processes: started, watched, and ended whatever they do."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import playwright
import psutil
from playwright.async_api import Browser, Playwright, async_playwright

from services.render import core
from services.render.page import PageError, Visit
from services.render.proxy import Proxy
from services.render.settings import RenderSettings
from shared.contracts import Rendered, RenderJob
from shared.errors import Poison
from shared.guard import check_url

DRIVER: Final = Path(playwright.__file__).with_name("driver").resolve()
START_SECONDS, END_SECONDS = 30.0, 5.0
LOOK_EVERY: Final = 0.5
"""Seconds between two looks at the memory of the browser."""


class BrowserMissingError(Exception):
    """There is no browser that could be used, and another try would not find one; says what to do."""


class Chromium:
    """One browser at a time, for one page at a time; an async context manager."""

    def __init__(self, settings: RenderSettings) -> None:
        self._settings = settings
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._pages = 0
        self._home: tempfile.TemporaryDirectory[str] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def page(self, job: RenderJob) -> Rendered:
        """What became of a page. Never at the same time as another.

        Raises:
            BrowserMissingError: there is no browser.
        """
        browser = await self.ready()
        try:
            check_url(job.url, self._settings.fetch_allow)
        except Poison as poison:
            return Rendered(browser=_named(browser), problem="invalid_url", detail=poison.detail)
        async with Proxy(self._settings.fetch_allow) as proxy:
            try:
                rendered = await Visit(browser, proxy, job, memory_full).page()
            except Exception as error:  # noqa: BLE001 - of no closer class where the driver itself dies
                trouble = error if isinstance(error, PageError) else PageError("resource_limit", _died(error))
                rendered = Rendered(
                    browser=_named(browser), problem=trouble.problem, detail=trouble.detail,
                    refused=proxy.refused, received=proxy.received,
                )  # fmt: skip
        self._pages += 1
        if self._pages >= core.PAGES or (rendered.problem and rendered.problem not in core.INNOCENT):
            await self.end()
        return rendered

    async def ready(self) -> Browser:
        """The browser, started where there is none.

        Raises:
            BrowserMissingError: as the sentence says.
            OSError: it did not start this time.
        """
        if self._browser and self._browser.is_connected():
            return self._browser
        await self.end()
        program = shutil.which(self._settings.render_chromium)
        if program is None:
            raise BrowserMissingError(
                f"there is no program {self._settings.render_chromium}; install Chromium (Debian: apt-get install"
                " chromium), or name it: NEWSWIRE_RENDER_CHROMIUM"
            )
        self._home = _new_home()
        try:
            async with asyncio.timeout(START_SECONDS):
                self._playwright = await async_playwright().start()
                self._browser = await self._launched(self._playwright, program)
        except Exception as error:  # of no closer class where the driver itself dies
            await self.end()
            raise _unstarted(error) from error
        return self._browser

    async def _launched(self, playwright: Playwright, program: str) -> Browser:
        return await playwright.chromium.launch(
            executable_path=program,
            args=core.ARGUMENTS,
            chromium_sandbox=self._settings.render_sandbox,
            proxy={"server": core.NOWHERE, "bypass": core.NO_BYPASS},
            env={name: os.environ.get(name, "") for name in ("PATH", "HOME", "TMPDIR")},
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=START_SECONDS * 1_000,
        )

    async def end(self) -> None:
        """End the browser: as it is asked, or else by killing whatever is left of it."""
        browser, playwright, home = self._browser, self._playwright, self._home
        self._browser, self._playwright, self._home, self._pages = None, None, None, 0
        with suppress(Exception):  # it hangs, or is gone
            async with asyncio.timeout(END_SECONDS):
                if browser:
                    await browser.close()
                if playwright:
                    await playwright.stop()
        for process in processes():
            with suppress(psutil.Error):
                process.kill()
        if home:
            await asyncio.to_thread(home.cleanup)


def _new_home() -> "tempfile.TemporaryDirectory[str]":
    """A folder for all that the driver and its browser write. They take it from the environment alone."""
    home = tempfile.TemporaryDirectory(prefix="newswire-render-", ignore_cleanup_errors=True)
    os.environ["HOME"] = os.environ["TMPDIR"] = home.name
    return home


def _named(browser: Browser) -> str:
    return f"Chromium {browser.version}"


def _died(error: Exception) -> str:
    return f"the browser does not answer: {core.said(error) or type(error).__name__}"


def _unstarted(error: BaseException) -> Exception:
    text = str(error)
    if "as root without --no-sandbox" in text or "No usable sandbox" in text:
        return BrowserMissingError(
            "Chromium's sandbox cannot be had here: it takes a user other than root, and user namespaces"
            " (docs/operations.md#rendering); or do without: NEWSWIRE_RENDER_SANDBOX=false"
        )
    return OSError(f"Chromium did not start: {core.said(error) or type(error).__name__}")


def processes() -> list[psutil.Process]:
    """The browser's driver and all that it started; what else this process started is not ours to count or to end."""
    found: list[psutil.Process] = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            if Path(child.exe()).is_relative_to(DRIVER):
                found += [child, *child.children(recursive=True)]
    return found


async def memory_full() -> None:
    """Return once they hold more than a page may take."""
    while await asyncio.to_thread(_held) <= core.MAX_MEMORY:  # noqa: ASYNC110 - nobody tells; it is looked up
        await asyncio.sleep(LOOK_EVERY)


def _held() -> int:
    return sum(_each_held())


def _each_held() -> Iterator[int]:
    """Bytes of each process that it shares with no other, as far as the system says."""
    for process in processes():
        with suppress(psutil.Error):
            info = process.memory_info()
            yield info.rss - getattr(info, "shared", 0)
