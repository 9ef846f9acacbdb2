"""What is known of one publisher's pages beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from services.parse.times.months import Order

if TYPE_CHECKING:  # the reader of texts reads profiles: at run time this would be a circle
    from services.parse.text.labels import Label


def _no_labels() -> Mapping[str, "Label"]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts about a publisher's pages that the pages do not state themselves.

    `sources`: tokens under which raw messages of this publisher arrive. `hosts`: its sites, without `www.`.
    `country`: ISO 3166. `zone`: the IANA zone of times printed without one. `order`: of day, month and year in
    numeric dates. `language`: of the pages, BCP 47, where all are in one. `labels`: lines in lower case that head
    or mark a block, beside the general ones. `sections`: lines that name the section, as printed.
    """

    name: str
    sources: frozenset[str]
    hosts: frozenset[str]
    country: str
    zone: str
    order: Order
    language: str | None = None
    labels: Mapping[str, "Label"] = field(default_factory=_no_labels)
    sections: frozenset[str] = frozenset()
