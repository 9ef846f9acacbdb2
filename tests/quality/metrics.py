"""How far an extracted article is from the labelled one. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

SHINGLE: Final = 4
"""Words of a shingle, as in the benchmark of Zyte (scrapinghub/article-extraction-benchmark, evaluate.py)."""
SAME_INSTANT: Final = 60
"""Seconds that two readings of one time may differ by."""
_TOKEN: Final = re.compile(r"\w+")
_BETWEEN_NAMES: Final = re.compile(r"[,;&]|\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share, 0 to 1: `precision` of the extracted, `recall` of the labelled."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-grams of a text's words, case kept; a shorter text is one shingle."""
    tokens = _TOKEN.findall(text)
    return Counter(tuple(tokens[at : at + SHINGLE]) for at in range(max(1, len(tokens) - SHINGLE + 1)))


def overlap(truth: str, found: str) -> Overlap:
    """What an extracted body has in common with the labelled one."""
    wanted, got = shingles(truth), shingles(found)
    both = (wanted & got).total()
    return Overlap(both / got.total(), both / wanted.total())


def published(overlaps: Sequence[Overlap]) -> float:
    """The benchmark's published figure: F1 of the mean precision and the mean recall."""
    return Overlap(mean(each.precision for each in overlaps), mean(each.recall for each in overlaps)).f1


def mean(values: Iterable[float]) -> float:
    """The mean; not a number when there is nothing."""
    known = list(values)
    return sum(known) / len(known) if known else float("nan")


def words(text: str) -> str:
    """A line's words alone, without case, marks and compatibility forms: what titles and names are compared by."""
    return " ".join(_TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()))


def same_title(truth: str, found: str) -> bool:
    """Whether two titles have the same words."""
    return words(truth) == words(found)


def people(names: str | Iterable[str]) -> set[str]:
    """A set of names; one text may hold several."""
    lines = [names] if isinstance(names, str) else names
    return {known for line in lines for part in _BETWEEN_NAMES.split(line) if (known := words(part))}


def same_people(truth: str | Iterable[str], found: str | Iterable[str]) -> bool:
    """Whether the same people sign, in any order."""
    return people(truth) == people(found)


def same_day(truth: str, found: datetime | None) -> bool:
    """Whether `found` falls on the labelled day; of a labelled time with zone, the day is that zone's."""
    wanted = moment(truth)
    if found is None:
        return False
    if wanted is not None:
        return found.astimezone(wanted.tzinfo).date() == wanted.date()
    return found.date() == day(truth)


def same_instant(truth: str, found: datetime | None) -> bool:
    """Whether `found` is the labelled time, to a minute."""
    wanted = moment(truth)
    if wanted is None or found is None or found.tzinfo is None:
        return False
    return abs((wanted - found).total_seconds()) < SAME_INSTANT


def day(truth: str) -> date | None:
    """The labelled day; None where the label is none."""
    try:
        return datetime.fromisoformat(truth).date()
    except ValueError:
        return None


def moment(truth: str) -> datetime | None:
    """The labelled time with its zone; None for a day or for no zone."""
    try:
        known = datetime.fromisoformat(truth)
    except ValueError:
        return None
    return known if known.tzinfo else None


def crawled_at(text: str) -> datetime:
    """When a page was fetched: UTC where its label names no zone."""
    known = datetime.fromisoformat(text)
    return known if known.tzinfo else known.replace(tzinfo=UTC)
