"""Get one page without any server of ours: `python -m services.fetch.page URL`.

Writes its headers as one line of JSON, then the body's bytes: what would be published raw.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime
from typing import Final

import click

from services.fetch.core import RawMessage, raw_message
from services.fetch.http import Client
from services.fetch.settings import FetchSettings
from shared.contracts import FetchJob
from shared.errors import Outcome
from shared.guard import advised

REFUSED: Final = 1


@click.command()
@click.argument("url")
def main(url: str) -> None:
    """Get URL with the guarded client. Exit codes: 0 done, 1 refused or failed, with one sentence."""
    settings = FetchSettings.load()
    try:
        message = asyncio.run(_get(url, settings))
    except Outcome as error:
        click.echo(f"newswire: {said(error)}", err=True)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(json.dumps(message.headers).encode() + b"\n" + message.body)


async def _get(url: str, settings: FetchSettings) -> RawMessage:
    async with Client(settings.user_agent, lambda: datetime.now(UTC), settings.fetch_allow) as client:
        return raw_message(FetchJob(url=url), await client.get(url))


def said(error: Outcome) -> str:
    """What went wrong; and where the guard refused an address or a port, how it is allowed."""
    return f"{error.reason.replace('_', ' ')}: {advised(error.reason, error.detail)}"


if __name__ == "__main__":
    main(prog_name="newswire")
