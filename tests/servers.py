"""Real servers for tests, by the name in NEWSWIRE_TEST_SERVERS. `embedded`: child processes of the test run.

`containers`: the images of docker-compose.yml. Another provider is one more class with two methods.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from deploy.local import jars, ports
from deploy.local.errors import LocalError
from deploy.local.home import jars_folder
from deploy.local.nats import NatsServer
from deploy.local.opensearch import HIGHEST_PORT, OpenSearch
from tests.containers import Container, Containers

STARTS = 3


class Server(Protocol):
    """A server that tests can stop, crash and hang. A restart keeps its data and its URL."""

    url: str

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...


class Provider(Protocol):
    """What hands out servers, started, and takes them away at the end."""

    @contextmanager
    def nats(self, directory: Path) -> Iterator[Server]: ...

    @contextmanager
    def opensearch(self, directory: Path) -> Iterator[Server]: ...


class Embedded:
    """The servers of `newswire up`."""

    @contextmanager
    def nats(self, directory: Path) -> Iterator[Server]:
        yield from _run([NatsServer(directory, ports.free(), ports.free()) for _ in range(STARTS)])

    @contextmanager
    def opensearch(self, directory: Path) -> Iterator[Server]:
        files = jars.ensure(jars_folder())
        # From the process id: several test runs on one machine try different ports first.
        first = os.getpid() % 89
        numbers = (9201 + (first + shift) % (HIGHEST_PORT - 9200) for shift in range(HIGHEST_PORT - 9200))
        free = [port for port in numbers if not ports.in_use(port)]
        yield from _run([OpenSearch(directory, port, files) for port in free[:STARTS]])


S = TypeVar("S", NatsServer, OpenSearch)


def _run(candidates: list[S]) -> Iterator[S]:
    """The first candidate that starts: a port that was free may be taken a moment later."""
    for server in candidates[:-1]:
        try:
            server.start()
        except LocalError:
            server.stop()
        else:
            break
    else:
        server = candidates[-1]
        server.start()
    try:
        yield server
    finally:
        server.stop()


def end(server: Server, way: signal.Signals) -> None:
    """End a server by a signal; returns once it is gone."""
    if isinstance(server, NatsServer | OpenSearch):
        server.child.signal(way)
        server.child.join(30)
    elif isinstance(server, Container):
        server.end(way)


PROVIDERS: dict[str, type[Provider]] = {"embedded": Embedded, "containers": Containers}


def provider() -> Provider:
    name = os.environ.get("NEWSWIRE_TEST_SERVERS", "embedded")
    if name not in PROVIDERS:
        raise RuntimeError(f"NEWSWIRE_TEST_SERVERS={name}: there are {', '.join(PROVIDERS)}")
    return PROVIDERS[name]()
