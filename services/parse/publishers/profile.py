"""What is known of one publisher's pages beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from services.parse.times.months import Order

if TYPE_CHECKING:  # the reader of texts reads profiles: at run time this would be a circle
    from services.parse.text.labels import Label


def _no_labels() -> Mapping[str, "Label"]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a site's pages have what, from the day `since` until the next layout's.

    Each place is a CSS selector, or XPath when it begins with `/` or `(`. `body`: the elements that hold the text, or
    its paragraphs one by one. `published`, `modified`: `datetime`, `content` or the text of the first that is found.
    `drop`: what is cut out before anything is read. What is None is left to the general rules.
    """

    since: date
    headline: str | None = None
    summary: str | None = None
    body: str | None = None
    authors: str | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    keywords: str | None = None
    drop: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts about a publisher's pages that the pages do not state themselves.

    `sources`: tokens under which raw messages of this publisher arrive. `hosts`: its sites, without `www.`.
    `country`: ISO 3166. `zone`: the IANA zone of times printed without one. `order`: of day, month and year in
    numeric dates. `language`: of the pages, BCP 47, where all are in one. `labels`: lines in lower case that head
    or mark a block, beside the general ones. `sections`: lines that name the section, as printed. `layouts`: of its
    HTML pages, the oldest first.
    """

    name: str
    hosts: frozenset[str]
    country: str
    zone: str
    order: Order
    sources: frozenset[str] = frozenset()
    language: str | None = None
    labels: Mapping[str, "Label"] = field(default_factory=_no_labels)
    sections: frozenset[str] = frozenset()
    layouts: tuple[Layout, ...] = ()

    def layout_on(self, day: date) -> Layout | None:
        """The layout of pages of this day; the first also for earlier ones, of which nothing else is known."""
        begun = [each for each in self.layouts if each.since <= day]
        return begun[-1] if begun else next(iter(self.layouts), None)
