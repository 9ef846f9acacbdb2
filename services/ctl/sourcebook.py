"""The sources' buckets, for commands."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import click
from pydantic import ValidationError

from shared.bus import JetStreamContext, store
from shared.bus.client import explained, session
from shared.contracts import Source, SourceHealth, SourceState
from shared.settings import Settings
from shared.subjects import HEALTHS, SEEN, SOURCE_STATE, SOURCES, Bucket

AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A source, its revision, and what fetch knows of it."""

    source: Source
    revision: int
    state: SourceState | None = None


@asynccontextmanager
async def open_book(settings: Settings) -> AsyncGenerator["Book"]:
    """The book, while connected.

    Raises:
        ConnectionError, DependencyDown: there is no server, or it was never provisioned.
    """
    async with session(settings) as (_, js):
        with explained("the sources' buckets"):
            yield Book(js)


class Book:
    """Sources as operators want them, with what fetch knows of each."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def rows(self) -> list[Row]:
        """All sources, by id."""
        states = {each.key: each.body for each in await self._all(SOURCE_STATE) if each.body}
        rows = [_row(each.body, each.sequence, states.get(each.key)) for each in await self._all(SOURCES) if each.body]
        return sorted((row for row in rows if row), key=lambda row: row.source.id)

    async def healths(self) -> dict[str, SourceHealth]:
        """How the keeper says that sources fare, by id; a minute old while it runs."""
        kept = [each.body for each in await self._all(HEALTHS) if each.body and each.key.startswith("source.")]
        return {each.source: each for each in map(SourceHealth.model_validate_json, kept)}

    async def _all(self, bucket: Bucket) -> list[store.Change]:
        found = {each.key: each async for each in store.changed_since(self._js, bucket.name)}
        return list(found.values())

    async def row(self, name: str) -> Row:
        """One source.

        Raises:
            ClickException: there is none of this id.
        """
        found = await store.get(self._js, SOURCES.name, name) if name.isascii() and name.isprintable() else None
        state = await store.get(self._js, SOURCE_STATE.name, name) if found else None
        row = _row(found.body, found.revision, state.body if state else None) if found else None
        if row is None:
            raise click.ClickException(
                f"there is no source {name[:80]!r}; `newswire sources list` shows those there are"
            )
        return row

    async def save(self, source: Source, revision: int | None = None) -> None:
        """Write a source. `revision`: what it replaces; None: whatever is there.

        Raises:
            ClickException: somebody else wrote it meanwhile.
        """
        if revision is None:
            found = await store.get(self._js, SOURCES.name, source.id)
            revision = found.revision if found else 0
        try:
            body = source.model_dump_json(exclude_defaults=True).encode()
            await store.put(self._js, SOURCES.name, source.id, body, revision)
        except store.Conflict as conflict:
            raise click.ClickException(f"{source.id} was changed meanwhile; try again") from conflict

    async def save_all(self, sources: Sequence[Source], known: Mapping[str, int]) -> None:
        """Write many; `known`: the revisions of those that are replaced."""
        for start in range(0, len(sources), AT_ONCE):
            some = sources[start : start + AT_ONCE]
            await asyncio.gather(*(self.save(each, known.get(each.id)) for each in some))

    async def remove(self, name: str) -> None:
        """Forget a source and what is known of it."""
        for bucket in (SOURCES, SOURCE_STATE, SEEN):
            await store.delete(self._js, bucket.name, name)


def _row(body: bytes, revision: int, state: bytes | None) -> Row | None:
    try:
        known = SourceState.model_validate_json(state) if state else None
        return Row(Source.model_validate_json(body), revision, known)
    except ValidationError:
        return None
