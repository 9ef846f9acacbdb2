"""What a container cannot do: write to its image, reach other networks, become anybody else."""

import json
import socket

import pytest

from shared import opensearch
from shared.errors import DependencyDown
from tests.e2e.compose.conftest import SERVERS, SERVICES, Deployment

REACH = """
import concurrent.futures, json, socket
def reach(place):
    try:
        socket.create_connection(place, 3).close()
        return True
    except OSError:
        return False
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(json.dumps(list(pool.map(reach, {places}))))
"""
WRITE = """
import os
for place in ("/app/x", "/secrets/own/x", "/etc/x", "/x"):
    try:
        open(place, "w")
        print("wrote", place)
    except OSError:
        pass
print(os.getuid(), open("/proc/self/status").read().split("CapEff:")[1].split()[0])
"""
INSIDE = {
    "nats": ("nats", 4222),
    "opensearch": ("opensearch", 9200),
    "monitor": ("nats", 8222),
    "look": ("dashboards", 5601),
}
REACHED = {
    "fetch": {"nats"},
    "parse": {"nats"},
    "enrich": {"nats"},
    "index": {"nats", "opensearch", "look"},
    "keeper": {"nats", "opensearch", "look"},
    "intake": {"nats"},
    "dashboards": {"opensearch", "look"},
}


@pytest.mark.parametrize("service", [*SERVICES, *SERVERS])
def test_each_container_is_hardened(deployment: Deployment, service: str) -> None:
    described = deployment.inspect(service)
    host = described["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["PidsLimit"] > 0
    assert host["Memory"] > 0
    assert host["NanoCpus"] > 0
    assert host["Init"]
    assert host["LogConfig"]["Config"]["max-size"]
    assert described["Config"]["User"] not in {"", "0", "root"}
    published = [each["HostIp"] for listed in (host["PortBindings"] or {}).values() for each in listed]
    assert set(published) <= {"127.0.0.1"}
    assert described["Config"].get("StopTimeout") == 30


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_nowhere_and_may_nothing(deployment: Deployment, service: str) -> None:
    assert deployment.python(service, WRITE).split() == ["65532", "0" * 16]


@pytest.mark.parametrize("service", REACHED)
def test_a_container_reaches_what_it_needs_and_nothing_else(deployment: Deployment, service: str) -> None:
    program = REACH.format(places=list(INSIDE.values()))
    found = dict(zip(INSIDE, json.loads(deployment.python(service, program)), strict=True))
    assert {name for name, reached in found.items() if reached} == REACHED[service]


def test_only_fetch_has_a_way_out(deployment: Deployment) -> None:
    place = _outside()
    if place is None:
        pytest.skip("nothing outside of this machine can be reached")
    found = {
        each: json.loads(deployment.python(each, REACH.format(places=[place])))[0] for each in (*SERVICES, *SERVERS)
    }
    assert {service for service, reached in found.items() if reached} == {"fetch"}


def _outside() -> tuple[str, int] | None:
    """Something on the internet, by its address: names are not resolved on the inside."""
    for host in ("pypi.org", "registry-1.docker.io"):
        try:
            address = socket.getaddrinfo(host, 443, socket.AF_INET)[0][4]
            socket.create_connection((str(address[0]), 443), 3).close()
        except OSError:
            continue
        return str(address[0]), 443
    return None


async def test_nobody_gets_in_without_a_password(deployment: Deployment) -> None:
    settings = deployment.settings()
    for secured in ({}, {"http_auth": ("admin", "admin")}, {"http_auth": ("reader", "wrong")}):
        client = opensearch.connect(settings.opensearch_url, ca_certs=str(settings.opensearch_ca_file), **secured)
        try:
            with pytest.raises(DependencyDown, match="401"):
                await opensearch.ask(client, "GET", "/news/_search")
        finally:
            await client.close()
