"""The manifests are valid and say what docker-compose.yml says: services, images, secrets, limits, who reaches whom."""

import ipaddress
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bcrypt
import kubernetes_validate
import pytest
import yaml

from deploy.nats.routes import NODES, PORT
from deploy.nats.users import ACCOUNT
from deploy.provision import ProvisionSettings
from deploy.secrets.make import make
from services.fetch.settings import FetchSettings
from services.intake.settings import IntakeSettings
from services.parse.settings import ParseSettings
from shared.guard import WEB_PORTS, is_public
from shared.settings import Settings
from shared.subjects import STAGES
from tests.unit.deploy import manifests
from tests.unit.deploy.manifests import Json

VERSION = "1.33"
FROM_OUTSIDE = {"secrets", "ctl", "dashboards-imported"}
"""Run by whoever deploys, on their own machine; the last one never runs."""
OPTIONAL = {"render"}
"""Off by default, in a folder of its own."""
SETTINGS: dict[str, type[Settings]] = {
    "fetch": FetchSettings, "parse": ParseSettings, "intake": IntakeSettings, "provision": ProvisionSettings,
    "dashboards-import": ProvisionSettings,
}  # fmt: skip
JOBS = ("provision", "dashboards-import")
SERVICES = [*STAGES, "keeper", "intake"]
OURS = [*SERVICES, *JOBS]
COMPOSE = manifests.compose()["services"]
WORKLOADS = manifests.workloads()


