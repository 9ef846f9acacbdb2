"""What an arriving article means for the stored one. Pure: articles and stored facts in, decisions out.

A stored document is always that of the highest origin that was delivered, and `news-revisions` holds each content
version once, as its lowest origin had it. Both are maxima, so neither order nor repetition of deliveries matters.
What depends on the order, because it tells how the document came about, is `first_seen_at`, `indexed_at` and
`last_change`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Self

import orjson

from services.index.bulk import Operation
from shared.contracts import EnrichedArticle, IndexedEvent, Origin, RevisedEvent
from shared.errors import Poison
from shared.indices import REVISIONS, language_key, month_index, months_around

Json = dict[str, Any]
Action = Literal["new", "revised", "improved", "unchanged", "stale"]

VOLATILE: Final = frozenset(
    {"observed_at", "fetched_at", "parsed_at", "enriched_at", "trace_id", "raw_sha256", "raw_bytes", "origin"}
)
"""Fields that differ between two deliveries of one and the same article."""
COMPARED: Final = ("status", "headline", "summary", "byline", "section", "published_at", "canonical_url")
"""What a revision is searched for changes; the body is compared by its hash."""
NEEDED: Final = ("origin", "first_seen_at", "revision_id", "document_hash", "body_hash", "last_change", *COMPARED)
"""Fields of the stored document that deciding takes."""
REVISION_FIELDS: Final = (
    "article_id", "revision_id", "source", "status", "url", "headline", "summary", "body", "language",
    "published_at", "modified_at", "observed_at",
)  # fmt: skip
MAX_VERSION: Final = 2**63 - 1
MAX_ID: Final = 512
"""Bytes of an `_id` in OpenSearch."""
MAX_FOUND_BY: Final = 200
"""Characters of `field:source:rule`, by which rules are counted."""
MAX_EXTRA: Final = 16_384
"""Bytes of unknown fields that are kept; a longer value could not be a term (32,766 bytes) of `extra`."""


class Arriving(EnrichedArticle, extra="allow"):
    """An enriched article whose unknown fields, of a later minor version, are kept for `extra`."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did to the stored document; kept in it, so that a redelivery reports the same again."""

    action: Action
    previous_revision_id: str = ""
    previous_headline: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Previous:
    """What is stored already of an article. `values`: its fields COMPARED and `body_hash`."""

    index: str
    origin: Origin
    first_seen_at: str
    revision_id: str
    document_hash: str
    values: Mapping[str, Any]
    change: Change

    @classmethod
    def of(cls, index: str, source: Mapping[str, Any]) -> Self:
        """From a stored document, or its NEEDED fields; what an older writer left out counts as different."""
        change: Json = {"action": "improved"} | (source.get("last_change") or {})
        change["changed"] = tuple(change.get("changed", ()))
        return cls(
            index=index,
            origin=Origin.parse(source.get("origin", "0:0:0")),
            first_seen_at=source.get("first_seen_at", ""),
            revision_id=source.get("revision_id", ""),
            document_hash=source.get("document_hash", ""),
            values={name: source.get(name) for name in (*COMPARED, "body_hash")},
            change=Change(**change),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do. `change.action` is the message's outcome; `write`: the document; `record`: its content version."""

    change: Change
    write: bool
    record: bool


def document(article: EnrichedArticle, origin: Origin, trace_id: str) -> Json:
    """The article as it is stored, but for what `stamped` adds.

    Raises:
        Poison: `refused_by_mapping`, when it cannot be written as JSON or under its id.
    """
    unknown = article.model_extra or {}
    stored: Json = article.model_dump(mode="json", exclude_none=True, exclude=set(unknown))
    if language := language_key(article.language):
        stored["body_in"], stored["headline_in"] = {language: article.body}, {language: article.headline}
    stored["body_hash"] = _hash(article.body.encode())
    stored["found_by"] = [f"{name}:{each.source}:{each.rule}"[:MAX_FOUND_BY] for name, each in article.evidence.items()]
    if unknown:
        stored["extra"] = overflow(unknown)
    if not article.article_id or len(revision_id(stored).encode()) > MAX_ID:
        raise Poison("refused_by_mapping", f"article_id is empty, or with revision_id longer than {MAX_ID} bytes")
    stored["document_hash"] = _hash(to_json({name: stored[name] for name in stored.keys() - VOLATILE}))
    return stored | {"origin": str(origin), "trace_id": trace_id}


def to_json(value: object) -> bytes:
    """One line of JSON.

    Raises:
        Poison: `refused_by_mapping`: a number beyond 64 bits, a lone surrogate, nesting without end.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise Poison("refused_by_mapping", f"not writable as JSON: {error}") from error


def overflow(unknown: Mapping[str, Any]) -> Json:
    """Unknown fields as they are kept: all, or how many bytes were left out."""
    size = len(to_json(dict(unknown)))
    return dict(unknown) if size <= MAX_EXTRA else {"dropped_bytes": str(size)}


def decide(previous: Previous | None, stored: Mapping[str, Any]) -> Decision:
    """What the arriving document means for what is stored."""
    origin = Origin.parse(stored["origin"])
    if previous is None:
        return Decision(Change("new"), write=True, record=True)
    if origin < previous.origin:
        return Decision(Change("stale"), write=False, record=True)
    if origin == previous.origin:  # delivered again: the outcome is what it was, its record may be missing
        return Decision(previous.change, write=False, record=previous.change.action in {"new", "revised"})
    if stored["revision_id"] != previous.revision_id:
        return Decision(_revised(previous, stored), write=True, record=True)
    same = stored["document_hash"] == previous.document_hash
    # unchanged is written as well: without its higher origin, what came in between would overwrite it later
    return Decision(Change("unchanged" if same else "improved"), write=True, record=False)


def _revised(previous: Previous, stored: Mapping[str, Any]) -> Change:
    names = [name for name in COMPARED if stored.get(name) != previous.values.get(name)]
    if stored["body_hash"] != previous.values.get("body_hash"):
        names.append("body")
    return Change("revised", previous.revision_id, str(previous.values.get("headline") or ""), tuple(names))


def first_seen(observed_at: datetime, now: datetime) -> datetime:
    """When a new article counts as first seen: when its raw message was accepted, or now if that month is not open."""
    return observed_at if month_index(observed_at) in months_around(now) else now


def stamped(stored: Mapping[str, Any], change: Change, first_seen_at: str, indexed_at: datetime) -> Json:
    """The whole document."""
    told = {
        "action": change.action,
        "previous_revision_id": change.previous_revision_id,
        "previous_headline": change.previous_headline,
        "changed": list(change.changed),
    }
    return {**stored, "first_seen_at": first_seen_at, "indexed_at": indexed_at.isoformat(), "last_change": told}


def revision_id(stored: Mapping[str, Any]) -> str:
    """The `_id` of the document's content version."""
    return f"{stored['article_id']}:{stored['revision_id']}"


def revision(stored: Mapping[str, Any]) -> Json:
    """The record of the document's content version."""
    return {name: stored[name] for name in (*REVISION_FIELDS, "origin", "trace_id") if name in stored}


def revision_version(origin: Origin) -> int:
    """The external version of that record: the lower the origin, the higher, so that the first one stays."""
    return MAX_VERSION - origin.version


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message of a batch, ready to be decided on. `position`: in the batch."""

    position: int
    observed_at: datetime
    stored: Json

    @property
    def article_id(self) -> str:
        """The document's `_id`."""
        return str(self.stored["article_id"])


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one message: its outcome, and the documents to write for it, the article's first."""

    arrival: Arrival
    change: Change
    index: str
    writes_article: bool
    operations: tuple[Operation, ...]


def steps(arrivals: Sequence[Arrival], known: Mapping[str, Previous], now: datetime) -> list[Step]:
    """Decide on a batch in its order, so that each of several versions of an article meets the one before it."""
    seen = dict(known)
    planned: list[Step] = []
    for arrival in arrivals:
        previous = seen.get(arrival.article_id)
        decision = decide(previous, arrival.stored)
        first = (previous and previous.first_seen_at) or first_seen(arrival.observed_at, now).isoformat()
        index = previous.index if previous else month_index(datetime.fromisoformat(first))
        whole = stamped(arrival.stored, decision.change, first, now)
        planned.append(Step(arrival, decision.change, index, decision.write, _operations(whole, index, decision)))
        if decision.write:
            seen[arrival.article_id] = Previous.of(index, whole)
    return planned


def _operations(whole: Json, index: str, decision: Decision) -> tuple[Operation, ...]:
    origin = Origin.parse(whole["origin"])
    article = Operation(index, whole["article_id"], origin.version, to_json(whole)) if decision.write else None
    record = (
        Operation(REVISIONS, revision_id(whole), revision_version(origin), to_json(revision(whole)))
        if decision.record
        else None
    )
    return tuple(each for each in (article, record) if each)


def indexed_event(stored: Mapping[str, Any], action: Action, index: str, now: datetime) -> IndexedEvent:
    """`news.indexed.*` for a document that was written as new, revised or improved."""
    kept = {name: stored[name] for name in _TOLD if name in stored}
    version = Origin.parse(stored["origin"]).version
    usable = stored.get("status", "usable") == "usable"
    looks = {"body_chars": len(stored["body"]), "author_count": len(stored.get("authors", ()))} if usable else {}
    return IndexedEvent.model_validate(
        {**kept, **looks, "action": action, "index": index, "version": version, "indexed_at": now}
    )


def revised_event(stored: Mapping[str, Any], change: Change, now: datetime) -> RevisedEvent:
    """`news.revised.*` for a document whose content changed."""
    return RevisedEvent(
        article_id=stored["article_id"],
        source=stored["source"],
        previous_revision_id=change.previous_revision_id,
        revision_id=stored["revision_id"],
        changed=change.changed,
        previous_headline=change.previous_headline,
        headline=stored["headline"],
        url=stored.get("url"),
        origin=stored["origin"],
        revised_at=now,
        trace_id=stored["trace_id"],
    )


_TOLD: Final = (
    "article_id", "revision_id", "source", "headline", "url", "published_at", "observed_at", "parsed_at", "enriched_at",
    "trace_id", "origin",
)  # fmt: skip


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
