"""What the doctor says of Docker, of the machine, and of containers that are not well."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from deploy.local import ports
from services.ctl import doctor_docker
from services.ctl.doctor import doctor

ENGINE = {"ServerVersion": "28.2.2", "MemTotal": 8_000_000_000, "DockerRootDir": "/nowhere/docker"}
WELL = {"Service": "parse", "State": "running", "Health": "healthy", "ExitCode": 0}


class Docker:
    """Answers like the command. `said`: a service's log."""

    def __init__(self) -> None:
        self.engine: Mapping[str, Any] = ENGINE
        self.compose = "2.40.3"
        self.containers: list[Mapping[str, Any]] = [WELL]
        self.said: dict[str, str] = {}
        self.one_array = False
        self.status = 0

    def __call__(self, command: list[str], **_options: Any) -> SimpleNamespace:
        words = command[1:]
        if words[0] == "info":
            return self._answer(json.dumps(self.engine), "Cannot connect to the Docker daemon")
        if words[1] == "version":
            return self._answer(self.compose + "\n", "unknown command")
        if words[1] == "ps":
            lines = [json.dumps(each) for each in self.containers]
            return self._answer(json.dumps(self.containers) if self.one_array else "\n".join(lines), "")
        return self._answer(self.said.get(words[-1], ""), "")

    def _answer(self, text: str, trouble: str) -> SimpleNamespace:
        return SimpleNamespace(stdout=text, stderr=trouble if self.status else "", returncode=self.status)


@pytest.fixture(autouse=True)
def docker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Docker:
    """A machine where all is well."""
    it = Docker()
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/docker")
    monkeypatch.setattr(subprocess, "run", it)
    monkeypatch.setattr(ports, "in_use", lambda _port: False)
    monkeypatch.setattr(ports, "owner", lambda _port: "a nats-server")
    (tmp_path / "max_map_count").write_text("262144\n")
    monkeypatch.setattr(doctor_docker, "MAX_MAP_COUNT", tmp_path / "max_map_count")
    for name in doctor_docker.PORTS:
        monkeypatch.delenv(f"NEWSWIRE_{name}_PORT", raising=False)
    return it


def run() -> tuple[int, str]:
    result = CliRunner().invoke(doctor, ["--docker"])
    return result.exit_code, result.output


@pytest.mark.parametrize("one_array", [False, True])
def test_a_machine_with_everything_passes(docker: Docker, *, one_array: bool) -> None:
    docker.one_array = one_array  # as Compose answered before 2.21
    code, said = run()
    assert code == 0
    assert "FAIL" not in said
    assert "note" not in said
    assert "parse is healthy" in said


def test_without_docker_there_is_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    code, said = run()
    assert code == 1
    assert "there is no docker command here: install Docker Engine with Compose, or run without Docker" in said


@pytest.mark.parametrize("engine", [ENGINE, {"ServerErrors": ["Cannot connect"]}])
def test_an_engine_that_does_not_answer_is_said(docker: Docker, engine: Mapping[str, Any]) -> None:
    docker.engine, docker.status = engine, int(engine is not ENGINE)
    code, said = run()
    assert (code, "does not answer" in said) == ((0, False) if engine is ENGINE else (1, True))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("engine", ENGINE | {"MemTotal": 2_000_000_000}, "2.0 GB of memory: OpenSearch would be killed; give it 4 GB"),
        ("compose", "v2.6.1", "Compose v2.6 is too old: install 2.7 or later"),
        ("compose", "", "there is no `docker compose`"),
    ],
)
def test_what_is_too_little_is_said_with_the_fix(docker: Docker, name: str, value: object, said: str) -> None:
    setattr(docker, name, value)
    code, output = run()
    assert code == 1
    assert said in output


def test_few_memory_maps_are_a_note_because_one_node_starts_with_them(tmp_path: Path) -> None:
    (tmp_path / "max_map_count").write_text("65530\n")
    code, said = run()
    assert code == 0
    assert "vm.max_map_count is 65530, OpenSearch asks for 262144" in said


def test_a_port_in_use_is_a_failure_unless_it_is_ours(docker: Docker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "in_use", lambda port: port == 4222)
    code, said = run()
    assert code == 1
    assert "port 4222 (NATS) is in use by a nats-server" in said
    assert "`NEWSWIRE_NATS_PORT=14222 docker compose up --wait`" in said
    docker.containers = [WELL | {"Service": "nats"}]
    assert run()[0] == 0


def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_NATS_PORT", "many")
    code, said = run()
    assert code == 1
    assert "NEWSWIRE_NATS_PORT=many is no port" in said


@pytest.mark.parametrize(
    ("status", "log", "said"),
    [
        (1, "newswire: secrets: the volumes were written by a newer Newswire (…)", "run that version again"),
        (1, "IllegalStateException: cannot downgrade a node from version [4.0.0]", "written by a newer OpenSearch"),
        (1, "stream is offline: unsupported - required API level: 9", "written by a newer NATS"),
        (78, "[1]: max virtual memory areas vm.max_map_count [65530] is too low", "sysctl -w vm.max_map_count"),
        (1, "There is insufficient memory for the Java Runtime Environment", "more memory"),
        (137, "started", "it was killed: give the Docker engine more memory"),
        (78, "starting\nnewswire: NEWSWIRE_NATS_NKEY_FILE: x cannot be read\nbye", "NATS_NKEY_FILE: x cannot be read"),
        (3, "", "its log says: nothing: `docker compose logs parse`"),
    ],
)
def test_what_stopped_a_container_is_read_from_its_log(docker: Docker, status: int, log: str, said: str) -> None:
    docker.containers = [WELL | {"State": "exited", "Health": "", "ExitCode": status}]
    docker.said["parse"] = log
    code, output = run()
    assert code == 1
    assert f"parse is exited ({status}), its log says: " in output
    assert said in output


def test_one_that_waits_for_another_is_not_blamed(docker: Docker) -> None:
    docker.containers = [WELL | {"State": "created", "Health": ""}, WELL | {"State": "exited", "Health": ""}]
    code, said = run()
    assert code == 0
    assert "parse was not started: what it waits for is not well" in said
    assert "parse is done" in said
