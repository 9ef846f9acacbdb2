"""What people meet: secrets of another version, a port that is taken; and what they are told."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.compose.conftest import Deployment


@pytest.fixture
def another(deployment: Deployment, tmp_path: Path) -> Iterator[Deployment]:
    """One more deployment by the same images, with nothing in it but its secrets."""
    it = Deployment(f"{deployment.project}-errors", tmp_path, numbers=dict(deployment.numbers))
    it.compose("up", "--no-build", "secrets")
    yield it
    it.compose("down", "--volumes", "--timeout", "5", check=False)


def test_secrets_of_a_newer_version_stop_the_start_with_a_sentence(another: Deployment) -> None:
    change = "rm -f /secrets/ca/VERSION && echo 99 > /secrets/ca/VERSION"
    another.compose("run", "--rm", "-T", "--entrypoint", "sh", "secrets", "-c", change)
    another.compose("up", "--wait", "--no-build", "nats", check=False)
    logs = another.compose("logs", "--no-log-prefix", "secrets")
    assert "written by a newer Newswire (data version 99; this one knows 1); run that one" in logs
    said = another.newswire("doctor", "--docker")
    assert said.returncode == 1
    assert "secrets is exited (1), its log says: newswire: secrets: the volumes of this deployment" in said.stdout
    assert "nats was not started: what it waits for is not well" in said.stdout


def test_a_port_in_use_is_named_with_the_variable_that_changes_it(another: Deployment) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        another.numbers["NATS"] = port = taken.getsockname()[1]
        up = another.compose("up", "--wait", "--no-build", "nats", check=False)
        said = another.newswire("doctor", "--docker")
    assert "Healthy" not in up
    assert said.returncode == 1
    assert f"port {port} (NATS) is in use" in said.stdout
    assert f"`NEWSWIRE_NATS_PORT={port + 10_000} docker compose up --wait`" in said.stdout
