"""The command itself: its help, its usage errors, and which servers it talks to. No server is there."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import nats.errors
import pytest
from click.testing import CliRunner, Result

from deploy import provision as job
from deploy.local.home import hold
from deploy.local.state import RunState
from deploy.secrets.nkeys import new_seed
from services.ctl import __main__ as command
from services.ctl import settings
from shared.errors import DependencyDown
from shared.settings import Settings


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(command.cli, arguments, env={"NEWSWIRE_NATS_URL": "nats://127.0.0.1:1"} | environment)


def test_help_lists_everything_and_imports_none_of_it() -> None:
    script = (
        "import sys; from services.ctl.__main__ import cli; cli(['--help'], standalone_mode=False); "
        "print([name for name in sys.modules if name.split('.')[0] in ('nats', 'rich', 'opensearchpy', 'pydantic')])"
    )
    out = subprocess.run((sys.executable, "-c", script), capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"
    for name in command.COMMANDS:
        assert f"  {name} " in out


@pytest.mark.parametrize("name", command.COMMANDS)
def test_each_command_is_where_the_table_says(name: str) -> None:
    module, _, attribute = command.COMMANDS[name].place.partition(":")
    found = getattr(import_module(module), attribute)
    assert isinstance(found, click.Command)
    assert found.name == name
    assert run(name, "--help").exit_code == 0


def test_version() -> None:
    assert run("--version").output.startswith("newswire, version ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",), ("status", "extra"), ("search",), ("search", " "), ("search", "x" * 1_001),
        ("search", "x", "--limit", "0"), ("trace",), ("trace", ""), ("trace", "x" * 501), ("tail", "a b"),
        ("parse",), ("parse", "nosuch"), ("publish", "--source", "a", "nosuch"), ("dlq", "show"), ("provision", "x"),
    ],
)  # fmt: skip
def test_wrong_usage_exits_2_with_a_sentence(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "Error: " in ended.stderr


def test_what_a_server_causes_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = {
        ConnectionError("no server"): "no server. Start one",
        DependencyDown("timeout", "late"): "late; `newswire doctor`",
    }
    for fault, said in faults.items():

        @click.command()
        def failing(fault: Exception = fault) -> None:
            raise fault

        monkeypatch.setattr(command, "import_module", lambda _module: click)
        monkeypatch.setattr(click, "status", failing, raising=False)
        ended = run("status")
        assert (ended.exit_code, ended.stdout) == (1, "")
        assert said in ended.stderr


def test_a_bug_stays_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def failing() -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(command, "import_module", lambda _module: click)
    monkeypatch.setattr(click, "status", failing, raising=False)
    assert isinstance(run("status").exception, RuntimeError)


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_HTTP_PORT", "many")
    with pytest.raises(click.ClickException, match="NEWSWIRE_HTTP_PORT"):
        settings.load(Settings)


@pytest.mark.parametrize("name", ["NEWSWIRE_NATS_URL", "NEWSWIRE_OPENSEARCH_URL"])
def test_a_url_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:99999")
    with pytest.raises(click.ClickException, match=name):
        settings.load(Settings)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a live run, and nothing in the environment."""
    for name in ("NEWSWIRE_NATS_URL", "NEWSWIRE_OPENSEARCH_URL", "NEWSWIRE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".newswire").mkdir()
    known = {"pid": 1, "started_at": "2025-01-01T00:00:00Z", "nats_url": "nats://run:1", "nats_monitor_url": "",
             "opensearch_url": "http://run:2", "logs": "logs"}  # fmt: skip
    RunState.model_validate(known).write(tmp_path / ".newswire")
    return tmp_path


def test_the_run_of_a_folder_above_is_found(running: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = running / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    with hold(running / ".newswire"):
        found = settings.load(Settings)
    assert (found.nats_url, found.opensearch_url) == ("nats://run:1", "http://run:2")


def test_the_environment_comes_first(running: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_NATS_URL", "nats://mine:1")
    with hold(running / ".newswire"):
        found = settings.load(Settings)
    assert (found.nats_url, found.opensearch_url) == ("nats://mine:1", "http://run:2")


@pytest.mark.usefixtures("running")
def test_a_run_that_ended_is_not_talked_to() -> None:
    assert settings.load(Settings).nats_url == "nats://127.0.0.1:4222"


@pytest.mark.parametrize("fault", [None, nats.errors.TimeoutError(), DependencyDown("server_error", "OpenSearch: no")])
@pytest.mark.parametrize("key", ["", "operator.nk"])
def test_who_may_not_provision_is_told_who_may(
    fault: Exception | None, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise fault or AssertionError

    if fault:
        monkeypatch.setattr(job, "provision", fail)
    if key:
        (tmp_path / key).write_bytes(new_seed())
    ended = run("provision", **{"NEWSWIRE_NATS_NKEY_FILE": str(tmp_path / key)} if key else {})
    assert ended.exit_code == 1
    of_nats = not isinstance(fault, DependencyDown)
    assert ("run `docker compose run --rm provision`" in ended.stderr) == bool(key and of_nats)
    assert ("NATS" in ended.stderr) == of_nats
