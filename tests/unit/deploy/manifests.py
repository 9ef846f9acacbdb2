"""What docker-compose.yml and deploy/kubernetes say, as data."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
KUBERNETES = ROOT / "deploy" / "kubernetes"
Json = dict[str, Any]


def compose() -> Json:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@cache
def resources(folder: str) -> list[Json]:
    """The resources in a folder's own files, lists taken apart."""
    listed = yaml.safe_load((KUBERNETES / folder / "kustomization.yaml").read_text()).get("resources", [])
    files = [KUBERNETES / folder / name for name in listed if name.endswith(".yaml")]
    return [each for file in files for found in yaml.safe_load_all(file.read_text()) for each in _items(found)]


def _items(found: Json) -> Iterator[Json]:
    yield from found["items"] if found["kind"] == "List" else [found]


def named(listed: list[Json], *kinds: str) -> dict[str, Json]:
    return {each["metadata"]["name"]: each for each in listed if each["kind"] in kinds}


def workloads() -> dict[str, Json]:
    """Whatever has pods, by name."""
    return named(resources("base"), "Deployment", "StatefulSet", "Job")


def pod(workload: Json) -> Json:
    return dict(workload["spec"]["template"]["spec"])


def labels(workload: Json) -> dict[str, str]:
    return dict(workload["spec"]["template"]["metadata"]["labels"])


def containers(workload: Json) -> list[Json]:
    return [*pod(workload).get("initContainers", []), *pod(workload)["containers"]]


def environment(workload: Json) -> dict[str, str]:
    """Name to value; what comes from a field of the pod is that field's value."""
    found = {}
    for each in pod(workload)["containers"][0].get("env", []):
        field = each.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath", "")
        label = field.removeprefix("metadata.labels['").removesuffix("']")
        found[each["name"]] = each.get("value") or labels(workload).get(label, field)
    return found


def secrets() -> dict[str, list[str]]:
    """Name of a secret to its files under the folder that deploy.secrets makes."""
    described = yaml.safe_load((KUBERNETES / "secrets" / "kustomization.yaml").read_text())
    return {
        each["name"]: [file.removeprefix("made/") for file in each["files"]] for each in described["secretGenerator"]
    }


def mounts(workload: Json) -> dict[str, str]:
    """Where the last container sees which secret."""
    volumes = {each["name"]: each.get("secret", {}).get("secretName") for each in pod(workload)["volumes"]}
    seen = {each["mountPath"]: volumes.get(each["name"]) for each in pod(workload)["containers"][0]["volumeMounts"]}
    return {path: secret for path, secret in seen.items() if secret}
