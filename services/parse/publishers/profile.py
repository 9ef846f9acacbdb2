"""What is known of one publisher's pages beforehand."""

from dataclasses import dataclass, field
from types import MappingProxyType
from collections.abc import Mapping

from services.parse.text.labels import Label
from services.parse.times import Order


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts about a publisher's pages that the pages do not state themselves.

    `sources`: tokens under which raw messages of this publisher arrive. `hosts`: its sites, without `www.`.
    `zone`: the IANA zone of times printed without one. `order`: the order of day, month and year in numeric dates.
    `language`: of the pages, BCP 47. `labels`: lines that head or mark a block, beside those known in general.
    `sections`: lines over the headline that name the section.
    """

    name: str
    sources: frozenset[str]
    hosts: frozenset[str]
    country: str
    zone: str
    order: Order
    language: str | None = None
    labels: Mapping[str, Label] = field(default_factory=lambda: MappingProxyType({}))
    sections: frozenset[str] = frozenset()