def rendered(folder: str) -> list[Json]:
    """What `kubectl apply -k` would send."""
    if not shutil.which("kubectl"):
        pytest.skip("no kubectl here")
    done = subprocess.run(
        ["kubectl", "kustomize", manifests.KUBERNETES / folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def assert_valid(listed: list[Json]) -> None:
    for each in listed:
        if "k8s.io" in each["apiVersion"] or "." not in each["apiVersion"].split("/")[0]:
            kubernetes_validate.validate(each, VERSION, strict=True)


def test_every_resource_fits_the_schemas_of_kubernetes() -> None:
    listed = manifests.resources("base")
    assert len(listed) > 25
    assert_valid(listed)


def test_a_wrong_field_would_be_found() -> None:
    wrong = {**WORKLOADS["fetch"], "spec": {**WORKLOADS["fetch"]["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        assert_valid([wrong])


@pytest.mark.parametrize("folder", ["base", "autoscaled"])
def test_kustomize_takes_them(folder: str) -> None:
    listed = rendered(folder)
    assert_valid(listed)
    assert {each["metadata"].get("namespace") for each in listed if each["kind"] != "Namespace"} == {"newswire"}
    base = {(each["kind"], each["metadata"]["name"]) for each in manifests.resources("base")}
    assert base < {(each["kind"], each["metadata"]["name"]) for each in listed}
    kept = {each["metadata"]["name"]: "replicas" in each["spec"] for each in listed if each["kind"] == "Deployment"}
    assert {name for name, fixed in kept.items() if not fixed} == (set(STAGES) if folder == "autoscaled" else set())


def test_every_service_of_compose_is_there_with_its_image() -> None:
    assert set(WORKLOADS) == set(COMPOSE) - FROM_OUTSIDE - OPTIONAL
    for name, workload in WORKLOADS.items():
        wanted = COMPOSE[name]["image"].replace(":${NEWSWIRE_VERSION:-local}", "")
        assert {each["image"] for each in manifests.containers(workload)} == {wanted}


@pytest.mark.parametrize("name", OURS)
def test_each_setting_exists_and_is_the_one_of_compose(name: str) -> None:
    given = manifests.environment(WORKLOADS[name])
    known = {f"NEWSWIRE_{field.upper()}" for field in SETTINGS.get(name, Settings).model_fields}
    assert set(given) <= known
    of_compose = COMPOSE[name]["environment"]
    own = {"NEWSWIRE_HTTP_HOST", "NEWSWIRE_STREAM_REPLICAS", "NEWSWIRE_INDEX_REPLICAS", "NEWSWIRE_LOG_LEVEL"}
    same = {key: value for key, value in given.items() if key not in own}
    unneeded = {"NEWSWIRE_LOG_LEVEL", "NEWSWIRE_ENRICH_STEPS"} | ({"NEWSWIRE_HTTP_PORT"} if name in JOBS else set())
    assert same == {key: value for key, value in of_compose.items() if key not in unneeded}


def test_three_nodes_of_each_and_copies_that_outlive_one() -> None:
    given = manifests.environment(WORKLOADS["provision"])
    assert WORKLOADS["nats"]["spec"]["replicas"] == int(given["NEWSWIRE_STREAM_REPLICAS"]) == 3
    assert WORKLOADS["opensearch"]["spec"]["replicas"] > int(given["NEWSWIRE_INDEX_REPLICAS"]) >= 1
    services = manifests.named(manifests.resources("base"), "Service")
    headless = services[WORKLOADS["nats"]["spec"]["serviceName"]]
    assert headless["spec"]["clusterIP"] == "None"
    assert [f"nats-{number}.{headless['metadata']['name']}" for number in range(3)] == list(NODES)
    assert {each["port"] for each in headless["spec"]["ports"]} == {4222, PORT, 8222}
    nodes = manifests.environment(WORKLOADS["opensearch"])["cluster.initial_cluster_manager_nodes"].split(",")
    assert nodes == [f"opensearch-{number}" for number in range(WORKLOADS["opensearch"]["spec"]["replicas"])]


@pytest.mark.parametrize("name", WORKLOADS)
def test_pods_are_hardened_as_containers_of_compose_are(name: str) -> None:
    pod = manifests.pod(WORKLOADS[name])
    assert pod["automountServiceAccountToken"] is False
    assert pod["enableServiceLinks"] is False
    security = pod["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["runAsUser"] == (1000 if name in {"opensearch", "dashboards"} else 65532)
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod.get("terminationGracePeriodSeconds", 30) >= 30
    for each in manifests.containers(WORKLOADS[name]):
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert each["resources"]["requests"].keys() == each["resources"]["limits"].keys() == {"cpu", "memory"}


@pytest.mark.parametrize("name", WORKLOADS)
def test_limits_are_those_of_compose(name: str) -> None:
    limits = manifests.pod(WORKLOADS[name])["containers"][0]["resources"]["limits"]
    memory = {"384m": "384Mi", "768m": "768Mi", "1g": "1Gi", "2g": "2Gi"}[COMPOSE[name]["mem_limit"]]
    assert (limits["memory"], float(limits["cpu"])) == (memory, COMPOSE[name]["cpus"])


@pytest.mark.parametrize("name", SERVICES)
def test_probes_ask_what_the_service_answers(name: str) -> None:
    [container] = manifests.pod(WORKLOADS[name])["containers"]
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert {"name": "http", "containerPort": 8080} in container["ports"]
    assert (len(container["ports"]) > 1) == ("ports" in COMPOSE[name])
    given = manifests.environment(WORKLOADS[name])
    assert (given["NEWSWIRE_HTTP_PORT"], given["NEWSWIRE_HTTP_HOST"]) == ("8080", "0.0.0.0")


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_sees_the_secrets_that_the_container_sees(name: str) -> None:
    listed = [each.split(":") for each in COMPOSE[name]["volumes"] if each.startswith("secrets-")]
    assert manifests.mounts(WORKLOADS[name]) == {path: volume for volume, path, *_ in listed}


def test_the_secrets_are_what_is_made_for_each_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    salt = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda _rounds, prefix: salt(4, prefix))
    make(tmp_path, {"publisher": []}, datetime.now(UTC))
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    listed = {file for files in manifests.secrets().values() for file in files}
    copied = {"dashboards/cookie.password", "dashboards/opensearch.password"}  # into its configuration
    assert listed <= made
    rooms = {file.split("/")[0] for file in made - listed - copied}
    assert rooms == {"ca", "operator"}, "what stays outside of the cluster"
    for name, files in manifests.secrets().items():
        assert {file.split("/")[0] for file in files} == {name.removeprefix("secrets-")}


def policies() -> dict[str, Json]:
    return manifests.named(manifests.resources("base"), "NetworkPolicy")


def matching(selector: Json) -> set[str]:
    wanted = selector.get("matchLabels", {}).items()
    return {name for name, each in WORKLOADS.items() if wanted <= manifests.labels(each).items()}


def edges(direction: str, ends: str) -> Iterator[tuple[str, str, int]]:
    """Who, whom and on which port, as one direction's policies allow it inside of the namespace."""
    for policy in policies().values():
        for rule in policy["spec"].get(direction, []):
            for other in rule[ends]:
                if "podSelector" not in other or "namespaceSelector" in other:
                    continue
                for here in matching(policy["spec"]["podSelector"]):
                    for there in matching(other["podSelector"]):
                        for port in rule["ports"]:
                            pair = (here, there) if direction == "egress" else (there, here)
                            yield (*pair, port["port"])


def test_who_may_reach_whom_follows_the_networks_of_compose() -> None:
    networks = {name: set(each.get("networks", [])) for name, each in COMPOSE.items() if name in WORKLOADS}
    servers = {"nats": 4222, "opensearch": 9200}
    expected = {
        (client, server, port)
        for server, port in servers.items()
        for client in WORKLOADS
        if client != server and {"bus", "search"} & networks[client] & networks[server]
    }
    expected |= {("nats", "nats", PORT), ("opensearch", "opensearch", 9300)}
    expected |= {("dashboards-import", "dashboards", 5601)}

    assert set(edges("egress", "to")) == expected
    assert set(edges("ingress", "from")) == expected


def test_everything_else_is_denied() -> None:
    assert policies()["deny"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    for name, policy in policies().items():
        spec = policy["spec"]
        assert name in {"deny", "names"} or matching(spec["podSelector"]), f"{name} is about no pod"
        rules = [*spec.get("ingress", []), *spec.get("egress", [])]
        assert all(rule.get("ports") for rule in rules), f"{name} leaves a port open to all"


def test_only_fetch_has_a_way_out_and_only_to_what_is_public() -> None:
    out = {name: each for name, each in policies().items() if "ipBlock" in str(each)}
    assert [matching(each["spec"]["podSelector"]) for each in out.values()] == [{"fetch"}]
    outside = {name for name, each in COMPOSE.items() if "outside" in (each.get("networks") or [])}
    assert outside - OPTIONAL == {"fetch"}
    [rule] = out["outside"]["spec"]["egress"]
    assert {each["port"] for each in rule["ports"]} == WEB_PORTS
    for each in rule["to"]:
        assert not list(reachable_but_not_public(each["ipBlock"]))


def reachable_but_not_public(block: dict[str, Any]) -> Iterator[str]:
    """Addresses at the edges of what the block lets through, and of what Python knows to be special."""
    whole = ipaddress.ip_network(block["cidr"])
    excepted = [ipaddress.ip_network(each) for each in block["except"]]
    special = [
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "127.0.0.1", "0.0.0.0",
        "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.88.99.1", "198.18.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::1", "fc00::1", "fe80::1", "ff02::1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2001::1", "2001:db8::1", "3fff::1", "::7f00:1", "fec0::1", "5f00::1",
    ]  # fmt: skip
    for text in special:
        address = ipaddress.ip_address(text)
        assert not is_public(text)
        if address.version == whole.version and address in whole and not any(address in each for each in excepted):
            yield text


def test_autoscaling_watches_the_consumer_of_each_stage() -> None:
    scaled = manifests.named(manifests.resources("autoscaled"), "ScaledObject")
    assert set(scaled) == set(STAGES)
    for name, row in STAGES.items():
        spec = scaled[name]["spec"]
        assert spec["scaleTargetRef"] == {"name": name}
        assert 1 <= spec["minReplicaCount"] < spec["maxReplicaCount"]
        [trigger] = spec["triggers"]
        watched = trigger["metadata"]
        assert trigger["type"] == "nats-jetstream"
        assert (watched["account"], watched["stream"], watched["consumer"]) == (ACCOUNT, row.consumer.stream, name)
        assert watched["natsServerMonitoringEndpoint"] == "nats-nodes.newswire.svc.cluster.local:8222"
        assert int(watched["lagThreshold"]) > 0


def test_budgets_are_for_what_has_several_pods() -> None:
    budgets = manifests.named(manifests.resources("base"), "PodDisruptionBudget")
    several = {name for name, each in WORKLOADS.items() if each["spec"].get("replicas", 1) > 1}
    assert set(budgets) == several
    for name, budget in budgets.items():
        assert matching(budget["spec"]["selector"]) == {name}
        assert budget["spec"]["maxUnavailable"] == 1
