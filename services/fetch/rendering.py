"""Pages whose text comes by script: loaded by the render service, in the turn of fetch and by its robots.txt."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

import nats.errors
from nats.js import JetStreamContext
from pydantic import ValidationError

from services.fetch.archive.records import Exchange
from services.fetch.archive.store import Archive
from services.fetch.core import ANSWERED, PASSED_ON, Fetched
from services.fetch.hosts import Busy
from services.fetch.purpose import PURPOSE, may_be_kept
from services.fetch.web import Trouble
from shared.bus.question import NobodyAnswersError, ask
from shared.contracts import Rendered, RenderJob
from shared.contracts.render import NO_RENDERER
from shared.subjects import RENDER_PAGE

ANSWER_WITHIN: Final = 44.0
"""Seconds: shorter than a server's turn is held for (hosts.HOLD_AT_LEAST)."""
AGAIN: Final = 30.0
"""Seconds after which a renderer that had no time is asked again."""
_ADVICE: Final = (
    "its pages are to be rendered, and no render service answers; start it: docker compose --profile render up --wait,"
    " or newswire up --render"
)
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Renderer:
    """Asks the render service for pages, as the guarded client asks servers. `agent`: who we say we are.

    `archive`: where each page is written down, as it was rendered.
    """

    def __init__(
        self, js: JetStreamContext, agent: str, clock: Callable[[], datetime], archive: Archive | None = None
    ) -> None:
        self._js, self._agent, self._clock, self._archive = js, agent, clock, archive

    async def ask(self, url: str, conditions: Mapping[str, str] = _NOTHING) -> Fetched:
        """The page at `url` as a browser shows it, whatever its status. `conditions` are for who has no scripts to run.

        Raises:
            Trouble: `no_renderer`, or the renderer's own name for it.
            Busy: all renderers are at work.
            DependencyDown: the page cannot be archived.
        """
        del conditions
        if self._archive:
            await self._archive.check()
        return await self._kept(fetched(await self._rendered(url), self._clock()))

    async def _rendered(self, url: str) -> Rendered:
        job = RenderJob(url=url, user_agent=self._agent)
        try:
            answer = await ask(self._js, RENDER_PAGE, job.model_dump_json().encode(), ANSWER_WITHIN)
            rendered = Rendered.model_validate_json(answer)
        except NobodyAnswersError as error:
            raise Trouble(NO_RENDERER, _ADVICE) from error
        except (nats.errors.Error, TimeoutError) as error:
            raise Trouble("timeout", f"the renderer did not answer in {ANSWER_WITHIN:g} s") from error
        except ValidationError as error:
            raise Trouble("unexpected_error", "the renderer's answer is none") from error
        if rendered.problem == "busy":
            raise Busy(self._clock().timestamp() + AGAIN)
        if rendered.problem:
            raise Trouble(rendered.problem, f"when rendered: {rendered.detail}")
        return rendered

    async def _kept(self, page: Fetched) -> Fetched:
        if self._archive is None or not may_be_kept(page):
            return page
        exchange = Exchange(
            page.url, page.status, "", [*page.headers.items()], page.body, page.fetched_at,
            source=PURPOSE.get().source, rendered=page.rendered or "",
        )  # fmt: skip
        return replace(page, archived=await self._archive.keep(exchange))


def fetched(rendered: Rendered, now: datetime) -> Fetched:
    """A rendered page as an answer: the main document's own, but for its body, which is HTML in UTF-8."""
    named = {name.lower(): name for name in (*PASSED_ON, *ANSWERED)}
    headers = {named[name]: value for name, value in rendered.headers.items() if name in named}
    headers["Content-Type"] = "text/html; charset=utf-8"
    return Fetched(
        rendered.url, rendered.status, headers, rendered.html.encode(), now, redirects=rendered.redirects,
        rendered=rendered.browser,
    )  # fmt: skip
