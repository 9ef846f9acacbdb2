"""The embedded run: nats-server, OpenSearch, provisioning, the four stages, keeper and intake on this machine.

With `render` also the service of that name: it takes a Chromium that is installed here.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from types import FrameType
from typing import Final, NoReturn

from deploy.local import home, jars, ports
from deploy.local.errors import LocalError
from deploy.local.http import HOST, ask
from deploy.local.nats import NatsServer
from deploy.local.opensearch import OpenSearch
from deploy.local.process import Child, tail
from deploy.local.state import Process, RunState, end_leftovers
from deploy.local.supervisor import Member, Say, Supervisor, stop_together
from shared.subjects import GB

SERVICES: Final = ("fetch", "parse", "enrich", "index", "keeper", "intake")
RENDER: Final = "render"
READY_SECONDS: Final = 60.0
PROVISION_SECONDS: Final = 120.0
SERVICE_GRACE: Final = 25.0
"""Seconds for services to end: what they have in hand may take 15."""
LOOK_EVERY: Final = 0.2


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers listen. OpenSearch's is at most 9299."""

    nats: int = 4222
    nats_monitor: int = 8222
    opensearch: int = 9200
    intake: int = 8090


@contextmanager
def embedded_run(
    folder: Path, where: Ports, say: Say, progress: jars.Progress, *, render: bool = False
) -> Generator["Run", None, None]:
    """Everything up and ready; stopped at the end, whatever ends it. From the main thread only.

    SIGTERM and SIGHUP act as Ctrl-C does: KeyboardInterrupt.

    Raises:
        LocalError: something a run needs is missing or does not start; says what and what to do.
    """
    with _signals(_interrupt), home.hold(folder):
        home.check_version(folder)
        home.check_disk(folder)
        for process in end_leftovers(folder):
            say(f"ended {process.name} (pid {process.pid}), which an earlier run left behind")
        _check_ports(where)
        run = Run(folder, where, jars.ensure(home.jars_folder(), progress), say, render=render)
        try:
            run.start()
            yield run
        finally:
            with _signals(signal.SIG_IGN):  # a second Ctrl-C must not leave half of it running
                run.stop()
            (folder / "run.json").unlink(missing_ok=True)


class Run:
    """A run's processes."""

    def __init__(self, folder: Path, where: Ports, files: list[Path], say: Say, *, render: bool = False) -> None:
        self._folder, self._say = folder, say
        self._logs = folder / "logs"
        self._started_at = datetime.now(UTC)
        self._nats = NatsServer(folder / "nats", where.nats, where.nats_monitor, self._logs)
        self._opensearch = OpenSearch(folder / "opensearch", where.opensearch, files, logs=self._logs)
        self._wanted = (*SERVICES, RENDER) if render else SERVICES
        self._services: dict[str, int] = {}
        self._intake = where.intake
        self._supervisor = Supervisor(say, self._write_state)

    @property
    def state(self) -> RunState:
        """What runs where, now."""
        return RunState(
            pid=os.getpid(),
            started_at=self._started_at,
            nats_url=self._nats.url,
            nats_monitor_url=f"http://{HOST}:{self._nats.monitor_port}",
            opensearch_url=self._opensearch.url,
            intake_url=f"http://{HOST}:{self._intake}",
            logs=self._logs,
            processes=tuple(self._process(member.child) for member in self._supervisor.members if member.child.pid),
        )

    def start(self) -> None:
        """Start all in order, each once the one before is ready.

        Raises:
            LocalError: one does not start.
        """
        for server in (self._nats, self._opensearch):
            self._timed(partial(self._supervisor.add, Member(server.child, server.start)), server.child.name)
        self._timed(self._provision, "streams, consumers and indices")
        for name in self._wanted:
            self._add_service(name)
        for name in self._wanted:
            self._timed(partial(self._await_ready, name), name)

    def tend(self, until: Callable[[], bool]) -> None:
        """Keep all running until `until()`; looked at five times a second."""
        while not until():
            self._supervisor.tend()
            sleep(LOOK_EVERY)

    def stop(self) -> None:
        """Services first, then OpenSearch, then NATS: nothing loses what it works on."""
        services = [member.child for member in self._supervisor.members if member.name in self._wanted]
        stop_together(services, SERVICE_GRACE)
        self._opensearch.stop()
        self._nats.stop()

    def _timed(self, action: Callable[[], None], name: str) -> None:
        start = monotonic()
        action()
        self._say(f"{name} ready ({monotonic() - start:.1f} s)")

    def _provision(self) -> None:
        child = Child("provisioning", self._logs / "provision.log")
        # A part of the whole disk, not of what is free now: the limit must not change from run to run.
        store = min(16 * GB, shutil.disk_usage(self._folder).total // 4)
        room = {"NEWSWIRE_STORE_BYTES": str(store)}
        child.start([sys.executable, "-m", "deploy.provision"], self._environment() | room)
        child.join(PROVISION_SECONDS)
        if child.exit_code != 0:
            refused = [line for line in tail(child.log).splitlines() if line.startswith("REFUSED")]
            raise LocalError(f"provisioning failed: {'; '.join(refused) or child.last_words()} (log: {child.log})")

    def _add_service(self, name: str) -> None:
        port = self._services[name] = ports.free()
        own = {
            "NEWSWIRE_HTTP_PORT": str(port),
            "NEWSWIRE_HEARTBEAT_FILE": str(self._folder / f"{name}.heartbeat"),
            "NEWSWIRE_INTAKE_PORT": str(self._intake),
        }
        child = Child(name, self._logs / f"{name}.log")
        command = [sys.executable, "-m", f"services.{name}"]
        self._supervisor.add(Member(child, lambda: child.start(command, self._environment() | own)))

    def _await_ready(self, name: str) -> None:
        child = next(member.child for member in self._supervisor.members if member.name == name)
        child.await_ready(lambda: self._is_ready(name), READY_SECONDS, child.last_words)

    def _is_ready(self, name: str) -> bool:
        answer = ask(self._services[name], "/readyz")
        return answer is not None and answer[0] == 200  # noqa: PLR2004 - HTTP OK

    def _environment(self) -> dict[str, str]:
        return os.environ | {"NEWSWIRE_NATS_URL": self._nats.url, "NEWSWIRE_OPENSEARCH_URL": self._opensearch.url}

    def _process(self, child: Child) -> Process:
        port = self._services.get(child.name)
        url = f"http://{HOST}:{port}" if port else None
        return Process(name=child.name, pid=child.pid or 0, command=" ".join(child.command), url=url)

    def _write_state(self) -> None:
        self.state.write(self._folder)


def _check_ports(where: Ports) -> None:
    for port in (where.nats, where.nats_monitor):
        ports.require_free(port, "nats-server")
    ports.require_free(where.opensearch, "OpenSearch")
    ports.require_free(where.intake, "the intake")


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def _signals(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> Generator[None, None, None]:
    """Handle what asks a run to end by `handler`, inside."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [(number, signal.signal(number, handler)) for number in numbers]
    try:
        yield
    finally:
        for number, previous in before:
            signal.signal(number, previous)
