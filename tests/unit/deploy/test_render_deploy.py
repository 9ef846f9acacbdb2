"""Render is off by default, and where it is on it is held as the others are."""

import json
from typing import Any

import yaml

from services.render.settings import RenderSettings
from shared.guard import WEB_PORTS
from tests.unit.deploy import manifests
from tests.unit.deploy.test_kubernetes import assert_valid, policies, reachable_but_not_public, rendered

COMPOSE = manifests.compose()["services"]
FOLDER = "render"
LISTED = manifests.resources(FOLDER)
WORKLOAD = manifests.named(LISTED, "Deployment")["render"]
OF_CHROMIUM = {"clone", "clone3", "unshare", "chroot"}
"""What its sandbox asks the kernel for."""


def profile() -> dict[str, Any]:
    return dict(json.loads((manifests.ROOT / "deploy" / "render" / "seccomp.json").read_text()))


def test_it_starts_only_where_it_is_asked_for() -> None:
    assert COMPOSE["render"]["profiles"] == ["render"]
    assert not any("render" in (each.get("depends_on") or {}) for each in COMPOSE.values() if each)
    base = yaml.safe_load((manifests.KUBERNETES / "base" / "kustomization.yaml").read_text())
    assert not any("render" in str(each) for each in base["resources"])


def test_its_container_may_do_what_the_others_may_and_a_sandbox_of_its_own() -> None:
    own, other = COMPOSE["render"], COMPOSE["fetch"]
    for name in (
        "user",
        "read_only",
        "cap_drop",
        "init",
        "restart",
        "logging",
        "networks",
        "depends_on",
        "healthcheck",
    ):
        assert own[name] == other[name], name
    assert own["security_opt"] == [*other["security_opt"], "seccomp=deploy/render/seccomp.json"]
    assert own["volumes"] == ["secrets-render:/secrets/own:ro,nocopy"]
    [tmp] = own["tmpfs"]
    assert {"noexec", "nosuid", "nodev"} <= set(tmp.split(":")[1].split(","))


def test_the_profile_denies_what_docker_denies_but_for_what_a_sandbox_takes() -> None:
    [rule] = profile()["syscalls"]
    assert (rule["action"], rule["errnoRet"]) == ("SCMP_ACT_ERRNO", 1)
    names = rule["names"]
    assert names == sorted(set(names))
    assert not set(names) & OF_CHROMIUM
    dangerous = {
        "bpf",
        "mount",
        "setns",
        "ptrace",
        "keyctl",
        "io_uring_setup",
        "userfaultfd",
        "perf_event_open",
        "init_module",
    }
    assert dangerous <= set(names)


def test_the_manifests_fit_the_schemas_and_say_what_compose_says() -> None:
    assert_valid(LISTED)
    given = manifests.environment(WORKLOAD)
    assert set(given) <= {f"NEWSWIRE_{field.upper()}" for field in RenderSettings.model_fields}
    of_compose = COMPOSE["render"]["environment"]
    assert of_compose["NEWSWIRE_RENDER_SANDBOX"] == "${NEWSWIRE_RENDER_SANDBOX:-true}"
    unlike = {"NEWSWIRE_HTTP_HOST", "NEWSWIRE_LOG_LEVEL", "NEWSWIRE_RENDER_SANDBOX"}
    assert given["NEWSWIRE_RENDER_SANDBOX"] == "true"
    assert {name: value for name, value in given.items() if name not in unlike} == {
        name: value for name, value in of_compose.items() if name not in unlike
    }
    limits = manifests.pod(WORKLOAD)["containers"][0]["resources"]["limits"]
    assert limits == {"cpu": "2", "memory": "2Gi"}
    assert (COMPOSE["render"]["cpus"], COMPOSE["render"]["mem_limit"]) == (2.0, "2g")
    assert manifests.mounts(WORKLOAD) == {"/secrets/own": "secrets-render"}


def test_the_pod_is_hardened_but_for_its_own_profile() -> None:
    pod, other = manifests.pod(WORKLOAD), manifests.pod(manifests.workloads()["fetch"])
    security = pod["securityContext"]
    assert security["seccompProfile"] == {"type": "Localhost", "localhostProfile": "newswire-render.json"}
    assert {**security, "seccompProfile": None} == {**other["securityContext"], "seccompProfile": None}
    for name in ("automountServiceAccountToken", "enableServiceLinks", "shareProcessNamespace"):
        assert pod[name] == other[name]
    [container], [like] = pod["containers"], other["containers"]
    for name in ("securityContext", "readinessProbe", "livenessProbe", "ports", "volumeMounts"):
        assert container[name] == like[name], name


def test_it_has_the_way_out_that_fetch_has_and_no_other() -> None:
    own = manifests.named(LISTED, "NetworkPolicy")["render-outside"]["spec"]
    assert own["podSelector"] == {"matchLabels": {"newswire/service": "render"}}
    assert own["egress"] == policies()["outside"]["spec"]["egress"]
    [rule] = own["egress"]
    assert {each["port"] for each in rule["ports"]} == WEB_PORTS
    assert not [found for each in rule["to"] for found in reachable_but_not_public(each["ipBlock"])]
    assert manifests.labels(WORKLOAD) == {"newswire/service": "render", "newswire/bus": "client"}


def test_what_kubectl_would_send_is_valid() -> None:
    assert_valid(rendered(FOLDER))


def test_its_image_alone_has_a_browser() -> None:
    text = (manifests.ROOT / "deploy" / "Dockerfile").read_text()
    [line] = [each for each in text.split("\nRUN ") if "apt-get" in each]
    assert line.startswith('if [ "$SERVICE" = render ]; then')
    assert text.index("apt-get") < text.index("COPY --from=build"), "the layer stays when the code changes"
    assert COMPOSE["render"]["build"]["args"] == {"SERVICE": "render"}
