"""Three real nats-servers as one cluster, with the configuration and the secrets of deploy/kubernetes."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import nats
import nats.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local import ports
from deploy.local.http import ask
from deploy.local.nats import binary
from deploy.local.process import Child, ServerProcess
from deploy.nats.routes import NODES
from deploy.secrets.make import make

MANIFEST = Path(__file__).parents[3] / "deploy" / "kubernetes" / "base" / "nats.conf"


class Node(ServerProcess):
    """One server, on loopback. `name`: what the others call it."""

    grace = 10.0

    def __init__(self, name: str, folder: Path, numbers: dict[str, dict[str, int]]) -> None:
        self.name, self._folder, self._own = name, folder, numbers[name]
        self.url = f"nats://127.0.0.1:{self._own['client']}"
        self.child = Child(f"nats {name}", folder / "nats-server.log")
        self._write(numbers)

    def _write(self, numbers: dict[str, dict[str, int]]) -> None:
        """The files of the pod, with this machine's ports for those that every pod has to itself."""
        own = self._folder / "nats" / "own"
        text = (own / "nats.conf").read_text().replace('"/data"', f'"{self._folder / "streams"}"')
        text = text.replace("port: 4222", f'listen: "127.0.0.1:{self._own["client"]}"')
        routes = (own / "routes.conf").read_text()
        for name, each in numbers.items():
            routes = routes.replace(f"{name}.nats-nodes:6222", f"127.0.0.1:{each['route']}")
        for path, content in ((own / "nats.conf", text), (own / "routes.conf", routes)):
            path.chmod(0o600)
            path.write_text(content)
        manifest = MANIFEST.read_text().replace("0.0.0.0:8222", f"127.0.0.1:{self._own['monitor']}")
        manifest = manifest.replace("port: 6222", f'listen: "127.0.0.1:{self._own["route"]}"')
        (self._folder / "nats-cluster").mkdir()
        (self._folder / "nats-cluster" / "nats.conf").write_text(manifest)

    def start(self) -> None:
        config = self._folder / "nats-cluster" / "nats.conf"
        self.child.start([binary(), "-c", str(config)], env={"POD_NAME": self.name})

    @property
    def monitor(self) -> int:
        """The port of its monitoring."""
        return self._own["monitor"]

    def impostor(self, folder: Path) -> "Node":
        """A server that would be a node of this one's cluster, and does not know the password."""
        copytree(self._folder / "nats", folder / "nats")
        numbers = {"stranger": {role: ports.free() for role in ("client", "monitor", "route")}}
        stranger = Node("stranger", folder, numbers)
        file = folder / "nats" / "own" / "routes.conf"
        file.write_text(re.sub(r"route:[^@]+@", "route:guessed@", file.read_text()))
        for path in (file, folder / "nats" / "own" / "nats.conf"):
            mended = path.read_text().replace(str(self._own["client"]), str(numbers["stranger"]["client"]))
            path.write_text(mended.replace(str(self._folder / "streams"), str(folder / "streams")))
        return stranger

    def healthy(self) -> bool:
        """Whether it knows who leads the cluster: before that, nobody answers for JetStream."""
        answer = ask(self._own["monitor"], "/healthz?js-meta-only=true")
        return answer is not None and answer[0] == 200


@dataclass
class Cluster:
    """All nodes. `root`: the folder of the users' secrets."""

    nodes: dict[str, Node]
    root: Path

    async def await_ready(self, seconds: float = 60) -> None:
        """Wait until every node is."""
        async with asyncio.timeout(seconds):
            while not all(node.healthy() for node in self.nodes.values()):
                await asyncio.sleep(0.1)

    def seed(self, user: str) -> Path:
        return self.root / ("operator" if user == "ctl" else user) / "nats.nk"

    @asynccontextmanager
    async def client(self, user: str) -> AsyncIterator[Client]:
        """A connection to any node that is up."""

        async def quiet(_: Exception) -> None: ...

        options: dict[str, Any] = {"max_reconnect_attempts": -1, "reconnect_time_wait": 0.1, "error_cb": quiet}
        urls = [node.url for node in self.nodes.values()]
        inbox = f"_INBOX_{user}".encode()
        client = await nats.connect(urls, nkeys_seed=str(self.seed(user)), inbox_prefix=inbox, **options)
        try:
            yield client
        finally:
            await client.close()


def build(directory: Path) -> Cluster:
    """A cluster that was not started."""
    root = directory / "secrets"
    make(root, {}, datetime.now(UTC))
    names = [re.sub(r"\..*", "", host) for host in NODES]
    numbers = {name: {role: ports.free() for role in ("client", "monitor", "route")} for name in names}
    nodes = {}
    for name in names:
        copytree(root / "nats", directory / name / "nats" / "own")
        nodes[name] = Node(name, directory / name, numbers)
    return Cluster(nodes, root)


async def leader(js: JetStreamContext, stream: str, *, other_than: str = "", seconds: float = 30) -> str:
    """The node that leads a stream, once one does."""
    async with asyncio.timeout(seconds):
        while True:
            with suppress(nats.errors.Error, TimeoutError, nats.js.errors.Error):
                cluster = (await js.stream_info(stream)).cluster
                if cluster and cluster.leader and cluster.leader != other_than:
                    return cluster.leader
            await asyncio.sleep(0.1)
