"""How much may be fetched, by how full the streams behind are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SLOW_FROM, STOP_AT = 0.3, 0.6
"""Shares of a stream that what is not processed yet takes up."""
FULL: Final = 0.92
"""Share of a stream that is taken, processed or not: the keeper makes room from 0.7 on, so that this is not usual."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """A stream and the stage that reads it. `open`: messages that are not processed; `bytes` and `limit` of all."""

    stream: str
    open: int
    messages: int
    bytes: int
    limit: int

    @property
    def waiting(self) -> float:
        """The share of the stream that is not processed, taking all messages for equally large."""
        if self.limit <= 0 or not self.messages:
            return 0.0
        return min(self.open / self.messages, 1.0) * self.bytes / self.limit

    @property
    def full(self) -> float:
        """The share of the stream that is taken."""
        return self.bytes / self.limit if self.limit > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """`share` of the usual pace, 0 to 1, and why it is less than 1."""

    share: float = 1.0
    reason: str = ""


def pace_of(backlogs: Sequence[Backlog]) -> Pace:
    """As fast as the fullest stream allows."""
    return min((_pace(each) for each in backlogs), key=lambda pace: pace.share, default=Pace())


def _pace(backlog: Backlog) -> Pace:
    if backlog.full >= FULL:
        return Pace(0.0, f"{backlog.stream} is {backlog.full:.0%} full")
    if backlog.waiting <= SLOW_FROM:
        return Pace()
    share = max((STOP_AT - backlog.waiting) / (STOP_AT - SLOW_FROM), 0.0)
    return Pace(share, f"{backlog.waiting:.0%} of {backlog.stream} waits to be processed")
