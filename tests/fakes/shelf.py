"""An intake without its server: a register of tokens, and a stream that keeps what it is given."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from services.intake.access import Register
from services.intake.core import Article
from shared.contracts import Access, AccessToken, Origin

TOKEN = "nwt_" + "t" * 43


class Shelf:
    """A stream of raw articles, without its server."""

    def __init__(self) -> None:
        self.stored: list[Article] = []

    async def publish(self, source: str, listed: Sequence[Article]) -> list[Origin]:
        """Keep them; their places."""
        del source
        self.stored += listed
        return [Origin(1, number) for number in range(len(self.stored) - len(listed) + 1, len(self.stored) + 1)]


def register(tokens: Mapping[str, str]) -> Register:
    """A register that was read, with one token for each source."""
    known = Register()
    for source, token in tokens.items():
        found = hashlib.sha256(token.encode()).hexdigest()
        kept = AccessToken(id=found[:12], sha256=found, created_at=datetime.now(UTC))
        known.put(source, Access(source=source, tokens=(kept,)))
    known.loaded = True
    return known
