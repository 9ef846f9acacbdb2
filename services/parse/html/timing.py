"""When a page says it was published and changed."""

from collections.abc import Iterator
from typing import Final

from services.parse.findings import Draft, Moment, Page
from services.parse.html.clues import Clues, text_of
from services.parse.html.jsonld import line
from services.parse.publishers import Profile
from services.parse.times.reading import read_time
from services.parse.times.window import believable
from shared.contracts import EvidenceSource

RAW_TIME_LIMIT: Final = 200

_PUBLISHED_META: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date", "publication_date", "publishdate",
    "publish-date", "pubdate", "article.published", "article:published", "cxenseparse:recs:publishtime", "date",
)  # fmt: skip
_MODIFIED_META: Final = (
    "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "datemodified",
    "dc.date.modified", "dcterms.modified", "lastmod", "last-modified",
)  # fmt: skip
_PUBLISHED_TIME: Final = "//time[@itemprop='datePublished' or @pubdate]"
_MODIFIED_TIME: Final = "//time[@itemprop='dateModified']"
_ANY_TIME: Final = "//*[self::article or self::main or self::header]//time[not(ancestor::aside or ancestor::nav)]"

Candidate = tuple[EvidenceSource, str, str, float]


def find_times(draft: Draft, clues: Clues) -> None:
    """Put published_at and modified_at: JSON-LD, then meta, then the time elements."""
    for source, rule, raw, sure in _published(clues):
        if moment := believed(draft, "published_at", clues.page, clues.profile, (source, rule, raw, sure)):
            draft.put_published(moment, source, rule, sure)
    for source, rule, raw, sure in _modified(clues):
        if moment := believed(draft, "modified_at", clues.page, clues.profile, (source, rule, raw, sure)):
            draft.put_modified(moment, source, rule, sure)


def believed(draft: Draft, name: str, page: Page, profile: Profile | None, candidate: Candidate) -> Moment | None:
    """The moment in a raw value, or None; what is not believed is kept as refused."""
    source, rule, raw, _ = candidate
    moment = read_time(
        raw[:RAW_TIME_LIMIT],
        observed_at=page.observed_at,
        zone=profile.zone if profile else None,
        order=profile.order if profile else None,
        language=profile.language if profile else None,
    )
    if moment is None:
        draft.refuse(name, source, f"{rule}: not a time", raw)
    elif not believable(moment.at, page.observed_at):
        draft.refuse(name, source, f"{rule}: outside 1990 to now", raw)
    else:
        return moment
    return None


def _published(clues: Clues) -> Iterator[Candidate]:
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if raw := line(clues.linked.get(name)):
            yield "json-ld", name, raw, 0.95 if name == "datePublished" else 0.6
    for name in _PUBLISHED_META:
        for raw in clues.meta.get(name, [])[:1]:
            yield "meta", name, raw, 0.9
    yield from _times(clues, _PUBLISHED_TIME, "time[datePublished]", 0.9)
    yield from _times(clues, _ANY_TIME, "first time of the article", 0.6)


def _modified(clues: Clues) -> Iterator[Candidate]:
    if raw := line(clues.linked.get("dateModified")):
        yield "json-ld", "dateModified", raw, 0.95
    for name in _MODIFIED_META:
        for raw in clues.meta.get(name, [])[:1]:
            yield "meta", name, raw, 0.9
    yield from _times(clues, _MODIFIED_TIME, "time[dateModified]", 0.9)


def _times(clues: Clues, xpath: str, rule: str, sure: float) -> Iterator[Candidate]:
    for element in clues.select(xpath)[:1]:
        if raw := element.get("datetime") or element.get("content") or text_of(element):
            yield "html", rule, raw, sure
