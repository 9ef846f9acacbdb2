"""The articles of a source as fetch remembers them."""

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from shared.contracts import Contract, Line, Url

WANTED: Final = ""
EVIDENCE: Final = 4_096
"""Characters of an entry that are kept while its page cannot be had."""


class Known(Contract):
    """An article. Times in seconds of the epoch. `first`: when it was published, as far as that is believed, else met.

    `marks`: by feed, the version that was read there last.

    `page`: the text of the page that was published; None: the feed's own text was. WANTED: that was, too, as nothing
    renders pages for now. `met`: the text of the page then, as a visit met it since: what the next one is compared
    with.
    """

    first: int
    listed: int
    url: Url | None = None
    canonical: Url | None = None
    headline: Line = ""
    marks: dict[str, str] = Field(default_factory=dict)
    last: Line = ""
    page: Line | None = None
    met: Line | None = None
    etag: Line | None = None
    modified: Line | None = None
    visit: int | None = None
    stage: int = 0
    missing: int = 0
    gone: bool = False
    tries: int = 0
    kept: str = ""
    """The entry whose page could not be had, as JSON."""


class Seen(Contract):
    """`seen.<source>`: articles by a name of theirs, and their other names."""

    articles: dict[str, Known] = Field(default_factory=dict)
    names: dict[str, str] = Field(default_factory=dict)
    raw_sequence: Annotated[int, Field(ge=0)] = 0
    """In RAW, of the source's last message that this knows of."""


class KeptEntry(Contract):
    """An entry while its page cannot be had, without what makes it long: title, address and date matter most."""

    version: Line
    feed: Line = ""
    names: tuple[Line, ...] = ()
    url: Url | None = None
    headline: str = ""
    published: Line | None = None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    language: Line | None = None
    summary: str = ""
    text: str = ""
    item: str = ""


def replaced(seen: Seen, key: str, known: Known, names: Iterable[str] = (), sequence: int = 0) -> Seen:
    """`seen` with this article, these more names of it, and RAW known up to `sequence`."""
    return seen.model_copy(
        update={
            "articles": {**seen.articles, key: known},
            "names": {**seen.names, **dict.fromkeys((key, *names), key)},
            "raw_sequence": max(seen.raw_sequence, sequence),
        }
    )
