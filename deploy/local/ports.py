"""Which ports are taken, by whom, and which are free."""

import socket
from typing import Final

from deploy.local.errors import LocalError
from deploy.local.http import HOST, ask

OWNERS: Final = {
    4222: "another nats-server",
    8222: "another nats-server",
    9200: "another OpenSearch or Elasticsearch",
}


def in_use(port: int) -> bool:
    """Whether something listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def owner(port: int) -> str:
    """Who probably listens on a port that is in use, in words."""
    answer = ask(port, "/", timeout=1.0)
    if answer and '"cluster_name"' in answer[1]:
        return "an OpenSearch or Elasticsearch"
    if answer and "nats" in answer[1].lower():
        return "a nats-server"
    return OWNERS.get(port, "another program")


def free() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def require_free(port: int, wanted_by: str) -> None:
    """Refuse a port that is in use.

    Raises:
        LocalError: names the port, who wants it and who probably has it.
    """
    if in_use(port):
        raise LocalError(
            f"port {port}, which {wanted_by} needs, is in use by {owner(port)}. Stop that one, or choose other ports "
            "(`newswire up --help`)."
        )
