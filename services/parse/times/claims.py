"""Raw times as they were found, read and checked."""

from datetime import datetime
from typing import Final, NamedTuple

from services.parse.findings import Draft
from services.parse.times.agree import Witness
from services.parse.times.reading import MAX_LENGTH, Habits, read_claim
from services.parse.times.window import believable
from shared.contracts import EvidenceSource

OUTSIDE: Final = "outside 1990 to now"


class Candidate(NamedTuple):
    """A raw time with where it was found and how sure it would be."""

    source: EvidenceSource
    rule: str
    raw: str
    sure: float


def believed(draft: Draft, name: str, candidate: Candidate, habits: Habits, observed_at: datetime) -> Witness | None:
    """What a raw time says, or None; what is not believed is kept as refused, and why."""
    source, rule, raw, sure = candidate
    reading = read_claim(raw[:MAX_LENGTH], habits)
    if reading is None:
        draft.refuse(name, source, f"{rule}: not a time", raw)
    elif not believable(reading.moment.at, observed_at):
        draft.refuse(name, source, f"{rule}: {OUTSIDE}", raw)
    else:
        return Witness(reading.moment, source, rule, sure)
    return None
