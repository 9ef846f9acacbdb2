"""A WebSub hub for tests, on loopback: it verifies what is asked of it, and pushes as it is told."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from deploy.local import ports


@dataclass
class Hub:
    """`lease`: seconds that it gives. `answers`: its status to who asks. `asked`: every form that came."""

    port: int = field(default_factory=ports.free)
    lease: int = 86_400
    answers: int = 202
    confirms: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)
    verified: list[tuple[int, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    @property
    def newest(self) -> dict[str, str]:
        return self.asked[-1]

    async def subscribe(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.confirms:  # before it answers, as some do
            await self.verify(form)
        return web.Response(status=self.answers)

    async def verify(self, form: dict[str, str], **other: str) -> tuple[int, str]:
        """Ask the subscriber whether it wants that."""
        query = {
            "hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "is it you? <b>",
            "hub.lease_seconds": str(self.lease),
        } | {f"hub.{name}": value for name, value in other.items()}  # fmt: skip
        async with aiohttp.ClientSession() as session, session.get(form["hub.callback"], params=query) as answer:
            self.verified.append((answer.status, await answer.text()))
        return self.verified[-1]

    async def push(self, body: bytes, method: str = "sha256", secret: str | None = None, **headers: str) -> int:
        """Push to the newest subscriber, signed."""
        key = (self.newest["hub.secret"] if secret is None else secret).encode()
        signed = {"X-Hub-Signature": f"{method}={hmac.new(key, body, getattr(hashlib, method)).hexdigest()}"}
        given = {"Content-Type": "application/rss+xml", **signed} | {k.replace("_", "-"): v for k, v in headers.items()}
        callback = self.newest["hub.callback"]
        async with aiohttp.ClientSession() as session, session.post(callback, data=body, headers=given) as answer:
            return answer.status


@asynccontextmanager
async def running_hub(**settings: Any) -> AsyncIterator[Hub]:
    hub, app = Hub(**settings), web.Application()
    app.router.add_post("/hub", hub.subscribe)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", hub.port).start()
    try:
        yield hub
    finally:
        await runner.cleanup()
