"""Writes the outline of land for the small map of `newswire parse --enrich --html`, as one path of SVG.

From Natural Earth (public domain), as the npm package world-atlas has it (ISC): python -m deploy.models.outline
land-110m.json. Rounded to half a degree: a map some hundred pixels wide shows no more.
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any, Final

FILE: Final = Path("services/ctl/explain/land.path")
AROUND: Final = 720
Point = tuple[int, int]
"""Half degrees to the east and to the south."""


def main(source: Path) -> None:
    """Write the path."""
    topology = json.loads(source.read_text("utf-8"))
    arcs = [list(_points(arc, topology["transform"])) for arc in topology["arcs"]]
    [land] = topology["objects"]["land"]["geometries"]
    rings = (_ring(ring, arcs) for polygon in land["arcs"] for ring in polygon)
    FILE.write_text("".join(_path(ring) for ring in rings if len(ring) > 3) + "\n", "ascii")  # noqa: PLR2004 - a line


def _points(arc: list[list[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """An arc's points, which the file gives as steps from one to the next."""
    (by_x, by_y), (from_x, from_y) = transform["scale"], transform["translate"]
    xs, ys = accumulate(step[0] for step in arc), accumulate(step[1] for step in arc)
    for x, y in zip(xs, ys, strict=True):
        yield round((x * by_x + from_x) * 2), -round((y * by_y + from_y) * 2)


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A ring of arcs; one with a negative number runs backwards. It goes on where it crosses the date line."""
    points = (point for number in numbers for point in (arcs[number] if number >= 0 else arcs[~number][::-1]))
    ring = [point for point, _ in groupby(_unwrapped(points))]
    away = round(sum(x for x, _ in ring) / len(ring) / AROUND) * AROUND
    return [(x - away, y) for x, y in ring]


def _unwrapped(points: Iterator[Point]) -> Iterator[Point]:
    turn, before = 0, None
    for x, y in points:
        if before is not None and abs(x - before) > AROUND // 2:
            turn += AROUND if x < before else -AROUND
        before = x
        yield x + turn, y


def _path(ring: list[Point]) -> str:
    steps = ((x - px, y - py) for (px, py), (x, y) in pairwise(ring))
    return f"M{ring[0][0]} {ring[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
