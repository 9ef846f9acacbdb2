"""The HTTP of the intake: requests in, answers and problems out."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, Final, Protocol, cast

import orjson
from aiohttp import web

from services.intake import core
from services.intake.access import Hands, Limiter, Register
from services.intake.door import Door
from services.intake.openapi import document
from services.intake.problems import MEDIA_TYPE, Name, Problem
from services.intake.websub import confirmed, is_signed
from shared import telemetry
from shared.bus.client import MAX_ARTICLE
from shared.contracts import Access, Confirmation, Origin, Subscription

BODY_WITHIN: Final = 60.0
"""Seconds for a body to arrive."""
SLICE, SLICE_WITHIN = 10_000, 10.0
"""Bytes of it, and seconds for each so many: a body that drips does not keep a hand for a minute."""
LARGEST_PUSH: Final = 2 * 1024 * 1024
"""Bytes of a feed that a hub pushes."""
_CONFIRMED: Final[Mapping[str, telemetry.Event]] = {
    "subscribed": "websub.confirmed", "denied": "websub.denied", "unsubscribed": "websub.left",
}  # fmt: skip
_SOURCE: Final = re.compile(r"[a-z0-9_-]{1,64}")
_CALLBACK: Final = re.compile(r"[0-9a-f]{32}")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Raws(Protocol):
    """Where raw articles go."""

    async def publish(self, source: str, listed: list[core.Article]) -> list[Origin]:
        """Publish all; raises Problem."""
        ...


class Hooks(Protocol):
    """Where subscriptions are kept; each raises Problem."""

    async def asked(self, identity: str) -> Subscription | None:
        """The subscription of a callback."""
        ...

    async def confirm(self, identity: str, confirmation: Confirmation) -> None:
        """Keep what a hub said."""
        ...

    async def push(self, asked: Subscription, content_type: str, body: bytes) -> None:
        """Keep what a hub pushed."""
        ...


class Intake:
    """Answers requests. `hooks`: None where WebSub is off. `body_within`: seconds for a body to arrive."""

    def __init__(self, register: Register, raws: Raws, hooks: Hooks | None, body_within: float = BODY_WITHIN) -> None:
        self._register, self._raws, self._hooks = register, raws, hooks
        self._body_within = body_within
        self._limits, self._pushed, self._hands = Limiter(), Limiter(), Hands()
        self.door: Door | None = None

    def app(self) -> web.Application:
        """The application. Bodies are decoded here and not by the server, which would not bound them."""
        app = web.Application(middlewares=[self._answered])
        app.on_response_prepare.append(_nameless)
        app.router.add_post("/v1/raw/{source}", self.raw)
        app.router.add_get("/v1/openapi.json", self.described)
        app.router.add_get("/v1/websub/{id}", self.verify)
        app.router.add_post("/v1/websub/{id}", self.push)
        return app

    @web.middleware
    async def _answered(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Problems as documents, everything counted, and no time limit while a request is being answered."""
        with ExitStack() as stack:
            if self.door:
                stack.enter_context(self.door.busy(request.transport))
            try:
                answer = await handler(request)
            except Problem as problem:
                return refused(problem)
            except web.HTTPException as error:
                return refused(_routed(error, request))
            except (ConnectionError, web.RequestPayloadError) as error:
                return refused(Problem("bad_request", f"the body broke off: {error}"))
            except Exception as error:  # noqa: BLE001 - a bug of one request must not end the others
                telemetry.bug("intake.failed", error, path=request.path[:200])
                return refused(Problem("internal", "it is in the log of the intake", wait=5))
        telemetry.REQUESTS.labels("accepted").inc()
        return answer

    async def described(self, request: web.Request) -> web.Response:
        """GET /v1/openapi.json."""
        del request
        return web.json_response(document())

    async def raw(self, request: web.Request) -> web.Response:
        """POST /v1/raw/<source>: 202 once all is stored.

        Raises:
            Problem: it is not.
        """
        source = request.match_info["source"]
        if not _SOURCE.fullmatch(source):
            raise Problem("not_found", "a source is named by [a-z0-9_-], at most 64 of them")
        access = self._register.opened(source, request.headers.get("Authorization", ""))
        essence = core.type_of(request.headers.get("Content-Type", ""))
        self._limits.admit(access, time.monotonic())
        with self._hands.taken(source):
            found = await self._articles(request, access)
            origins = await self._raws.publish(source, found)
        for origin, article in zip(origins, found, strict=True):
            telemetry.OUT.labels("intake").inc()
            telemetry.log("article.published", source=source, origin=str(origin), bytes=len(article.body))
        if essence in core.LINES:
            return _json(202, {"source": source, "ids": [str(each) for each in origins]})
        return _json(202, {"source": source, "id": str(origins[0])})

    async def _articles(self, request: web.Request, access: Access) -> list[core.Article]:
        body = await self._body(request, access.max_bytes)
        self._limits.charge(access.source, size=len(body))
        encoding = request.headers.get("Content-Encoding", "")
        plain = await asyncio.to_thread(core.decoded, body, encoding, access.max_bytes)
        self._limits.charge(access.source, size=max(0, len(plain) - len(body)))
        found = await asyncio.to_thread(core.articles, request.headers, plain, MAX_ARTICLE)
        self._limits.charge(access.source, messages=len(found))
        return found

    async def _body(self, request: web.Request, limit: int) -> bytes:
        """The body as it was sent, at most `limit` bytes.

        Raises:
            Problem: `too_large`, `too_slow`.
        """
        if (request.content_length or 0) > limit:
            raise Problem("too_large", f"a request may have {limit:,} bytes; this one has {request.content_length:,}")
        try:
            async with asyncio.timeout(self._body_within):
                return await _all(request, limit)
        except TimeoutError as error:
            bounds = f"{self._body_within:g} seconds for all of it, {SLICE_WITHIN:g} for each {SLICE:,} bytes"
            raise Problem("too_slow", f"there are {bounds}") from error

    async def verify(self, request: web.Request) -> web.Response:
        """GET /v1/websub/<id>: a hub asks whether we want what was asked for.

        Raises:
            Problem: we do not.
        """
        asked = await self._subscription(request)
        confirmation, challenge = confirmed(asked, request.query, datetime.now(UTC))
        await cast("Hooks", self._hooks).confirm(asked.id, confirmation)
        telemetry.log(_CONFIRMED[confirmation.state], source=asked.source, hub=asked.hub, reason=confirmation.reason)
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def push(self, request: web.Request) -> web.Response:
        """POST /v1/websub/<id>: a hub sends a feed. What is not signed as it should be is accepted, and ignored.

        Raises:
            Problem: it cannot be kept now, or nobody wants it.
        """
        asked = await self._subscription(request)
        if asked.leaving:
            raise Problem("gone", "nobody here asks for it")
        self._pushed.admit(Access(source=asked.source), time.monotonic())
        with self._hands.taken(asked.source):
            body = await self._body(request, LARGEST_PUSH)
            self._pushed.charge(asked.source, messages=1, size=len(body))
            if not is_signed(asked.secret, body, request.headers.get("X-Hub-Signature", "")):
                telemetry.PUSHES.labels("wrong_signature").inc()
                telemetry.warn("websub.ignored", source=asked.source, hub=asked.hub, reason="wrong signature")
                return web.Response(status=202)
            await cast("Hooks", self._hooks).push(asked, request.headers.get("Content-Type", ""), body)
        telemetry.PUSHES.labels("kept").inc()
        return web.Response(status=202)

    async def _subscription(self, request: web.Request) -> Subscription:
        identity = request.match_info["id"]
        if self._hooks is None or not _CALLBACK.fullmatch(identity):
            raise Problem("not_found", "there is no callback of this name")
        if (asked := await self._hooks.asked(identity)) is None:
            raise Problem("gone", "nobody here asks for it")
        return asked


