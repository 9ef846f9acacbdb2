"""What a publisher reserves: robots' noindex and noarchive, text and data mining (TDMRep, https://www.w3.org/2022/tdmrep/)."""

from collections.abc import Iterable, Mapping
from typing import Final

from services.fetch.feeds.markup import metas
from shared.contracts import Reservation

KEEPING_OUT: Final[frozenset[Reservation]] = frozenset({"noindex", "tdm"})
"""Reservations that keep an article out where they are honoured; `noarchive` only keeps its page out of the archive."""
ROBOTS: Final = ("robots", "newswire", "googlebot-news")
"""Names of `meta` that concern whoever gathers news."""
_AGENTS: Final = ("newswire",)
_WITH_VALUES: Final = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
"""Directives with a colon of their own."""
_DIRECTIVES: Final[dict[str, tuple[Reservation, ...]]] = {
    "noindex": ("noindex",), "noarchive": ("noarchive",), "nocache": ("noarchive",), "none": ("noindex",),
}  # fmt: skip


def reserved(headers: Mapping[str, str], page: str) -> frozenset[Reservation]:
    """What an answer reserves, by its headers and its `meta`."""
    declared = metas(page)
    found = set(_directives(_for_us(headers.get("X-Robots-Tag", ""))))
    for name in ROBOTS:
        found |= set(_directives(",".join(declared.get(name, []))))
    stated = [headers.get("TDM-Reservation", ""), *declared.get("tdm-reservation", [])]
    if any(value.strip() == "1" for value in stated):
        found.add("tdm")
    return frozenset(found)


def _for_us(header: str) -> str:
    """The directives of X-Robots-Tag that name nobody, or us: `otherbot: noindex, noarchive` are not ours."""
    kept: list[str] = []
    ours = True
    for part in header[:2_000].split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip().lower() not in _WITH_VALUES:
            ours = name.strip().lower() in _AGENTS
            part = rest  # noqa: PLW2901 - what the agent is told
        if ours:
            kept.append(part)
    return ",".join(kept)


def _directives(text: str) -> Iterable[Reservation]:
    for directive in text.lower().split(","):
        yield from _DIRECTIVES.get(directive.strip(), ())
