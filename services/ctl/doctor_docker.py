"""`newswire doctor --docker`: what `docker compose up` needs here, and what stopped a container that is not well."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from deploy.local import ports
from services.ctl.findings import Finding, fail, note, ok
from services.ctl.output import plain

OLDEST_COMPOSE: Final = (2, 7)
"""Before it, `up --wait` waits for containers that have done their work (docker/compose#9273)."""
LEAST_MEMORY: Final = 3_500_000_000
"""Bytes: 2.5 GB idle, and room for the pages of the indices."""
LEAST_DISK: Final = 5_000_000_000
"""Bytes: images take 3 GB, and both servers stop taking writes on a full disk."""
LEAST_MAPS: Final = 262_144
"""What OpenSearch asks for; a single node starts with less."""
MAX_MAP_COUNT: Final = Path("/proc/sys/vm/max_map_count")
PORTS: Final = {"NATS": 4222, "INTAKE": 8090, "OPENSEARCH": 9200, "DASHBOARDS": 5601}
AFRESH: Final = "or begin afresh without its articles: `docker compose down --volumes`"
OUT_OF_MEMORY: Final = 137
"""The exit status of what the kernel killed."""

TELLING: Final = (
    (r"cannot downgrade a node", f"the volume was written by a newer OpenSearch: run that one again, {AFRESH}"),
    (r"newer Newswire", "run that version again"),
    (r"unsupported - required API level", f"the volume was written by a newer NATS: run that one again, {AFRESH}"),
    (r"max virtual memory areas|Map failed", "`sudo sysctl -w vm.max_map_count=262144`, for good in /etc/sysctl.d"),
    (r"insufficient memory|OutOfMemoryError|Cannot allocate memory", "give the Docker engine more memory"),
    (r"No space left on device|no space left on device", "make room on the disk of the Docker engine"),
)
"""What a log says, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed. `why`: in a line, why it failed; empty when it did not."""

    text: str
    why: str = ""


def docker(*words: str, seconds: float = 30) -> Answer:
    """Run `docker`."""
    program = shutil.which("docker")
    if not program:
        return Answer("", "there is no docker command here")
    try:
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=seconds, check=False)  # noqa: S603 - our own words
    except subprocess.TimeoutExpired:
        return Answer("", f"docker {words[0]} did not answer in {seconds:.0f} s")
    said = (done.stderr.strip() or "it did not say why").splitlines()[-1]
    return Answer(done.stdout, plain(said) if done.returncode else "")


def examine() -> Iterator[Finding]:
    """All findings; without an engine nothing more can be found."""
    engine = docker("info", "--format", "{{json .}}")
    if "no docker command" in engine.why:
        yield fail(engine.why, "install Docker Engine with Compose, or run without Docker: `make run`")
        return
    facts = _engine(engine)
    if not facts:
        why = engine.why or "it says nothing of itself"
        yield fail(f"the Docker engine does not answer ({why})", "start it, and be a member of the group `docker`")
        return
    yield ok(f"Docker {facts.get('ServerVersion')}")
    yield _compose()
    yield from _machine(facts)
    containers = _containers()
    yield from _ports({each.service for each in containers if each.state == "running"})
    yield from map(_container, containers)


def _engine(answer: Answer) -> dict[str, Any]:
    """What the engine says of itself; nothing when only the client answered."""
    try:
        parsed: Any = json.loads(answer.text or "{}")
    except ValueError:
        return {}
    facts = cast("dict[str, Any]", parsed if isinstance(parsed, dict) else {})
    return facts if facts.get("ServerVersion") else {}


def _compose() -> Finding:
    answer = docker("compose", "version", "--short")
    found = re.match(r"v?(\d+)\.(\d+)", answer.text.strip())
    needed = ".".join(map(str, OLDEST_COMPOSE))
    if answer.why or not found:
        return fail("there is no `docker compose`", f"install Docker's Compose plugin, {needed} or later")
    if (int(found[1]), int(found[2])) < OLDEST_COMPOSE:
        return fail(f"Compose {found[0]} is too old", f"install {needed} or later")
    return ok(f"Compose {answer.text.strip()}")


