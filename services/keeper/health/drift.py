"""Whether a source's articles are read otherwise than they used to be. Pure.

The newest articles are held against the source's own before them. A field that fills less often: Fisher's exact test,
which knows how little a short past says. Lengths: the rank test of Mann and Whitney. Both take articles to be
independent, which they are not: the night's have no authors, a series has short texts. So what happened before is no
drift: in the past no stretch as long may have been nearly as bad. And what is small is none, however sure: a share
of what is filled must have fallen by half, a median halved or doubled.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal, NamedTuple

from services.keeper.health.chance import elsewhere, fewer
from shared.contracts.health import Drift, Measure, Measured

WINDOW: Final = 20
"""Newest articles, which are judged together."""
LEAST_PAST: Final = 40
MOST_PAST: Final = 200
"""Articles before them, for anything to be said, and at most."""
SURE: Final = 1e-7
"""The probability by chance alone under which a difference is told of."""
LIKELY: Final = 1e-3
"""The same for what differs beside that; and a difference is over where none of it is as improbable any more."""
APART: Final = 0.01
"""The same, against any stretch of the past of the window's length."""
LONGEST: Final = 65_535
"""Characters; longer counts as this."""

Kind = Literal["filled", "length"]
Name = tuple[Kind, Measured]
NAMES: Final[tuple[Name, ...]] = (
    ("filled", "article"), ("filled", "body"), ("filled", "date"), ("filled", "author"),
    ("length", "headline"), ("length", "body"),
)  # fmt: skip


class Shape(NamedTuple):
    """What parse made of one article: characters, and whether there was a date and an author."""

    headline: int
    body: int
    dated: bool
    authored: bool


def _values() -> dict[Name, "array[int]"]:
    return {name: array("H") for name in NAMES}


@dataclass(slots=True)
class Look:
    """How a source's articles look: of each series the newest values, last those of the window.

    `drifts`: what differed when it was noticed. Until it is over the past is held, and `since` counts messages.
    """

    values: dict[Name, "array[int]"] = field(default_factory=_values)
    drifts: tuple[Drift, ...] = ()
    since: int = 0

    def refused(self) -> None:
        """A message was no article."""
        self._add("filled", "article", 0)

    def read(self, shape: Shape | None) -> None:
        """A message was an article; None: nothing more is known of it."""
        self._add("filled", "article", 1)
        if shape is None:
            return
        self._add("filled", "body", shape.body > 0)
        self._add("filled", "date", shape.dated)
        self._add("filled", "author", shape.authored)
        self._add("length", "headline", shape.headline)
        self._add("length", "body", shape.body)

    def _add(self, kind: Kind, measured: Measured, value: int) -> None:
        values = self.values[kind, measured]
        if self.drifts and len(values) >= WINDOW:
            del values[-WINDOW]
        elif len(values) >= MOST_PAST + WINDOW:
            del values[0]
        values.append(min(value, LONGEST))

    def judge(self) -> Literal["drift", "mended", "accepted"] | None:
        """What the last message changed: something differs, or nothing does any more, or the difference is usual."""
        if not self.drifts:
            if any(differs(kind, *parted(values), SURE) for (kind, _), values in self.values.items()):
                self.drifts, self.since = tuple(map(self._drift, self._differing())), 0
            return "drift" if self.drifts else None
        self.since += 1
        if self.since >= MOST_PAST:
            for values in self.values.values():
                del values[:-WINDOW]
            self.drifts = ()
            return "accepted"
        if any(chance(each.measure, *parted(self.values[each.measure, each.field])) < LIKELY for each in self.drifts):
            return None
        self.drifts = ()
        return "mended"

    def _differing(self) -> list[Name]:
        return [name for name, values in self.values.items() if differs(name[0], *parted(values), LIKELY)]

    def _drift(self, name: Name) -> Drift:
        past, newest = parted(self.values[name])
        return Drift(field=name[1], measure=name[0], usual=level(name[0], past), now=level(name[0], newest))

    def measures(self) -> tuple[Measure, ...]:
        """How each field is, and how it usually is, as far as that is known."""
        found: dict[Measured, dict[str, float]] = {}
        for (kind, measured), values in self.values.items():
            past, newest = parted(values)
            told = found.setdefault(measured, {})
            if newest:
                told[kind] = level(kind, newest)
            if len(past) >= LEAST_PAST:
                told[f"{kind}_usual"] = level(kind, past)
        return tuple(Measure(field=name, **told) for name, told in found.items() if told)


def parted(values: "array[int]") -> tuple[Sequence[int], Sequence[int]]:
    """The past, and the window."""
    return values[:-WINDOW], values[-WINDOW:]


def level(kind: Kind, values: Sequence[int]) -> float:
    """The share of what is filled, or the median length."""
    return round(sum(values) / len(values), 3) if kind == "filled" else float(median(values))


def chance(kind: Kind, past: Sequence[int], newest: Sequence[int]) -> float:
    """The probability of such newest values, if nothing changed."""
    return fewer(newest, past) if kind == "filled" else elsewhere(newest, past)


def differs(kind: Kind, past: Sequence[int], newest: Sequence[int], limit: float) -> bool:
    """Whether the newest are far from the past, improbable, and like nothing in it."""
    if len(past) < LEAST_PAST:
        return False
    now = level(kind, newest)
    if kind == "filled" and now > 0.5:  # noqa: PLR2004 - no share is twice that; spares most of the work
        return False
    usual = level(kind, past)
    lower = now <= usual / 2
    higher = kind == "length" and now >= usual * 2
    if not (lower or higher) or usual == now or chance(kind, past, newest) >= limit:
        return False
    stretches = (past[start : start + WINDOW] for start in range(len(past) - WINDOW + 1))
    return all(chance(kind, stretch, newest) < APART for stretch in stretches)