async def _all(request: web.Request, limit: int) -> bytes:
    body, content = bytearray(), request.content
    while not content.at_eof():
        slice_ends = len(body) + SLICE
        async with asyncio.timeout(SLICE_WITHIN):
            while len(body) < slice_ends and not content.at_eof():
                body += await content.readany()
                if len(body) > limit:
                    raise Problem("too_large", f"a request may have {limit:,} bytes")
    return bytes(body)


def _routed(error: web.HTTPException, request: web.Request) -> Problem:
    """What the server says of a path or a method that it does not know."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        return Problem("method_not_allowed", f"{request.method} is not; {allowed} is", headers={"Allow": allowed})
    name: Name = "not_found" if error.status == web.HTTPNotFound.status_code else "bad_request"
    return Problem(name, "see /v1/openapi.json for what there is" if name == "not_found" else error.reason)


def refused(problem: Problem) -> web.Response:
    """The answer to a request that is refused. The server reads what is left of its body, but not for long."""
    telemetry.REQUESTS.labels(problem.name).inc()
    return _json(problem.status, problem.document, MEDIA_TYPE, problem.headers)


async def _nameless(request: web.Request, answer: web.StreamResponse) -> None:
    """Leave out which version of which server that is."""
    del request
    answer.headers["Server"] = "newswire"


def _json(
    status: int, found: dict[str, Any], media_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(found), content_type=media_type, headers=headers)
