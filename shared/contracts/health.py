"""How sources fare, as the keeper judges it: the events, and what is kept of each source.

`health` (a key-value bucket) holds a SourceHealth for each source, under `source.<id>`.
"""

from typing import Annotated, Final, Literal

from pydantic import Field

from shared.contracts.base import Contract, Line, Token, Utc

Trouble = Literal["quiet", "drift", "failing", "deaf"]
"""quiet: fewer articles than its hours ever let expect; drift: they are read otherwise than they used to be; failing:
its feeds cannot be had, or nothing renders its pages; deaf: nobody's feeds can, so that the installation itself is cut
off (of `_newswire`, no source)."""
HealthName = Literal[
    "source.quiet", "source.drift", "source.failing", "source.recovered", "installation.deaf", "installation.recovered"
]
INSTALLATION: Final = "_newswire"
"""What stands for a source where the installation itself is meant."""
Measured = Literal["article", "headline", "body", "date", "author"]
"""article: whether a message of the source is an article at all, by parse."""
DAY_HOURS = 24


class Drift(Contract):
    """What differs. `filled`: shares of articles, 0 to 1; `length`: the median, in characters."""

    field: Measured
    measure: Literal["filled", "length"]
    usual: float
    now: float


class HealthEvent(Contract):
    """`news.health.<source>`: a source's trouble began, or is over.

    `since`: the last article before a silence; the article, or the failed look, at which another trouble was plain.
    `expected`: articles that the source would have published since, by its hours of the week.
    """

    event: HealthName
    trouble: Trouble
    source: Token
    at: Utc
    since: Utc
    cause: Line = ""
    """A name from the closed lists: of fetch's troubles, or of parse's skips and dead letters."""
    detail: Line = ""
    expected: float | None = None
    drifts: tuple[Drift, ...] = ()


class OpenTrouble(Contract):
    """A trouble that was told of and is not over."""

    trouble: Trouble
    since: Utc
    cause: Line = ""
    detail: Line = ""


class Measure(Contract):
    """A field of a source's articles. `usual` is None while there are too few to say."""

    field: Measured
    filled: float | None = None
    filled_usual: float | None = None
    length: float | None = None
    length_usual: float | None = None


class SourceHealth(Contract):
    """`source.<id>` in the bucket `health`: how a source fares, as of `last_article_at` or later.

    `hour`: the newest hour with an article, in hours since 1970. `lately`: articles in the 24 hours up to it, the
    newest last. `by_hour`: articles to expect in each hour of the week, UTC, from Monday 00:00; empty when unknown.
    """

    source: Token
    last_article_at: Utc | None = None
    quiet_from: Utc | None = None
    """When silence becomes a surprise, if nothing comes until then; None: too little is known."""
    hour: int = 0
    lately: Annotated[tuple[int, ...], Field(max_length=DAY_HOURS)] = ()
    by_hour: Annotated[tuple[float, ...], Field(max_length=7 * DAY_HOURS)] = ()
    measures: tuple[Measure, ...] = ()
    troubles: tuple[OpenTrouble, ...] = ()
