"""`newswire tokens`: who may publish which source over HTTP."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Final

import click
from pydantic import ValidationError

from services.ctl.output import columns, emit, moment, plain
from services.ctl.settings import load
from shared.bus import JetStreamContext, store
from shared.bus.client import explained, session
from shared.contracts import Access, AccessToken
from shared.contracts.intake import MOST_TOKENS
from shared.settings import Settings
from shared.subjects import TOKENS, token

PREFIX: Final = "nwt_"
"""What scanners for secrets that ended in a repository know ours by."""
_HEAD: Final = ("source", "token", "since", "articles/min", "MB/min", "note")


@click.group()
def tokens() -> None:
    """Who may publish over HTTP. A token is for one source, which may have several; only their hashes are kept."""


@tokens.command()
@click.argument("source")
@click.option("--note", default="", help="Who has it, for `list`.")
@click.option("--messages-per-minute", type=click.IntRange(1, 1_000_000), help="Articles of the source.")
@click.option("--bytes-per-minute", type=click.IntRange(1_000), help="Of the source.")
@click.option("--max-bytes", type=click.IntRange(1_000, 4 * 1024 * 1024), help="Of one request.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def add(source: str, note: str, *, as_json: bool, **limits: int | None) -> None:
    """Make a token for SOURCE and print it: it can be shown this once only.

    Standard output has the token alone. Limits that are said hold for all tokens of the source from now on.
    """
    if not source.strip():
        raise click.BadParameter("it is empty; name who publishes", param_hint="SOURCE")
    said = {name: value for name, value in limits.items() if value is not None}
    secret = PREFIX + secrets.token_urlsafe(32)
    made = asyncio.run(_add(token(source), secret, note, said))
    if as_json:
        emit({"source": token(source), "id": made.id, "token": secret})
        return
    click.echo(secret)
    click.echo(f"token {made.id} for POST /v1/raw/{token(source)}; keep it, it is not shown again", err=True)


async def _add(source: str, secret: str, note: str, limits: dict[str, int]) -> AccessToken:
    found = hashlib.sha256(secret.encode()).hexdigest()
    made = AccessToken(id=found[:12], sha256=found, created_at=datetime.now(UTC), note=plain(note))
    async with _open() as book:
        access, revision = await book.access(source)
        if len(access.tokens) >= MOST_TOKENS:
            raise click.ClickException(f"{source} has {MOST_TOKENS} tokens already; revoke one of them first")
        changed = access.model_copy(update={**limits, "tokens": (*access.tokens, made)})
        await book.save(changed, revision)
    return made


@tokens.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(*, as_json: bool) -> None:
    """List tokens by source, with its limits. The tokens themselves are not kept."""
    found = [(access, each) for access in asyncio.run(_all()) for each in access.tokens]
    if as_json:
        for access, each in found:
            about = access.model_dump(mode="json", exclude={"tokens"})
            emit({**about, "id": each.id, "created_at": each.created_at, "note": each.note})
        return
    click.echo(columns(_HEAD, (_row(*each) for each in found)) if found else "no token yet; newswire tokens add SOURCE")


def _row(access: Access, each: AccessToken) -> tuple[str, ...]:
    mb = f"{access.bytes_per_minute / 1024**2:.0f}"
    return access.source, each.id, moment(each.created_at), str(access.messages_per_minute), mb, plain(each.note) or "-"


async def _all() -> list[Access]:
    async with _open() as book:
        return await book.all()


@tokens.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
def revoke(ids: tuple[str, ...]) -> None:
    """Revoke tokens by the ids that `list` shows. The intake knows it within some seconds."""
    asyncio.run(_revoke(set(ids)))
    click.echo(f"{len(set(ids))} revoked")


async def _revoke(ids: set[str]) -> None:
    async with _open() as book:
        known = await book.all()
        if missing := ids - {each.id for access in known for each in access.tokens}:
            raise click.ClickException(f"no such token: {', '.join(sorted(plain(each, 40) for each in missing))}")
        for source in [access.source for access in known if ids & {each.id for each in access.tokens}]:
            access, revision = await book.access(source)
            kept = tuple(each for each in access.tokens if each.id not in ids)
            await book.save(access.model_copy(update={"tokens": kept}), revision)


class Book:
    """The bucket of tokens."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def access(self, source: str) -> tuple[Access, int]:
        """What opens a source, and the revision that saving it takes."""
        found = await store.get(self._js, TOKENS.name, source)
        return (_access(found.body) if found else None) or Access(source=source), found.revision if found else 0

    async def all(self) -> list[Access]:
        """Of every source that has one, by name."""
        found = {each.key: _access(each.body) async for each in store.changed_since(self._js, TOKENS.name)}
        return [access for _, access in sorted(found.items()) if access]

    async def save(self, access: Access, revision: int) -> None:
        """Replace what opens a source.

        Raises:
            ClickException: somebody else wrote it meanwhile.
        """
        try:
            body = access.model_dump_json(exclude_defaults=True).encode()
            await store.put(self._js, TOKENS.name, access.source, body, revision)
        except store.Conflict as conflict:
            raise click.ClickException(f"tokens of {access.source} were changed meanwhile; try again") from conflict


@asynccontextmanager
async def _open() -> AsyncGenerator[Book]:
    async with session(load(Settings)) as (_, js):
        with explained("bucket of tokens"):
            yield Book(js)


def _access(body: bytes | None) -> Access | None:
    try:
        return Access.model_validate_json(body) if body else None
    except ValidationError:
        return None
