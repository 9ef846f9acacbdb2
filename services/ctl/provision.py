"""`newswire provision`: streams, consumers, templates and indices."""

import asyncio
import sys

import click

from deploy import provision as job
from services.ctl.settings import load
from shared.bus.client import explained


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def provision(*, dry_run: bool) -> None:
    """Bring NATS and OpenSearch to what this version needs; refuses what would destroy data."""
    with explained("its streams"):
        changes = asyncio.run(job.provision(load(job.ProvisionSettings), dry_run=dry_run))
    click.echo(job.describe(changes, dry_run=dry_run))
    sys.exit(int(any(change.kind == "refuse" for change in changes)))
