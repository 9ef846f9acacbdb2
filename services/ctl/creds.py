"""`newswire creds`: how to log in to a deployment by Docker Compose."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import click

from deploy.secrets.folder import put
from services.ctl.output import emit

HERE: Final = Path("/secrets/own")
"""Where the command's own container has them."""
PEOPLE: Final = {"reader": "searches, looks at dashboards", "operator": "may do everything"}
INSIDE: Final = ("compose", "run", "--rm", "--no-deps", "-T", "ctl", "creds", "--json")
OPERATOR: Final = "ctl"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Addresses on this machine, passwords of OpenSearch's users, seeds of NATS's, and whom to trust (PEM)."""

    nats: str
    opensearch: str
    dashboards: str
    intake: str
    ca: str
    passwords: Mapping[str, str]
    seeds: Mapping[str, str]


@click.command()
@click.option("--save", type=click.Path(file_okay=False, path_type=Path), help="Write files to this folder instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def creds(save: Path | None, *, as_json: bool) -> None:
    """Show how to log in to what `docker compose up` started from this folder."""
    found = _read(HERE) if HERE.is_dir() else _ask_compose()
    if save:
        _save(found, save)
        click.echo(f"written to {save}; for this command and nats:\n\n  set -a; . {save}/env; set +a")
    elif as_json:
        emit(asdict(found))
    else:
        click.echo(_shown(found))


def _read(folder: Path) -> Credentials:
    try:
        seeds = {path.stem: path.read_text() for path in sorted((folder / "publishers").glob("*.nk"))}
        return Credentials(
            nats=f"nats://127.0.0.1:{_port('NATS', 4222)}",
            opensearch=f"https://127.0.0.1:{_port('OPENSEARCH', 9200)}",
            dashboards=f"http://127.0.0.1:{_port('DASHBOARDS', 5601)}",
            intake=f"http://127.0.0.1:{_port('INTAKE', 8090)}",
            ca=(folder / "ca.pem").read_text(),
            passwords={name: (folder / f"{name}.password").read_text() for name in PEOPLE},
            seeds={OPERATOR: (folder / "nats.nk").read_text(), **seeds},
        )
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}; `docker compose up` makes it") from error


def _port(name: str, usual: int) -> str:
    return os.environ.get(f"NEWSWIRE_{name}_PORT") or str(usual)


def _ask_compose() -> Credentials:
    docker = shutil.which("docker")
    if not docker:
        raise click.ClickException("there is no docker command here; the run of `newswire up` asks for no credentials")
    done = subprocess.run([docker, *INSIDE], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        said = (done.stderr.strip() or "it did not say why").splitlines()[-1]
        step = "Run this where docker-compose.yml is, after `docker compose up`"
        raise click.ClickException(f"docker compose: {said}. {step}")
    try:
        return Credentials(**json.loads(done.stdout))
    except (ValueError, TypeError) as error:
        raise click.ClickException("the ctl container answered something else; `docker compose build ctl`") from error


def _shown(found: Credentials) -> str:
    lines = [f"OpenSearch  {found.opensearch}", f"Dashboards  {found.dashboards}"]
    lines += [f"  {name:<10} {password}   {PEOPLE.get(name, '')}" for name, password in found.passwords.items()]
    lines += ["", f"Intake      {found.intake}/v1/raw/SOURCE   with a token: newswire tokens add SOURCE"]
    lines += ["", f"NATS        {found.nats}"]
    for name, seed in found.seeds.items():
        about = "operators" if name == OPERATOR else "publishes"
        lines.append(f"  {name:<10} {seed}   {about}; inbox prefix _INBOX_{name}")
    return "\n".join(
        [*lines, "", "`newswire creds --save FOLDER` writes them as files, with the certificate to trust."]
    )


def _save(found: Credentials, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder.resolve()
    put(place / "ca.pem", found.ca.encode())
    for name, password in found.passwords.items():
        put(place / f"{name}.password", password.encode())
    for name, seed in found.seeds.items():
        put(place / f"{name}.nk", seed.encode())
    values = {
        "NEWSWIRE_NATS_URL": found.nats,
        "NEWSWIRE_NATS_NKEY_FILE": place / f"{OPERATOR}.nk",
        "NEWSWIRE_OPENSEARCH_URL": found.opensearch,
        "NEWSWIRE_OPENSEARCH_USER": "reader",
        "NEWSWIRE_OPENSEARCH_PASSWORD_FILE": place / "reader.password",
        "NEWSWIRE_OPENSEARCH_CA_FILE": place / "ca.pem",
        "NATS_URL": found.nats,
        "NATS_NKEY": place / f"{OPERATOR}.nk",
    }
    trust = f'user = "reader:{found.passwords["reader"]}"\ncacert = "{place / "ca.pem"}"\n'
    put(place / "curl", trust.encode())
    put(place / "env", "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in values.items()).encode(), 0o600)