def _machine(facts: dict[str, Any]) -> Iterator[Finding]:
    memory = int(facts.get("MemTotal") or 0)
    if memory < LEAST_MEMORY:
        what = f"the Docker engine has {memory / 1e9:.1f} GB of memory"
        yield fail(what, "OpenSearch would be killed; give it 4 GB (Docker Desktop: Settings, Resources)")
    else:
        yield ok(f"{memory / 1e9:.1f} GB of memory")
    root = Path(str(facts.get("DockerRootDir")))
    if root.is_dir() and (free := shutil.disk_usage(root).free) < LEAST_DISK:
        yield fail(f"{free / 1e9:.1f} GB are free on the disk of {root}", "make room: 5 GB are needed")
    maps = _maps()
    if maps is not None and maps < LEAST_MAPS:
        what = f"vm.max_map_count is {maps}, OpenSearch asks for {LEAST_MAPS}"
        yield note(what, "enough to begin with; `sudo sysctl -w vm.max_map_count=262144`, for good in /etc/sysctl.d")


def _maps() -> int | None:
    try:
        return int(MAX_MAP_COUNT.read_text())
    except (OSError, ValueError):  # the engine is in a virtual machine, which brings enough
        return None


def _ports(ours: set[str]) -> Iterator[Finding]:
    """The ports that Compose publishes. `ours`: services that run already, on these ports."""
    for name, usual in PORTS.items():
        variable = f"NEWSWIRE_{name}_PORT"
        said = os.environ.get(variable) or str(usual)
        port = int(said) if said.isascii() and said.isdecimal() else 0
        if not 0 < port < 65_536:  # noqa: PLR2004 - the highest port there is
            yield fail(f"{variable}={said[:20]} is no port", "choose one from 1 to 65535")
        elif name.lower() in ours or not ports.in_use(port):
            yield ok(f"port {port} ({name})")
        else:
            other = f"stop that one, or choose another: `{variable}={port + 10_000} docker compose up --wait`"
            yield fail(f"port {port} ({name}) is in use by {ports.owner(port)}", other)


@dataclass(frozen=True, slots=True)
class Container:
    """As `docker compose ps` shows it. `health` is empty where nothing is checked."""

    service: str
    state: str
    health: str
    status: int

    @property
    def well(self) -> bool:
        """Running and not unhealthy, or done with its work."""
        if self.state == "exited":
            return self.status == 0
        return self.state == "running" and self.health != "unhealthy"


def _containers() -> list[Container]:
    """Those of the deployment in this folder; none when there is none."""
    answer = docker("compose", "ps", "--all", "--format", "json")
    try:
        parsed = [json.loads(line) for line in answer.text.splitlines()]
    except ValueError:
        return []
    listed = cast("Sequence[dict[str, Any]]", parsed[0] if parsed and isinstance(parsed[0], list) else parsed)
    return [Container(each["Service"], each["State"], each["Health"], each["ExitCode"]) for each in listed]


def _container(each: Container) -> Finding:
    doing = each.health or each.state
    if each.well:
        return ok(f"{each.service} is {'done' if each.state == 'exited' else doing}")
    if each.state == "created":
        return note(f"{each.service} was not started", "what it waits for is not well")
    said, step = _reason(each)
    return fail(f"{each.service} is {doing}{f' ({each.status})' if each.status else ''}, its log says: {said}", step)


def _reason(each: Container) -> tuple[str, str]:
    """The telling line of a container's log, and what to do."""
    answer = docker("compose", "logs", "--no-color", "--no-log-prefix", "--tail", "300", each.service)
    lines = [line for line in answer.text.splitlines() if line.strip()]
    for line in reversed(lines):
        for pattern, step in TELLING:
            if re.search(pattern, line):
                return plain(line, 300), step
    if each.status == OUT_OF_MEMORY:
        return "nothing; it was killed", "give the Docker engine more memory, 4 GB for all"
    ours = [line for line in lines if line.startswith(("newswire:", "Error:", "REFUSED"))]
    return plain((ours or lines or ["nothing"])[-1], 300), f"`docker compose logs {each.service}`"
