"""The ledger: each source's balance, folded from the streams themselves. Pure.

A raw message or a replay opens an entry, its outcome closes it; what is open is in flight. The streams are read
independently of each other, so an outcome may be met before what it closes: it then waits in `early`. Each account
carries the places it was posted to, so that reading a stream again from an older place changes nothing. Together:
any interleaving, any duplicates and any restarts give the same balance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from pyroaring import BitMap64

from shared.contracts import Origin
from shared.contracts.balance import Balance
from shared.subjects import DLQ, INDEXED, RAW, REPLAY_ENRICH, REPLAY_INDEX, REPLAY_PARSE, SKIPPED, token

Opening = Literal["raw", "replayed"]
Outcome = Literal["indexed", "skipped", "dead"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("indexed", "skipped", "dead")
TRACKED: Final = ("parse", "enrich", "index")
"""Stages whose outcomes end a raw message. Fetch's end a job, before there is one."""

MAX_SOURCES: Final = 10_000
"""Accounts of their own; sources met later share `OTHERS`, so that invented names cannot fill the memory."""
OTHERS: Final = "_other"
UNREADABLE_GENERATION: Final = 255
"""The generation under which the bus dead-letters a message whose origin cannot be read."""

_ORIGIN: Final = "newswire-origin"
_KINDS: Final[dict[str, Opening | Outcome]] = {
    RAW.pattern: "raw",
    REPLAY_PARSE.pattern: "replayed",
    REPLAY_ENRICH.pattern: "replayed",
    REPLAY_INDEX.pattern: "replayed",
    INDEXED.pattern: "indexed",
    **{SKIPPED.pattern.replace("*", stage, 1): "skipped" for stage in TRACKED},
    **{DLQ.pattern.replace("*", stage, 1): "dead" for stage in TRACKED},
}
"""Subjects without their last token to what a message there says."""


class Place(NamedTuple):
    """A place in a stream: the stream's epoch, and the sequence in it."""

    epoch: int = 0
    sequence: int = 0


class Record(NamedTuple):
    """A message as the ledger reads it: all but its body."""

    stream: str
    place: Place
    subject: str
    headers: Mapping[str, str]


class Entry(NamedTuple):
    """What a record says."""

    source: str
    kind: Opening | Outcome
    origin: Origin


def entry_of(record: Record) -> Entry | None:
    """What `record` says; None when it says nothing about a balance."""
    family, _, last = record.subject.rpartition(".")
    kind = _KINDS.get(f"{family}.*")
    if kind is None:
        return None
    match kind:
        case "raw" | "replayed":
            return Entry(token(last), kind, _opened(record, kind))
        case _:
            origin = _stated(record)
            return Entry(token(last), kind, origin) if origin else None


def _opened(record: Record, opening: Opening) -> Origin:
    """As the bus does it: a raw message's own claims count for nothing, and what is unreadable gets a stand-in."""
    here = Origin(record.place.epoch, record.place.sequence)
    return here if opening == "raw" else _stated(record) or here._replace(generation=UNREADABLE_GENERATION)


def _stated(record: Record) -> Origin | None:
    stated = next((value for name, value in record.headers.items() if name.lower() == _ORIGIN), "")
    try:
        return Origin.parse(stated)
    except ValueError:
        return None


def key_of(origin: Origin) -> int:
    """63 bits: generation, epoch, sequence. First generations come first and in order, so that runs compress."""
    return origin.generation << 55 | origin.epoch << 40 | origin.sequence


def _zeros() -> dict[str, int]:
    return dict.fromkeys(("raw", "replayed", *OUTCOMES, "duplicates"), 0)


def _bitmaps() -> dict[Outcome, BitMap64]:
    return {outcome: BitMap64() for outcome in OUTCOMES}


@dataclass(slots=True)
class Account:
    """One source. `replays`: all that were ever opened, so that none is opened twice."""

    counts: dict[str, int] = field(default_factory=_zeros)
    open: BitMap64 = field(default_factory=BitMap64)
    lost: BitMap64 = field(default_factory=BitMap64)
    replays: BitMap64 = field(default_factory=BitMap64)
    early: dict[Outcome, BitMap64] = field(default_factory=_bitmaps)
    places: dict[str, Place] = field(default_factory=dict[str, Place])

    def post(self, stream: str, place: Place, entry: Entry) -> bool:
        """Apply an entry read at `place` of `stream`; False when it was applied before."""
        if place <= self.places.get(stream, Place()):
            return False
        self.places[stream] = place
        if stream == "RAW":
            self._sweep(place)
        match entry.kind:
            case "raw" | "replayed":
                self._open(entry.kind, entry.origin)
            case _:
                self._close(entry.kind, entry.origin)
        return True

    def _open(self, kind: Opening, origin: Origin) -> None:
        key = key_of(origin)
        if kind == "replayed":
            if origin.generation == 0 or key in self.replays:  # not a replay, or the same one again
                self.counts["duplicates"] += 1
                return
            self.replays.add(key)
        self.counts[kind] += 1
        for outcome, early in self.early.items():
            if key in early:
                early.discard(key)
                self.counts[outcome] += 1
                return
        self.open.add(key)

    def _close(self, outcome: Outcome, origin: Origin) -> None:
        key = key_of(origin)
        for pending in (self.open, self.lost):
            if key in pending:
                pending.discard(key)
                self.counts[outcome] += 1
                return
        if self.met(origin) or any(key in early for early in self.early.values()):
            self.counts["duplicates"] += 1
        else:
            self.early[outcome].add(key)

    def met(self, origin: Origin) -> bool:
        """Whether what this origin names was read, if it is this source's."""
        if origin.generation:
            return key_of(origin) in self.replays
        return Place(origin.epoch, origin.sequence) <= self.places.get("RAW", Place())

    def _sweep(self, place: Place) -> None:
        """Drop early outcomes of raw messages that were never read: removed before, or another source's."""
        limit = key_of(Origin(*place))
        for early in self.early.values():
            if early and early.min() < limit:
                self.counts["duplicates"] += early.range_cardinality(0, limit)
                early.remove_range(0, limit)

    def lose(self, epoch: int) -> bool:
        """RAW was made anew: what is open is not to be had from it again. False when that is known."""
        if self.places.get("RAW", Place()).epoch >= epoch:
            return False
        self.places["RAW"] = Place(epoch)
        self.lost.update(self.open)
        self.open.clear()
        return True

    def balance(self, source: str) -> Balance:
        """The balance now."""
        return Balance(source=source, in_flight=len(self.open), lost=len(self.lost), **self.counts)


