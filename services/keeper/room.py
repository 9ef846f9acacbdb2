"""Makes room in streams that fill up, by removing what all their readers are done with."""

from typing import Final

from services.keeper.core import FULL, Fill, Ledger, room_made_by
from shared import telemetry
from shared.bus import JetStreamContext
from shared.subjects import CONSUMERS

STREAMS: Final = ("RAW", "PARSED", "ENRICHED")
"""Streams that refuse what is new when they are full."""
MOST_STEPS: Final = 20


class Room:
    """`floors` first, then the advisories, then `make`: what a floor has passed because the server gave a message up
    is then in a dead letter, and its bytes may go.
    """

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def floors(self) -> dict[str, int]:
        """Of each stream that is too full: the sequence up to which all its durable consumers are done."""
        return {name: await self._floor(name) for name in STREAMS if await self._is_full(name)}

    async def make(self, floors: dict[str, int], ledger: Ledger) -> None:
        """Remove up to these floors, as far as the ledger has read, and no more than needed."""
        for name, floor in floors.items():
            await self._purge(name, min(floor, ledger.places[name].sequence))

    async def _is_full(self, name: str) -> bool:
        fill = await self._fill(name)
        return 0 < fill.limit * FULL < fill.bytes

    async def _fill(self, name: str) -> Fill:
        info = await self._js.stream_info(name)
        return Fill(info.state.messages, info.state.bytes, info.state.first_seq, info.config.max_bytes or 0)

    async def _floor(self, name: str) -> int:
        infos = {info.name: info for info in await self._js.consumers_info(name)}
        if any(each.stream == name and each.durable not in infos for each in CONSUMERS):
            return 0  # one is being made anew: it will want to read what is there
        durable = [info for info in infos.values() if info.config.durable_name]
        return min(info.ack_floor.stream_seq if info.ack_floor else 0 for info in durable)

    async def _purge(self, name: str, floor: int) -> None:
        before = fill = await self._fill(name)
        for _ in range(MOST_STEPS):
            sequence = room_made_by(fill, floor)
            if sequence is None:
                break
            await self._js.purge_stream(name, seq=sequence)
            fill = await self._fill(name)
        if fill != before:
            telemetry.log(
                "keeper.purged", stream=name, messages=before.messages - fill.messages, bytes=before.bytes - fill.bytes
            )
