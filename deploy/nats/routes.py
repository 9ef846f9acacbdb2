"""The routes between the nodes of a NATS cluster, with the password that they show each other. Pure."""

import json
from typing import Final

NODES: Final = tuple(f"nats-{number}.nats-nodes" for number in range(3))
"""Hosts, as a StatefulSet of Kubernetes names them (deploy/kubernetes)."""
PORT: Final = 6222
_USER: Final = "route"


def config(password: str) -> str:
    """What belongs into a node's `cluster` block. The password stands in URLs: it has no characters of theirs."""
    routes = json.dumps([f"nats://{_USER}:{password}@{host}:{PORT}" for host in NODES])
    return f'authorization {{ user: {_USER}, password: "{password}" }}\nroutes: {routes}\n'