@dataclass(slots=True)
class Ledger:
    """All accounts, the places each stream was read to, and the accounts changed since they were last stored."""

    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    changed: set[str] = field(default_factory=set[str])

    def post(self, record: Record) -> None:
        """Apply a record. Those of one stream must come in its order."""
        self.advance(record.stream, record.place)
        entry = entry_of(record)
        if entry:
            name = self.account_of(entry.source)
            if self.accounts.setdefault(name, Account()).post(record.stream, record.place, entry):
                self.changed.add(name)

    def advance(self, stream: str, place: Place) -> None:
        """Everything up to `place` was read."""
        before = self.places.get(stream, Place())
        self.places[stream] = max(before, place)
        if stream == "RAW" and 0 < before.epoch < place.epoch:
            self.changed |= {name for name, account in self.accounts.items() if account.lose(place.epoch)}

    def account_of(self, source: str) -> str:
        """The account that a source is posted to."""
        return source if source in self.accounts or len(self.accounts) < MAX_SOURCES else OTHERS

    def settled(self, source: str, origin: Origin) -> bool:
        """Whether an outcome of this origin is recorded. Only sure when all streams were read to their ends."""
        if origin.epoch != self.places.get("RAW", Place()).epoch:
            return False  # of a stream that was made anew since: nothing is known, and a second letter does no harm
        account = self.accounts.get(self.account_of(source), Account())
        key = key_of(origin)
        return account.met(origin) and key not in account.open and key not in account.lost

    def owner(self, origin: Origin) -> str | None:
        """The source under which this origin is open."""
        key = key_of(origin)
        return next((name for name, each in self.accounts.items() if key in each.open or key in each.lost), None)

    def in_flight(self) -> int:
        """Open entries of all sources."""
        return sum(len(account.open) for account in self.accounts.values())

    def balances(self) -> dict[str, Balance]:
        """Each source's balance now."""
        return {name: account.balance(name) for name, account in self.accounts.items()}


FULL: Final = 0.7
"""Fill of a stream at which processed messages are removed."""
ENOUGH: Final = 0.5
"""Fill that is aimed at then."""


class Fill(NamedTuple):
    """A stream's state. `limit`: max_bytes."""

    messages: int
    bytes: int
    first: int
    limit: int


def room_made_by(fill: Fill, floor: int) -> int | None:
    """The sequence before which to remove everything; None when nothing is to be removed.

    `floor`: up to it all readers are done. The sizes of single messages are not known, so this goes half of the way
    by the average; call it again with the new state.
    """
    if floor < fill.first or not fill.messages or fill.bytes <= fill.limit * ENOUGH:
        return None
    average = fill.bytes / fill.messages
    half = int((fill.bytes - fill.limit * ENOUGH) / average / 2)
    return min(floor, fill.first + half) + 1


class Reading(NamedTuple):
    """What the server says at one moment. `marks` differ whenever anything moved; `places`: the ends of streams."""

    in_flight: int
    marks: tuple[int, ...]
    places: Mapping[str, Place]


def imbalance(ledger: Ledger, before: Reading, after: Reading) -> int | None:
    """Entries that are open although nothing is in flight for them; None when something moved meanwhile.

    Negative: in flight, but recorded as ended, as when an outcome is told and its acknowledgement is not.
    """
    read = all(ledger.places.get(stream) == place for stream, place in after.places.items())
    return ledger.in_flight() - after.in_flight if before == after and read else None


def leading(balances: Mapping[str, Balance], most: int) -> dict[str, Balance]:
    """The `most` sources with the most messages, and the sum of the rest as `OTHERS`."""
    ranked = sorted(balances.values(), key=lambda each: (-(each.raw + each.replayed), each.source))
    named = {each.source: each for each in ranked[:most] if each.source != OTHERS}
    rest = [each for each in ranked if each.source not in named]
    if rest:
        numbers = {name: sum(getattr(each, name) for each in rest) for name in Balance.model_fields if name != "source"}
        named[OTHERS] = Balance(source=OTHERS, **numbers)
    return named
