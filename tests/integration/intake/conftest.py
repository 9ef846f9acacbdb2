"""The intake as a process on a provisioned nats-server of its own, and a publisher with a token."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import nats
import pytest
from click.testing import CliRunner
from nats.js import JetStreamContext

from deploy.local import ports
from deploy.nats.provision import Sizing, provision
from services.ctl.__main__ import cli
from tests.servers import Server
from tests.wire import Stage


@dataclass
class Answer:
    """What the intake answered."""

    status: int
    headers: Any
    body: bytes
    json: Any


@dataclass
class Desk:
    """A publisher at the intake: `url` of it, `js` of the server behind it."""

    port: int
    js: JetStreamContext
    session: aiohttp.ClientSession
    stage: Stage
    nats_url: str
    token: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(method, self.url + path, data=body, headers=named) as answer:
            found = await answer.read()
            of_json = "json" in answer.headers.get("Content-Type", "")
            return Answer(
                answer.status, answer.headers, found, await answer.json(content_type=None) if of_json else None
            )

    async def post(self, body: Any, source: str = "harbour", **headers: str) -> Answer:
        given = {"Authorization": f"Bearer {self.token}", "Content-Type": "text/plain"} | headers
        return await self.ask("POST", f"/v1/raw/{source}", body, **given)

    async def told(self, *arguments: str) -> Any:
        """The command on the same servers."""
        import asyncio

        known = {"NEWSWIRE_NATS_URL": self.nats_url, "NEWSWIRE_OPENSEARCH_URL": "http://127.0.0.1:1"}
        return await asyncio.to_thread(CliRunner().invoke, cli, ["tokens", *arguments], env=known)

    async def given(self, source: str = "harbour", *options: str) -> str:
        """A new token that the intake knows."""
        made = await self.told("add", source, *options)
        assert made.exit_code == 0, made.output
        token = made.stdout.strip()
        await self.until_known(source, token)
        return str(token)

    async def until_known(self, source: str, token: str, *, known: bool = True) -> None:
        import asyncio

        async with asyncio.timeout(15):
            while True:
                empty = await self.ask("POST", f"/v1/raw/{source}", b"", Authorization=f"Bearer {token}")
                if (empty.status == 400) == known:
                    return
                await asyncio.sleep(0.1)


@pytest.fixture
async def desk(nats_server: Server, tmp_path: Path) -> AsyncIterator[Desk]:
    """A publisher with a token for `harbour`."""
    client = await nats.connect(nats_server.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    js = client.jetstream(timeout=5)
    await provision(js, Sizing(), dry_run=False)
    port = ports.free()
    env = {"NEWSWIRE_INTAKE_PORT": str(port), "NEWSWIRE_WEBSUB_URL": f"http://127.0.0.1:{port}"}
    stage = Stage(nats_server.url, tmp_path, "services.intake", env, quick=False).start()
    try:
        stage.await_ready()
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            found = Desk(port, js, session, stage, nats_server.url)
            found.token = await found.given()
            yield found
    finally:
        stage.kill()
        await client.close()
