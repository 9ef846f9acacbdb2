"""The whole deployment from docker-compose.yml, under a name and ports of its own, gone without a trace afterwards."""

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from deploy.local import ports
from deploy.local.home import jars_folder
from shared import opensearch
from shared.indices import ARTICLES_ALIAS, ARTICLES_PATTERN
from shared.settings import Settings
from shared.subjects import EPOCH_KEY
from tests.containers import require_docker

ROOT = Path(__file__).parents[3]
SERVICES = ("fetch", "parse", "enrich", "index", "keeper", "intake")
SERVERS = ("nats", "opensearch", "dashboards")
PUBLISHERS = "publisher=* narrow=one-source,another"
NATS_COMMAND = "github.com/nats-io/natscli/nats@v0.3.0"
FIRST_OF_ALL = 1_500
"""Seconds; images are built in less than 900 of them, or that says so itself."""
CRASHES = Path(__file__).with_name("crashes.yml")


@dataclass
class Deployment:
    """A running `docker compose up`. `folder`: what `newswire creds --save` wrote."""

    project: str
    folder: Path
    numbers: dict[str, int]
    healthy_after: float = 0.0
    """Seconds from `up`, with all images built and nothing else there, until all was healthy."""

    @property
    def env(self) -> dict[str, str]:
        ours = {f"NEWSWIRE_{name}_PORT": str(number) for name, number in self.numbers.items()}
        named = {"COMPOSE_PROJECT_NAME": self.project, "NEWSWIRE_VERSION": "e2e", "NEWSWIRE_PUBLISHERS": PUBLISHERS}
        return os.environ | ours | named

    def compose(self, *words: str, seconds: float = 300, check: bool = True) -> str:
        """What `docker compose` prints; fails with all it said."""
        done = subprocess.run(
            ["docker", "compose", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0 or not check, f"docker compose {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def newswire(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command outside of the containers."""
        command = [str(ROOT / ".venv/bin/newswire"), *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=False)

    def up(self, *words: str) -> None:
        self.compose("up", "--wait", "--wait-timeout", "280", *words)

    def ctl(self, *words: str) -> str:
        """The command inside the deployment."""
        return self.compose("run", "--rm", "-T", "ctl", *words)

    def python(self, service: str, program: str) -> str:
        """What a Python program prints in a service's container."""
        interpreter = "python3" if service in SERVERS else "python"
        return self.compose("exec", "-T", service, interpreter, "-c", program, check=False)

    def crash(self, service: str) -> None:
        """SIGKILL the service inside its container, as the kernel would: `docker kill` would keep it down."""
        before = self.inspect(service)["RestartCount"]
        others = "(int(p) for p in os.listdir('/proc') if p.isdigit() and p not in ('1', str(os.getpid())))"
        me = f"import os\nfor each in {others}: os.kill(each, 9)"
        self.python(service, me)
        deadline = time.monotonic() + 60
        while self.inspect(service)["RestartCount"] == before:
            assert time.monotonic() < deadline, f"{service} was not ended and started anew"
            time.sleep(0.2)

    def inspect(self, service: str) -> dict[str, Any]:
        (number,) = self.compose("ps", "-aq", service).split()
        done = subprocess.run(["docker", "inspect", number], capture_output=True, text=True, check=True)
        described: dict[str, Any] = json.loads(done.stdout)[0]
        return described

    def secret(self, path: str) -> str:
        """What a file of secrets holds."""
        return self.compose("run", "--rm", "-T", "--entrypoint", "cat", "secrets", f"/secrets/{path}")

    def settings(self, user: str = "reader") -> Settings:
        """Settings of somebody outside of the containers; of a service, by its password."""
        file = self.folder / f"{user}.password"
        if not file.exists():
            own = "provision/importer.password" if user == "importer" else f"{user}/opensearch.password"
            file.write_text(self.secret(own))
        return Settings(
            nats_url=f"nats://127.0.0.1:{self.numbers['NATS']}",
            opensearch_url=f"https://127.0.0.1:{self.numbers['OPENSEARCH']}",
            opensearch_user=user,
            opensearch_password_file=file,
            opensearch_ca_file=self.folder / "ca.pem",
        )

    @asynccontextmanager
    async def nats(self, user: str = "ctl") -> AsyncIterator[Client]:
        async def unheard(_: Exception) -> None: ...

        client = await nats.connect(
            self.settings().nats_url,
            nkeys_seed=str(self.folder / f"{user}.nk"), inbox_prefix=f"_INBOX_{user}".encode(),
            error_cb=unheard, max_reconnect_attempts=-1, reconnect_time_wait=0.5,
        )  # fmt: skip
        try:
            yield client
        finally:
            await client.close()

    async def ask(self, method: str, path: str, body: Any = None, user: str = "reader") -> Any:
        client = opensearch.connect_as(self.settings(user))
        try:
            return await opensearch.ask(client, method, path, body)
        finally:
            await client.close()

    async def articles(self, source: str) -> list[dict[str, Any]]:
        """The documents of a source, as a reader sees them."""
        await self.ask("POST", f"/{ARTICLES_PATTERN}/_refresh", user="operator")
        query = {"size": 5_000, "query": {"term": {"source": source}}}
        return [hit["_source"] for hit in (await self.ask("POST", f"/{ARTICLES_ALIAS}/_search", query))["hits"]["hits"]]

    async def until(self, source: str, count: int, seconds: float = 60) -> list[dict[str, Any]]:
        """The documents of a source once there are `count`."""
        async with asyncio.timeout(seconds):
            while len(found := await self.articles(source)) < count:
                await asyncio.sleep(0.3)
        return found


async def settled(js: JetStreamContext, seconds: float = 240) -> None:
    """Wait until no stage has anything pending or in hand."""
    async with asyncio.timeout(seconds):
        for stream, durable in (("JOBS", "fetch"), ("RAW", "parse"), ("PARSED", "enrich"), ("ENRICHED", "index")):
            while True:
                with suppress(nats.errors.Error, TimeoutError):
                    info = await js.consumer_info(stream, durable)
                    if not info.num_pending and not info.num_ack_pending:
                        break
                await asyncio.sleep(0.3)


async def outcomes(js: JetStreamContext, source: str) -> Counter[str]:
    """How many outcomes the streams hold for each origin of a source."""
    counts: Counter[str] = Counter()
    for stream, ours in (("EVENTS", ("news.indexed.", "news.skipped.")), ("DLQ", ("dlq.",))):
        state = (await js.stream_info(stream)).state
        for sequence in range(max(1, state.first_seq), state.last_seq + 1):
            with suppress(nats.js.errors.NotFoundError):
                message = await js.get_msg(stream, sequence)
                subject = message.subject or ""
                if subject.startswith(ours) and subject.endswith(f".{source}"):
                    counts[(message.headers or {})["Newswire-Origin"]] += 1
    return counts


async def epoch(js: JetStreamContext) -> int:
    return int(((await js.stream_info("RAW")).config.metadata or {})[EPOCH_KEY])


FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Keeps a measured figure for the end of the run: a bar that a busy machine misses is told, and fails nothing."""
    return pytestconfig.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures, for a person."""
    for each in config.stash.get(FIGURES, []):
        terminalreporter.write_line(f"measured: {each}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first waits for images to be built and for all to be healthy."""
    for item in items:
        if "deployment" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(FIRST_OF_ALL))


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Everything up and healthy, from nothing."""
    require_docker()
    folder = tmp_path_factory.mktemp("creds") / "saved"
    numbers = {name: ports.free() for name in ("NATS", "INTAKE", "OPENSEARCH", "DASHBOARDS")}
    it = Deployment(f"newswire-e2e-{os.getpid()}", folder, numbers)
    try:
        it.compose("build", seconds=900)
        begun = time.monotonic()
        it.up()
        it.healthy_after = time.monotonic() - begun
        save(it)
        yield it
    finally:
        logs = it.compose("logs", "--no-color", check=False)
        (folder.parent / "compose.log").write_text(logs)
        it.compose("down", "--volumes", "--remove-orphans", "--timeout", "10", check=False)


@pytest.fixture(scope="session")
def nats_command() -> Path:
    """The real `nats` command: this machine's, else built by its Go."""
    if found := shutil.which("nats"):
        return Path(found)
    go = shutil.which("go")
    if not go:
        pytest.skip("no nats command here, and no Go to build it")
    place = jars_folder().parent / "bin"
    if not (place / "nats").exists():
        subprocess.run([go, "install", NATS_COMMAND], env=os.environ | {"GOBIN": str(place)}, check=True, timeout=600)
    return place / "nats"


def save(it: Deployment) -> None:
    """`newswire creds --save`, from outside as a user does it."""
    done = it.newswire("creds", "--save", str(it.folder))
    assert done.returncode == 0, done.stderr
