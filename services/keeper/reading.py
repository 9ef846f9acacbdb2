"""Reads the streams that the ledger is folded from."""

from typing import Final

from services.keeper.core import TRACKED, Ledger, Place, Record
from shared.bus import JetStreamContext
from shared.bus.ordered import OrderedReader
from shared.subjects import DLQ, INDEXED, LEDGER_READER, RAW, REPLAY_ENRICH, REPLAY_INDEX, REPLAY_PARSE, SKIPPED

SOURCES: Final = {
    "RAW": (RAW.pattern, REPLAY_PARSE.pattern),
    "PARSED": (REPLAY_ENRICH.pattern,),
    "ENRICHED": (REPLAY_INDEX.pattern,),
    "EVENTS": (INDEXED.pattern, *(SKIPPED.pattern.replace("*", stage, 1) for stage in TRACKED)),
    "DLQ": tuple(DLQ.pattern.replace("*", stage, 1) for stage in TRACKED),
}
"""What is read of each stream."""
MOST_PAGES: Final = 40
"""Of each stream at a time, so that a long backlog is stored in between."""


class Reading:
    """All streams of the ledger."""

    def __init__(self, js: JetStreamContext) -> None:
        self._readers = {name: OrderedReader(js, LEDGER_READER, name, filters) for name, filters in SOURCES.items()}

    async def catch_up(self, ledger: Ledger) -> bool:
        """Post what is new; True when everything stored before this call was read."""
        ends = [await self._read(ledger, name, reader) for name, reader in self._readers.items()]
        return all(ends)

    async def close(self) -> None:
        """Let go of the server's consumers."""
        for reader in self._readers.values():
            await reader.close()

    async def _read(self, ledger: Ledger, name: str, reader: OrderedReader) -> bool:
        for _ in range(MOST_PAGES):
            page = await reader.read(*ledger.places.get(name, Place()))
            for msg in page.messages:
                place = Place(page.epoch, msg.metadata.sequence.stream)
                ledger.post(Record(name, place, msg.subject, msg.headers or {}))
            ledger.advance(name, Place(page.epoch, page.sequence))
            if page.end:
                return True
        return False
