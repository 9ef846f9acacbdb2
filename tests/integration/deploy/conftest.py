"""The real nats-server with the users of a deployment, and a client for each of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client

import deploy.nats.provision as provisioning
from deploy.local import ports
from deploy.local.nats import binary
from deploy.local.process import Child
from deploy.secrets.make import make

PUBLISHERS = {"scraper": ["interfax-ua"], "anything": []}


@dataclass
class Guarded:
    """A server that knows its users. `root`: the folder of their secrets."""

    url: str
    root: Path
    log: Path

    def seed(self, user: str) -> Path:
        """The file of a user's key."""
        if user in PUBLISHERS:
            return self.root / "operator" / "publishers" / f"{user}.nk"
        return self.root / ("operator" if user == "ctl" else user) / "nats.nk"

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
        """A connection of this user, and what the server refused it."""
        refused: list[str] = []

        async def note(error: Exception) -> None:
            refused.append(str(error))

        options: dict[str, Any] = {"nkeys_seed": str(self.seed(user)), "inbox_prefix": f"_INBOX_{user}".encode()}
        client = await nats.connect(self.url, error_cb=note, allow_reconnect=False, **options)
        try:
            yield client, refused
        finally:
            await client.close()

    def violations(self) -> list[str]:
        """What the server says it refused."""
        return [line for line in self.log.read_text().splitlines() if "Violation" in line]


async def provision(guarded: Guarded) -> None:
    async with guarded.client("provision") as (client, refused):
        await provisioning.provision(client.jetstream(timeout=10), provisioning.Sizing(), dry_run=False)
        assert not refused


@contextmanager
def serving(directory: Path) -> Iterator[Guarded]:
    """A server that is provisioned, with all it keeps in this folder."""
    root, port, monitor = directory / "secrets", ports.free(), ports.free()
    make(root, PUBLISHERS, datetime.now(UTC))
    text = (root / "nats" / "nats.conf").read_text()
    for before, after in (("4222", str(port)), ("8222", str(monitor)), ("/data", str(directory / "streams"))):
        text = text.replace(before, after)
    path = directory / "nats.conf"
    path.write_text(text)
    child = Child("nats-server", directory / "nats-server.log")
    child.start([binary(), "-c", str(path)])
    try:
        child.await_ready(lambda: not ports_free(port), 30, child.last_words)
        server = Guarded(f"nats://127.0.0.1:{port}", root, child.log)
        asyncio.run(provision(server))
        yield server
    finally:
        child.stop(10)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """One server for a module."""
    with serving(tmp_path_factory.mktemp("guarded")) as server:
        yield server


@pytest.fixture
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A server for one test: its streams hold what that test publishes, whatever ran before."""
    with serving(tmp_path_factory.mktemp("untouched")) as server:
        yield server


def ports_free(port: int) -> bool:
    time.sleep(0.02)
    return not ports.in_use(port)
