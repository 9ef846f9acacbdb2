"""Where the keeper writes each source's balance, and how anybody reads it."""

import asyncio
from typing import Final

from shared.bus import JetStreamContext, store
from shared.contracts.balance import Balance
from shared.subjects import LEDGER

SOURCE: Final = "source"
"""Key prefix of a source's account. The keeper keeps more in it than the balance."""
PLACES: Final = "places"
"""Key of the places that the streams were read to."""
AT_ONCE: Final = 32


async def balances(js: JetStreamContext) -> dict[str, Balance]:
    """Each source's balance as last written; seconds old while the keeper runs.

    Raises:
        nats.errors.Error: NATS does not answer, or was never provisioned.
        pydantic.ValidationError: a value is not the keeper's.
    """
    names = await store.keys(js, LEDGER.name, SOURCE)
    several = asyncio.Semaphore(AT_ONCE)

    async def read(name: str) -> Balance | None:
        async with several:
            found = await store.get(js, LEDGER.name, f"{SOURCE}.{name}")
        return Balance.model_validate_json(found.body) if found else None

    found = await asyncio.gather(*(read(name) for name in names))
    return {each.source: each for each in found if each}
