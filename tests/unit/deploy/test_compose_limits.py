"""What a container of docker-compose.yml may take fits what runs in it."""

from services.fetch.service import NAMES_AT_ONCE
from tests.unit.deploy import manifests

BESIDE_NAMES = 16
"""Threads and processes of fetch beside those that wait for names: loop, watchdog, health, archive, a check's own."""


def test_all_names_can_be_asked_for_at_once() -> None:
    assert manifests.compose()["services"]["fetch"]["pids_limit"] >= NAMES_AT_ONCE + BESIDE_NAMES
