"""Where news comes from: what an operator says of a source, and what fetch has learned about it.

Both live in key-value buckets, under the source's id: `sources` is written by operators, `source-state` by fetch.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.contracts.base import Contract, Line, Token, Url, Utc
from shared.contracts.websub import CallbackId

FeedKind = Literal["feed", "sitemap", "page"]
"""feed: RSS, RDF, Atom or JSON Feed, told apart by looking; sitemap: also an index of them; page: a list of links."""
FullText = Literal["auto", "page", "feed"]
"""Where the text is: in the page when the feed's is cut short, always in the page, or always in the feed."""
Reservation = Literal["noindex", "noarchive", "tdm"]
"""What a publisher may declare: robots' noindex and noarchive, and the reservation of text and data mining."""

HOURS_OF_WEEK = 168
Weight = Annotated[float, Field(ge=0)]


class Feed(Contract):
    """One address of a source that lists articles."""

    url: Annotated[Url, StringConstraints(min_length=8)]
    kind: FeedKind = "feed"


class Source(Contract):
    """`sources.<id>`: a publisher's feeds, all articles of which belong together. Intervals in seconds."""

    id: Token
    name: Line = ""
    feeds: Annotated[tuple[Feed, ...], Field(min_length=1, max_length=20)]
    paused: bool = False
    full_text: FullText = "auto"
    render: bool = False
    """Whether its articles' pages are loaded in a browser, as their text comes by script."""
    min_interval: Annotated[float, Field(ge=30, le=86_400)] = 120.0
    max_interval: Annotated[float, Field(ge=60, le=7 * 86_400)] = 86_400.0
    honour: tuple[Reservation, ...] | None = None
    """Which reservations of its publisher are respected; None: as the service is set."""
    language: Line | None = None
    country: Line | None = None
    """For people who choose from a list."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.min_interval > self.max_interval:
            raise ValueError("min_interval is above max_interval")
        if len({feed.url for feed in self.feeds}) < len(self.feeds):
            raise ValueError("a feed is named twice")
        return self


class Rhythm(Contract):
    """How often a feed brings something new. What is old counts less: all numbers decay with time.

    `arrivals` within `hours`, as of `at`: the recent rate. `by_hour`, as of `shaped_at`: arrivals by hour of the week,
    UTC, from Monday 00:00.
    """

    at: Utc
    shaped_at: Utc | None = None
    arrivals: Weight = 0.0
    hours: Weight = 0.0
    by_hour: Annotated[tuple[Weight, ...], Field(max_length=HOURS_OF_WEEK)] = ()


class Pushing(Contract):
    """A feed's WebSub subscription, as fetch knows it. `next_due`: when to look after it again; the feed is not asked
    for that. `asked_at`: when the hub was asked last.

    `works`: a push came, and no look since found an article that none had brought.
    """

    id: CallbackId
    hub: Url
    topic: Url
    next_due: Utc
    asked_at: Utc | None = None
    lease_until: Utc | None = None
    works: bool = False
    failures: int = 0
    """In a row, of asking the hub."""
    problem: Line | None = None


class FeedState(Contract):
    """What is known of one feed. `ttl`: seconds for which its publisher asks not to be asked again."""

    next_due: Utc
    checked_at: Utc | None = None
    succeeded_at: Utc | None = None
    etag: Line | None = None
    last_modified: Line | None = None
    body_hash: Line | None = None
    ttl: float = 0.0
    failures: int = 0
    """In a row."""
    problem: Line | None = None
    detail: Line = ""
    moved_to: Url | None = None
    """Where it says to have moved for good."""
    rhythm: Rhythm | None = None
    push: Pushing | None = None


class SourceState(Contract):
    """`source-state.<id>`: what all replicas of fetch know of a source. `feeds` by their URL."""

    next_due: Utc
    """The earliest of all feeds and visits: when the source is due."""
    feeds: dict[Url, FeedState] = Field(default_factory=dict)
    next_visit: Utc | None = None
    """When an article that is known is to be looked at again."""
    last_article_at: Utc | None = None
    published: int = 0
    """Raw messages so far."""
    page_problem: Line | None = None
    page_detail: Line = ""
    """The last trouble with a page of it, until one is had again."""
