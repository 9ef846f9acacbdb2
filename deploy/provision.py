# Parts of the signatures of nats-py have no types.
# pyright: reportUnknownMemberType=false
"""The one provisioning job: python -m deploy.provision [--dry-run]. Exit 0: all is as it should be; 1: it is not."""

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Annotated, Any

import nats.errors
from pydantic import Field

from deploy.change import Change
from deploy.dashboards import importing as dashboards
from deploy.nats.provision import Sizing
from deploy.nats.provision import provision as provision_nats
from deploy.opensearch import accounts
from deploy.opensearch.provision import provision as provision_opensearch
from deploy.opensearch.provision import used_epoch
from shared.bus import connect as connect_nats
from shared.errors import DependencyDown
from shared.opensearch import connect, connect_as
from shared.settings import SecretFile, Settings
from shared.subjects import GB


class ProvisionSettings(Settings):
    """`store_bytes`: what all streams may take of the disk.

    `stream_replicas`: copies of each stream, on as many nodes of a NATS cluster. `index_replicas`: copies of each index
    besides the first, on as many more nodes of OpenSearch. With an administrator's certificate, users and roles too:
    `accounts_file` has the hashes of their passwords. With the address of OpenSearch Dashboards, what is shown there.
    """

    store_bytes: int = 16 * GB
    stream_replicas: Annotated[int, Field(ge=1, le=5)] = 1
    index_replicas: Annotated[int, Field(ge=0, le=9)] = 0
    opensearch_admin_certificate_file: SecretFile | None = None
    opensearch_admin_key_file: SecretFile | None = None
    opensearch_accounts_file: SecretFile | None = None
    dashboards_url: str = ""
    dashboards_user: str = ""
    dashboards_password_file: SecretFile | None = None


async def provision(settings: ProvisionSettings, *, dry_run: bool) -> list[Change]:
    """Bring NATS, OpenSearch and Dashboards to what the tables say; nothing at all when one change is refused.

    Raises:
        ConnectionError: NATS does not answer.
        DependencyDown: OpenSearch or Dashboards does not answer, or refuses.
    """
    async with AsyncExitStack() as clients:
        client = await connect_nats(settings, "provision")
        clients.push_async_callback(client.close)
        search = await clients.enter_async_context(connect_as(settings))
        js, sizing = client.jetstream(timeout=10), Sizing(settings.store_bytes, settings.stream_replicas)
        now = datetime.now(UTC)
        access = await _accounts(settings, dry_run=dry_run)
        used = await used_epoch(search)
        planned = access + await provision_nats(js, sizing, dry_run=True, used_epoch=used)
        copies = settings.index_replicas
        planned += await provision_opensearch(search, now, replicas=copies, dry_run=True)
        planned += await _dashboards(settings, dry_run=True)
        if dry_run or any(change.kind == "refuse" for change in planned):
            return planned
        await provision_nats(js, sizing, dry_run=False, used_epoch=used)
        await provision_opensearch(search, now, replicas=copies, dry_run=False)
        await _dashboards(settings, dry_run=False)
        return planned


async def _accounts(settings: ProvisionSettings, *, dry_run: bool) -> list[Change]:
    """Users and roles come first: everything after is done as one of these users."""
    certificate, key = settings.opensearch_admin_certificate_file, settings.opensearch_admin_key_file
    if not certificate or not key or not settings.opensearch_accounts_file:
        return []
    signed: dict[str, Any] = {"client_cert": str(certificate), "client_key": str(key)}
    if settings.opensearch_ca_file:
        signed["ca_certs"] = str(settings.opensearch_ca_file)
    async with connect(settings.opensearch_url, **signed) as client:
        hashes = accounts.known_hashes(settings.opensearch_accounts_file)
        return await accounts.provision(client, hashes, dry_run=dry_run)


async def _dashboards(settings: ProvisionSettings, *, dry_run: bool) -> list[Change]:
    if not settings.dashboards_url:
        return []
    file = settings.dashboards_password_file
    login = (settings.dashboards_user, file.read_text().strip()) if file else None
    return await dashboards.provision(settings.dashboards_url, login, dry_run=dry_run)


def describe(changes: list[Change], *, dry_run: bool) -> str:
    """What changed, or would, for a person: a line each, and a count of what is as it should be."""
    verb = {"create": "would create" if dry_run else "created", "update": "would change" if dry_run else "changed"}
    lines = [
        f"{verb.get(change.kind, 'REFUSED')} {change.what}{': ' + change.detail if change.detail else ''}"
        for change in changes
        if change.kind != "same"
    ]
    if not any(change.what == dashboards.WHAT for change in changes):
        lines.append("no Dashboards to import into: NEWSWIRE_DASHBOARDS_URL is not set")
    same = sum(change.kind == "same" for change in changes)
    return "\n".join([*lines, f"{same} of {len(changes)} as they should be"])


def main() -> int:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.provision", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="only show what would change")
    dry_run = parser.parse_args().dry_run
    settings = ProvisionSettings.load()
    try:
        changes = asyncio.run(provision(settings, dry_run=dry_run))
    except (ConnectionError, DependencyDown, nats.errors.Error) as error:
        sys.stderr.write(f"newswire: provisioning failed: {error}\n")
        return 1
    sys.stdout.write(describe(changes, dry_run=dry_run) + "\n")
    return int(any(change.kind == "refuse" for change in changes))


if __name__ == "__main__":
    sys.exit(main())
