"""`newswire provision`: streams, consumers, templates and indices."""

import asyncio
import sys
from typing import Final

import click
import nats.errors

from deploy import provision as job
from services.ctl.settings import load
from shared.bus.client import explained
from shared.errors import DependencyDown

ITS_OWN_KEY: Final = (
    "provisioning has a key of its own, and no other may do it: on Compose run `docker compose run --rm provision`"
)


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def provision(*, dry_run: bool) -> None:
    """Bring NATS and OpenSearch to what this version needs; refuses what would destroy data."""
    settings = load(job.ProvisionSettings)
    try:
        with explained("its streams"):
            changes = asyncio.run(job.provision(settings, dry_run=dry_run))
    except (ConnectionError, DependencyDown) as error:
        if settings.nats_nkey_file and _of_nats(error):
            raise DependencyDown("dependency_down", f"{_said(error)}; {ITS_OWN_KEY}") from error
        raise
    click.echo(job.describe(changes, dry_run=dry_run))
    sys.exit(int(any(change.kind == "refuse" for change in changes)))


def _of_nats(error: Exception) -> bool:
    """NATS is away, refuses the key, or leaves unanswered what this user may not ask."""
    return isinstance(error, ConnectionError) or isinstance(error.__cause__, nats.errors.Error)


def _said(error: Exception) -> str:
    return error.detail if isinstance(error, DependencyDown) else str(error)
