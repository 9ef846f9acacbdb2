"""A test's view of the wire, and a stage as a real process beside it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from deploy.local import ports

ROOT = Path(__file__).parents[1]
WITHOUT_MODELS = {"PYTHONPATH": str(ROOT / "tests" / "without")}
"""The environment of a process that has the packages of the group `enrich-heavy` not installed."""


@dataclass
class Wire:
    """One test's connection, and what was published where stages publish."""

    client: Client
    js: JetStreamContext
    messages: dict[str, list[Any]] = field(default_factory=dict)

    async def send(self, body: bytes, sequence: int = 1, source: str = "x") -> None:
        headers = {"Newswire-Origin": f"1:{sequence}:0"}
        await self.js.publish(f"news.parsed.{source}", body, headers=headers)

    async def stored(self, stream: str) -> list[Any]:
        """All messages of a stream, in order."""
        state = (await self.js.stream_info(stream)).state
        found = []
        for sequence in range(max(1, state.first_seq), state.last_seq + 1):
            try:
                found.append(await self.js.get_msg(stream, sequence))
            except NotFoundError:
                continue
        return found

    async def until(self, stream: str, count: int, seconds: float = 20) -> list[Any]:
        """The messages of a stream once it holds `count`."""
        async with asyncio.timeout(seconds):
            while (await self.js.stream_info(stream)).state.messages < count:
                await asyncio.sleep(0.05)
        return await self.stored(stream)

    async def settled(self, durable: str = "enrich", stream: str = "PARSED", seconds: float = 20) -> None:
        """Wait until the consumer has nothing pending and nothing in hand."""
        async with asyncio.timeout(seconds):
            while True:
                info = await self.js.consumer_info(stream, durable)
                if not info.num_pending and not info.num_ack_pending:
                    return
                await asyncio.sleep(0.05)


@dataclass
class Stage:
    """A stage's process."""

    url: str
    directory: Path
    program: str = "tests.fakes.stage"
    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=ports.free)
    process: subprocess.Popen[bytes] | None = None
    quick: bool = True

    def start(self, **env: str) -> "Stage":
        known = {"NEWSWIRE_NATS_URL": self.url, "NEWSWIRE_HTTP_PORT": str(self.port)}
        with (self.directory / "stage.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *(["tests.quick"] if self.quick else []), self.program],
                cwd=ROOT, env={**os.environ, **known, **self.env, **env}, stdout=log, stderr=log,
            )  # fmt: skip
        return self

    def await_ready(self, seconds: float = 60) -> None:
        """Wait until /readyz says so."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise TimeoutError(f"{self.program} is not ready after {seconds} s:\n{self.log[-2_000:]}")

    async def until_says(self, event: str, seconds: float = 60) -> None:
        """Wait until that event is in its log."""
        async with asyncio.timeout(seconds):
            while event not in self.log:
                await asyncio.sleep(0.05)

    @property
    def log(self) -> str:
        return (self.directory / "stage.log").read_text()

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    async def exit(self, seconds: float = 30) -> int:
        assert self.process
        return await asyncio.to_thread(self.process.wait, seconds)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


class StartStage(Protocol):
    """Starts a stage's process: the scripted one, or `program`."""

    def __call__(self, program: str = "tests.fakes.stage", **env: str) -> Stage: ...
