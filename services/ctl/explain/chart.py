"""Places on a small map: lines of the globe, the outline of land, a dot for each place. Pure, and one file.

Plate carrée with the width of a degree as it is in the middle of what is shown. Units are half degrees.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from shared.contracts import Place

LAND: Final = Path(__file__).parent / "land.path"
LEAST: Final = 50.0
"""Units from top to bottom that are shown at least: 25 degrees tell where in the world it is."""
MARGIN: Final = 1.3
"""How much more is shown than the places take."""
SHAPE: Final = 2.0
"""Width by height."""
STEP: Final = 20
"""Units between two lines of the globe."""


WIDE: Final = 2.3
"""A letter's width in the chart's own unit, of which a name is four high."""
SHIFTS: Final = (0.0, 4.5, -4.5)
"""How far a name may stand from beside its dot, where another name has the room."""


class Dot(NamedTuple):
    """A place on the map. `side`: of it, on which its name has room; `base`: the line the name stands on, if any."""

    x: float
    y: float
    name: str
    side: str
    base: float | None


class Chart(NamedTuple):
    """`box`: left, top, width and height. `squeeze`: how wide a degree is, by how high."""

    box: tuple[float, float, float, float]
    squeeze: float
    unit: float
    meridians: tuple[float, ...]
    parallels: tuple[int, ...]
    dots: tuple[Dot, ...]
    land: str


@cache
def land() -> str:
    """The outline of land (Natural Earth, public domain); `python -m deploy.models.outline` writes it."""
    return LAND.read_text("ascii").strip()


def chart(places: Sequence[Place]) -> Chart | None:
    """The map of these places; None where there are none."""
    if not places:
        return None
    lats, lons = [each.location.lat for each in places], [each.location.lon for each in places]
    middle = (min(lats) + max(lats)) / 2
    squeeze = max(0.35, math.cos(math.radians(middle)))
    left, right = min(lons) * 2 * squeeze, max(lons) * 2 * squeeze
    high = min(max(LEAST, (max(lats) - min(lats)) * 2 * MARGIN, (right - left) * MARGIN / SHAPE), 360.0)
    wide = high * SHAPE
    box = ((left + right - wide) / 2, -middle * 2 - high / 2, wide, high)
    xs = tuple(round(x * squeeze, 2) for x in range(-360, 361, STEP))
    unit = high / 100
    dots = tuple(_named([(each.location.lon * 2 * squeeze, -each.location.lat * 2, each.name) for each in places],
                        box[0] + box[2] * 0.7, unit))  # fmt: skip
    return Chart(box, squeeze, unit, xs, tuple(range(-180, 181, STEP)), dots, land())


def _named(places: Iterable[tuple[float, float, str]], late: float, unit: float) -> Iterator[Dot]:
    """Each place with its name where no other name stands, if there is room for it; right of `late` to the left."""
    taken: list[tuple[float, float, float]] = []
    for x, y, name in places:
        side, width = "end" if x > late else "start", len(name) * WIDE * unit
        start = x if side == "start" else x - width
        shift = next((shift for shift in SHIFTS if _free(taken, start, start + width, y + shift * unit, unit)), None)
        if shift is not None:
            taken.append((start, start + width, y + shift * unit))
        base = None if shift is None else round(y + (1 + shift) * unit, 2)
        yield Dot(round(x, 2), round(y, 2), name, side, base)


def _free(taken: list[tuple[float, float, float]], start: float, end: float, y: float, unit: float) -> bool:
    return all(end < left or start > right or abs(y - base) >= 4 * unit for left, right, base in taken)
