"""A provisioned NATS, the command as a process, and a stage that does what a test says."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nats.js import JetStreamContext
from structlog.testing import capture_logs

from deploy.nats.provision import Sizing, provision
from services.ctl.__main__ import cli
from shared.bus import connect, dead, wire
from shared.bus.client import epoch_of_raw
from shared.bus.message import Inbound, Outbound
from shared.bus.publish import publish
from shared.contracts import IndexedEvent, Origin, SkipRecord, Stage
from shared.errors import Poison
from shared.settings import Settings
from shared.subjects import GB, INDEXED, RAW, SKIPPED

OBSERVED = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects it printed; fails on anything else."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Wire:
    """The provisioned server and the command."""

    url: str
    js: JetStreamContext
    folder: Path
    opensearch_url: str = "http://127.0.0.1:1"

    @property
    def environment(self) -> dict[str, str]:
        """Where the servers are."""
        return {"NEWSWIRE_NATS_URL": self.url, "NEWSWIRE_OPENSEARCH_URL": self.opensearch_url}

    @asynccontextmanager
    async def started(self, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """The command as a process, for what is about signals and streams; ended at the end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.ctl", *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=os.environ | self.environment,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def run(self, *arguments: str, stdin: bytes | None = None) -> Ended:
        """The command, ended in a sentence and never in an exception."""
        ran = await asyncio.to_thread(CliRunner().invoke, cli, arguments, input=stdin, env=self.environment)
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return Ended(ran.exit_code, ran.stdout, ran.stderr)

    def file(self, name: str, body: bytes) -> str:
        """The path of a new file."""
        (self.folder / name).write_bytes(body)
        return str(self.folder / name)

    async def raw(self, source: str = "harbour", body: bytes = b"Ferries resume\n\nIn May.") -> Origin:
        """A raw message, published by anybody."""
        return await self.origin((await self.js.publish(RAW.of(source), body)).seq)

    async def origin(self, sequence: int) -> Origin:
        """The origin of the raw message with this sequence."""
        return Origin(await epoch_of_raw(self.js), sequence)

    async def bury(
        self, origin: Origin, source: str = "harbour", stage: Stage = "parse", body: bytes = b"{broken",
        reason: Any = "invalid_json", **headers: str,
    ) -> None:  # fmt: skip
        """A dead letter, as the bus makes them."""
        inbound = _inbound(origin, source, body, headers, RAW.of(source))
        place = ("RAW" if stage == "parse" else "JOBS", origin.sequence)
        await dead.bury(self.js, stage, inbound, Poison(reason, "line 1 column 2"), place)

    async def skip(self, origin: Origin, source: str = "harbour", reason: str = "unchanged") -> None:
        """A skip record."""
        record = SkipRecord(
            stage="index", source=source, reason=reason, origin=str(origin), observed_at=OBSERVED,
            skipped_at=OBSERVED, attempt=1, article_id="a-1", trace_id="ab" * 16,
        )  # fmt: skip
        await self._tell(origin, source, SKIPPED, SKIPPED.of("index", source), record)

    async def indexed(self, origin: Origin, source: str = "harbour") -> None:
        """An indexed event."""
        event = IndexedEvent(
            article_id="a-1", revision_id="r-1", source=source, action="new", index="news-articles-v1-2026.03",
            version=origin.version, origin=str(origin), headline="Ferries resume", observed_at=OBSERVED,
            indexed_at=OBSERVED, trace_id="ab" * 16,
        )  # fmt: skip
        await self._tell(origin, source, INDEXED, INDEXED.of(source), event)

    async def _tell(self, origin: Origin, source: str, family: Any, subject: str, event: Any) -> None:
        inbound = _inbound(origin, source, b"", {}, subject)
        headers = wire.envelope("index", inbound, Outbound(event), family, 0, OBSERVED)
        await publish(self.js, subject, wire.body_of(event), headers)


def _inbound(origin: Origin, source: str, body: bytes, headers: dict[str, str], subject: str) -> Inbound:
    return Inbound(subject, source, body, headers, origin, OBSERVED, 1, "ab" * 16)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The scripted stage logs nothing: the command's output is in the same process."""
    with capture_logs():
        yield


@pytest.fixture
async def bare_wire(nats_url: str, tmp_path: Path) -> AsyncIterator[Wire]:
    """A server that was not provisioned."""
    client = await connect(Settings(nats_url=nats_url), "test")
    yield Wire(nats_url, client.jetstream(), tmp_path)
    await client.close()


@pytest.fixture
async def wired(bare_wire: Wire) -> Wire:
    """A provisioned server."""
    await provision(bare_wire.js, Sizing(store_bytes=GB), dry_run=False)
    return bare_wire
