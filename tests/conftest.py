"""Real servers for whoever asks for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.containers import Containers
from tests.servers import Server, provider

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
"""Examples are not timed: machines differ, and one may be busy."""


def pytest_configure(config: pytest.Config) -> None:
    """Docker's proxy accepts connections for a server that is away, and nats-py leaves those open."""
    if isinstance(provider(), Containers):
        config.addinivalue_line("filterwarnings", "ignore::ResourceWarning")


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[Server]:
    """A real nats-server of this test alone, empty: `.url`, and start, stop, kill, pause, resume."""
    with provider().nats(tmp_path / "nats") as server:
        yield server


@pytest.fixture
def nats_url(nats_server: Server) -> str:
    """Its URL."""
    return nats_server.url


@pytest.fixture(scope="session")
def opensearch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real OpenSearch for the whole run; whoever stops or hangs it starts or resumes it again."""
    with provider().opensearch(tmp_path_factory.mktemp("opensearch")) as server:
        yield server


@pytest.fixture(scope="session")
def opensearch_url(opensearch_server: Server) -> str:
    """Its URL. Tests share the node: use index names of your own and remove what you make."""
    return opensearch_server.url
