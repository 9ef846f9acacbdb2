"""One page, loaded in a context of its own, that the proxy alone connects to anything."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, Page, Request, Response, Route
from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeoutError

from services.render import core
from services.render.markup import MARKUP
from services.render.proxy import Proxy
from shared.contracts import Rendered, RenderJob, RenderProblem
from shared.guard import Endpoint

AGAIN: Final = 3
"""Times that the document is asked for, while the page goes on to another one."""
_NO_BODY: Final = "ERR_HTTP_RESPONSE_CODE_FAILURE"
"""A 404 without a word: the browser would show a page of its own."""


class PageError(Exception):
    """There is no page."""

    def __init__(self, problem: RenderProblem, detail: str) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem: RenderProblem = problem
        self.detail = detail


class Visit:
    """A visit to one page.

    `browser`: that loads it; `proxy`: the page's own; `memory`: returns once the browser's processes hold too much.
    """

    def __init__(
        self, browser: Browser, proxy: Proxy, job: RenderJob, memory: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        self._browser, self._proxy, self._job, self._memory = browser, proxy, job, memory
        self._requests = 0
        self._crashed = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()
        self._going: Endpoint = core.endpoint(job.url)
        self._answer: Response | None = None

    async def page(self) -> Rendered:
        """What became of it.

        Raises:
            PageError: there is no page.
            BrowserError: the browser itself does not answer as it should.
        """
        context = await self._browser.new_context(
            user_agent=self._job.user_agent,
            proxy={"server": self._proxy.url, "bypass": core.NO_BYPASS},
            accept_downloads=False,
            service_workers="block",
        )
        await context.route("**/*", self._let)
        page = await context.new_page()
        context.on("page", self._close)
        page.on("crash", lambda _: self._crashed.set())
        page.on("request", self._asked)
        page.on("response", self._answered)
        try:
            rendered = await self._first(self._load(context, page))
        except PageError as error:
            if error.problem in core.INNOCENT:
                await _left(context)
            raise
        await _left(context)
        return rendered

    async def _first(self, load: Coroutine[Any, Any, Rendered]) -> Rendered:
        """The page, unless one of its bounds is met before."""
        work = asyncio.create_task(load)
        bounds: dict[asyncio.Task[Any], PageError] = {
            asyncio.create_task(self._crashed.wait()): PageError("resource_limit", "the page's process died"),
            asyncio.create_task(self._memory()): PageError(
                "resource_limit", f"more than {core.MAX_MEMORY:,} bytes of memory"
            ),
            asyncio.create_task(self._proxy.spent.wait()): PageError(
                "too_large", f"more than {core.MAX_BYTES:,} bytes on the wire"
            ),
        }
        try:
            done, _ = await asyncio.wait(
                {work, *bounds}, timeout=core.PAGE_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            for task in (work, *bounds):
                task.cancel()
            await asyncio.gather(work, *bounds, return_exceptions=True)
        if met := next((bounds[task] for task in done if task in bounds), None):
            raise met
        if not done:
            raise PageError("timeout", f"not done in {core.PAGE_SECONDS:g} s")
        return work.result()

    async def _load(self, context: BrowserContext, page: Page) -> Rendered:
        try:
            await page.goto(self._job.url, wait_until="domcontentloaded", timeout=core.LOAD_SECONDS * 1_000)
            with suppress(BrowserTimeoutError):  # what never becomes quiet is taken as it is then
                await page.wait_for_load_state("networkidle", timeout=core.QUIET_SECONDS * 1_000)
        except BrowserTimeoutError as error:
            raise PageError("timeout", f"not loaded in {core.LOAD_SECONDS:g} s") from error
        except BrowserError as error:
            if self._answer is None or _NO_BODY not in str(error):
                raise self._failed(error) from error
            return await self._rendered(page, "")
        return await self._rendered(page, await self._markup(context, page))

    def _failed(self, error: BrowserError | str) -> PageError:
        """Why the page's own address, or the one it went on to, gave no page."""
        if why := self._proxy.blocked.get(self._going):
            return PageError("blocked_address", why)
        if "Download is starting" in str(error):
            return PageError("unsupported_type", "a download")
        return PageError("connection_failed", core.said(error))

    async def _rendered(self, page: Page, markup: str) -> Rendered:
        if self._answer is None:
            raise PageError("connection_failed", "no answer of a server")
        headers = core.passed_on(await self._answer.all_headers())
        content_type = headers.get("content-type", "")
        if not core.is_page(content_type):
            raise PageError("unsupported_type", ascii(content_type)[1:-1][:100])
        return Rendered(
            browser=f"Chromium {self._browser.version}",
            url=core.shown_at(page.url, self._answer.url),
            status=self._answer.status,
            redirects=_redirects(self._answer.request),
            headers=headers,
            html=markup.encode("utf-8", "replace").decode(),
            requests=self._requests,
            refused=self._proxy.refused,
            received=self._proxy.received,
        )

    async def _markup(self, context: BrowserContext, page: Page) -> str:
        """The document as it is now."""
        session: Any = await context.new_cdp_session(page)  # what it says has no types
        for left in reversed(range(AGAIN)):
            try:
                frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]
                if frame.get("unreachableUrl"):
                    raise self._failed("it went on to where there is nothing")
                world = await session.send("Page.createIsolatedWorld", {"frameId": frame["id"]})
                asked = {"expression": MARKUP, "contextId": world["executionContextId"], "returnByValue": True}
                found = (await session.send("Runtime.evaluate", asked))["result"].get("value")
            except BrowserError as error:  # it goes on to another document
                if not left:
                    raise PageError("timeout", f"it never stays: {core.said(error)}") from error
                await page.wait_for_load_state("domcontentloaded")
                continue
            if isinstance(found, str):
                return found
            raise PageError("too_large", f"{found or 'too many'} characters are more than {core.MAX_HTML:,}")
        raise AssertionError

    async def _let(self, route: Route) -> None:
        """Let a request go to the proxy, if text can come of it."""
        self._requests += 1
        wanted = route.request.resource_type not in core.BLOCKED_KINDS and self._requests <= core.MAX_REQUESTS
        with suppress(BrowserError):  # the page is over
            if wanted and route.request.url.startswith(("http://", "https://")):
                await route.continue_()
            else:
                await route.abort("blockedbyclient")

    def _close(self, popup: Page) -> None:
        async def close() -> None:
            with suppress(BrowserError):
                await popup.close()

        task = asyncio.create_task(close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _asked(self, request: Request) -> None:
        if _of_the_page(request):
            self._going = core.endpoint(request.url)

    def _answered(self, response: Response) -> None:
        if _of_the_page(response.request):
            self._answer = response


async def _left(context: BrowserContext) -> None:
    async with asyncio.timeout(core.QUIET_SECONDS):
        await context.close()


def _of_the_page(request: Request) -> bool:
    """Whether it asks for the page itself, not for what is in it."""
    with suppress(BrowserError):  # of a frame that is gone
        return request.is_navigation_request() and request.frame.parent_frame is None
    return False


def _redirects(request: Request) -> int:
    found = 0
    while before := request.redirected_from:
        request, found = before, found + 1
    return found
