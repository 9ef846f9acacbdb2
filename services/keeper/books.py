"""The ledger as it is stored: a value for each source, then the places that the streams were read to.

In this order, because an account knows what was posted to it: a crash in between costs some reading, and no entry.
Revisions guard each value. When a second keeper runs, one of them meets a conflict and begins again from what is
stored; both are slower then, and neither is wrong.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pyroaring import BitMap64

from services.keeper.core import OTHERS, OUTCOMES, Account, Ledger, Place
from shared.bus import JetStreamContext, store
from shared.errors import DependencyDown
from shared.ledger import PLACES, SOURCE
from shared.subjects import LEDGER

T = TypeVar("T")


def encode(source: str, account: Account) -> bytes:
    """The stored form: the balance for readers, and the rest for us."""
    value: dict[str, Any] = account.balance(source).model_dump()
    value["places"] = account.places
    value["bitmaps"] = {
        "open": _text(account.open),
        "lost": _text(account.lost),
        "replays": _text(account.replays),
        **{outcome: _text(early) for outcome, early in account.early.items()},
    }
    return json.dumps(value, separators=(",", ":")).encode()


def decode(body: bytes) -> Account:
    """The account again.

    Raises:
        ValueError: this is not the keeper's.
        KeyError: same.
    """
    value = json.loads(body)
    bitmaps = value["bitmaps"]
    return Account(
        counts={name: int(value[name]) for name in Account().counts},
        open=_bitmap(bitmaps["open"]),
        lost=_bitmap(bitmaps["lost"]),
        replays=_bitmap(bitmaps["replays"]),
        early={outcome: _bitmap(bitmaps[outcome]) for outcome in OUTCOMES},
        places=_places(value["places"]),
    )


def _places(value: Mapping[str, list[int]]) -> dict[str, Place]:
    return {stream: Place(*place) for stream, place in value.items()}


def _text(bitmap: BitMap64) -> str:
    bitmap.run_optimize()
    return base64.b85encode(bitmap.serialize()).decode() if bitmap else ""


def _bitmap(text: str) -> BitMap64:
    return BitMap64.deserialize(base64.b85decode(text)) if text else BitMap64()


class Books:
    """Loads the ledger and stores what changed."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js
        self._revisions: dict[str, int] = {}
        self._places = b""

    async def load(self) -> Ledger:
        """The ledger as last stored; empty when there is none.

        Raises:
            DependencyDown: a value is not the keeper's.
        """
        self._revisions = {}
        ledger = Ledger()
        ledger.places = await self._read(PLACES, lambda body: _places(json.loads(body))) or {}
        for source in await store.keys(self._js, LEDGER.name, SOURCE):
            account = await self._read(f"{SOURCE}.{source}", decode)
            if account:
                ledger.accounts[source] = account
        return ledger

    async def commit(self, ledger: Ledger) -> None:
        """Store what changed.

        Raises:
            Conflict: another keeper stored something since; load again.
        """
        for source in sorted(ledger.changed, key=lambda name: (name == OTHERS, name)):  # who has an account, first
            await self._put(f"{SOURCE}.{source}", encode(source, ledger.accounts[source]))
            ledger.changed.discard(source)
        places = json.dumps(ledger.places).encode()
        if places != self._places:
            await self._put(PLACES, places)
            self._places = places

    async def _read(self, key: str, reader: Callable[[bytes], T]) -> T | None:
        found = await store.get(self._js, LEDGER.name, key)
        self._revisions[key] = found.revision if found else 0
        try:
            return reader(found.body) if found else None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            step = (
                "delete the bucket and run `newswire provision`: all is counted anew from what the streams still hold"
            )
            what = f"key {key} of bucket {LEDGER.name} cannot be read ({type(error).__name__})"
            raise DependencyDown("dependency_down", f"{what}; {step}") from error

    async def _put(self, key: str, body: bytes) -> None:
        self._revisions[key] = await store.put(self._js, LEDGER.name, key, body, self._revisions.get(key, 0))
