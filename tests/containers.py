"""The same servers as containers, for NEWSWIRE_TEST_SERVERS=containers."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.local import nats as local_nats
from deploy.local import opensearch as local_opensearch
from deploy.local import ports
from deploy.local.http import ask

# Containers end with their fixture; the reaper would be one more image to have.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")

NATS_IMAGE: Final = "nats:2.15.1-alpine"
OPENSEARCH_IMAGE: Final = "opensearchproject/opensearch:3.8.0"
HEALTHY_WITHIN: Final = 120.0


def require_docker() -> None:
    """Skip where there is no Docker; in CI that is a failure."""
    if why := _why_not():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)


@cache
def _why_not() -> str | None:
    """Why Docker cannot be used; None when it can."""
    try:
        done = subprocess.run(["docker", "info"], capture_output=True, text=True, timeout=20, check=False)
        compose = subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"no Docker here: {error}"
    if done.returncode or compose.returncode:
        return "no Docker here: `docker info` and `docker compose version` must work"
    return None


class Container:
    """One server in a container, on a port of this machine that stays its own through restarts."""

    def __init__(self, container: Any, url: str, port: int, health: str) -> None:
        self._made, self.url, self._port, self._health = container, url, port, health
        self._made.start()
        self._await_healthy()

    @property
    def _docker(self) -> Any:
        return self._made.get_wrapped_container()

    def start(self) -> None:
        self._docker.start()
        self._await_healthy()

    def stop(self) -> None:
        self._docker.stop(timeout=20)

    def kill(self) -> None:
        self._docker.kill()

    def end(self, way: signal.Signals) -> None:
        """End it by a signal; returns once it is gone."""
        self._docker.kill(way.name)
        self._docker.wait(timeout=30)

    def pause(self) -> None:
        self._docker.pause()

    def resume(self) -> None:
        self._docker.unpause()

    def _await_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_WITHIN
        while (answer := ask(self._port, self._health)) is None or answer[0] != 200:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.url} is not healthy:\n{self._docker.logs(tail=30).decode()}")
            time.sleep(0.2)


class Containers:
    """The images of docker-compose.yml, without users and TLS: those have tests of their own."""

    @contextmanager
    def nats(self, directory: Path) -> Iterator[Container]:
        port, monitor = ports.free(), ports.free()
        text = local_nats.config(directory, 4222, 8222).replace(f'"{directory.resolve() / "jetstream"}"', '"/tmp/data"')
        path = _written(directory / "nats.conf", text.replace("127.0.0.1", "0.0.0.0"))
        made = _container(NATS_IMAGE, {4222: port, 8222: monitor}).with_command("--config /nats.conf")
        made.with_volume_mapping(str(path), "/nats.conf", "ro")
        yield from _running(made, f"nats://127.0.0.1:{port}", monitor, "/healthz?js-enabled-only=true")

    @contextmanager
    def opensearch(self, directory: Path) -> Iterator[Container]:
        port = ports.free()
        text = local_opensearch.CONFIG.format(host="0.0.0.0", repository='"/tmp/snapshots"')
        path = _written(directory / "opensearch.yml", text)
        made = _container(OPENSEARCH_IMAGE, {9200: port})
        made.with_env("discovery.type", "single-node").with_env("DISABLE_SECURITY_PLUGIN", "true")
        made.with_env("OPENSEARCH_JAVA_OPTS", "-Xms512m -Xmx1g")
        made.with_volume_mapping(str(path), "/usr/share/opensearch/config/opensearch.yml", "ro")
        yield from _running(made, f"http://127.0.0.1:{port}", port, "/_cluster/health?timeout=1s")


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o644)  # the servers run as other users
    return path.resolve()


def _container(image: str, numbers: dict[int, int]) -> Any:
    require_docker()
    from testcontainers.core.container import DockerContainer  # only here: it warns and connects when imported

    made = DockerContainer(image)
    for inside, outside in numbers.items():
        made.with_bind_ports(inside, outside)
    return made


def _running(made: Any, url: str, port: int, health: str) -> Iterator[Container]:
    try:
        yield Container(made, url, port, health)
    finally:
        made.stop(force=True, delete_volume=True)
