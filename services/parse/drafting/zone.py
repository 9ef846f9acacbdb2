"""Which time zone a publisher is likely to print: that of its country, checked against the offsets it declares."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo


def zone_of(country: str, stated: datetime | None) -> str:
    """The first zone of a country that has the offset of `stated`; the first of all without one, UTC without any."""
    zones = _zones().get(country, ["UTC"])
    offset = stated.utcoffset() if stated else None
    if stated is None or not offset:
        return zones[0]
    return next((each for each in zones if stated.astimezone(ZoneInfo(each)).utcoffset() == offset), zones[0])


@cache
def _zones() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for country, zone in _rows():
        found.setdefault(country, []).append(zone)
    return found


def _rows() -> Iterator[tuple[str, str]]:
    """The table of the tz database: countries with their zones, the most populous first."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            yield country, zone
