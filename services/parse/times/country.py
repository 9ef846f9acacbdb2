"""The zone of a country that has one, from the table that comes with the time zones (tzdata's zone.tab)."""

from functools import lru_cache
from importlib.resources import files
from typing import Final

GENERIC: Final = frozenset(
    {"ac", "ag", "ai", "am", "bz", "cc", "cf", "co", "cx", "fm", "ga", "gg", "gl", "gq", "im", "io", "la", "ly", "me",
     "ml", "mn", "ms", "mu", "nu", "pw", "re", "sc", "sh", "so", "st", "tk", "to", "tv", "vc", "vg", "ws"}
)  # fmt: skip
"""Domains of countries that are sold to everybody and say nothing of a site's place."""
SPOKEN_IN: Final = {
    "bg": "BG", "cs": "CZ", "da": "DK", "et": "EE", "fi": "FI", "he": "IL", "hu": "HU", "hy": "AM", "is": "IS",
    "ja": "JP", "ka": "GE", "ko": "KR", "lt": "LT", "lv": "LV", "mk": "MK", "nb": "NO", "no": "NO", "pl": "PL",
    "sk": "SK", "sl": "SI", "sv": "SE", "th": "TH", "tr": "TR", "uk": "UA", "vi": "VN",
}  # fmt: skip
"""Languages whose newspapers are nearly all of one country, or of its time."""
_MAIN: Final = ("most of ", "(mainland)")
"""What the table says of the zone where nearly everybody lives."""


def country_of(host: str, language: str | None) -> str | None:
    """The country (ISO 3166) of a site: by the end of its host, else by its language and the region of that (`de-AT`).

    Not by a region of English: en-GB and en-US are what sites of all countries say.
    """
    end = host.rpartition(".")[2]
    if len(end) == 2 and end.isalpha() and end.isascii() and end not in GENERIC and end != "eu":  # noqa: PLR2004 - ISO 3166
        return "GB" if end == "uk" else end.upper()
    base, _, region = (language or "").rpartition("-")
    if base != "en" and len(region) == 2 and region.isupper():  # noqa: PLR2004 - ISO 3166
        return region
    return SPOKEN_IN.get(language or "")


@lru_cache(maxsize=1)
def _zones() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8").splitlines():
        cells = row.split("\t")
        if len(cells) > 2 and not row.startswith("#"):  # noqa: PLR2004 - country, place, zone
            found.setdefault(cells[0], []).append((cells[2], "".join(cells[3:])))
    return found


@lru_cache(maxsize=256)
def zone_of(country: str | None) -> str | None:
    """The zone of the country, IANA name; None where there are several that matter."""
    zones = _zones().get(country or "", [])
    main = [name for name, remark in zones if any(each in remark for each in _MAIN)]
    return zones[0][0] if len(zones) == 1 else main[0] if len(main) == 1 else None
