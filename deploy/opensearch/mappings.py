"""The mappings of the stored documents, in one place. tests/unit/index compares them with the contract.

`headline` and `body` are plain: what programs read, and what a query for exact words names. Beside them
`headline_in` and `body_in` hold the same text under one key, the article's language (shared.indices.ANALYZERS),
analysed by that language's rules: what a search over all languages names as `body_in.*`, each field analysing the
query its own way. `body` keeps no positions (match_only_text), since a second full analysis halves the speed: measured
on 2 busy cores with 11 KB messages, 430-840 documents/s with one analysis, 190-330/s with two, 170-230/s with four.
Left out: ICU (a plugin that few clusters have), lemmas, shingles.
"""

from typing import Any, Final

from shared.indices import ANALYZERS

Properties = dict[str, dict[str, Any]]

KEYWORD: Final = {"type": "keyword"}
DATE: Final = {"type": "date"}
TEXT: Final = {"type": "text"}
FLAG: Final = {"type": "boolean"}
UNIT: Final = {"type": "half_float"}
SECONDS: Final = {"type": "float"}
COUNT: Final = {"type": "integer"}
KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}
"""Returned with the document, not searched or counted."""
KEPT_NUMBER: Final = {"type": "integer", "index": False, "doc_values": False}
"""The same for offsets."""
OPAQUE: Final = {"type": "object", "enabled": False}
"""As KEPT, for objects."""
OPEN: Final = {"type": "flat_object"}
"""An object with keys of its own: each leaf can be matched, and no key ever becomes a field. It cannot be counted:
a terms aggregation on a leaf answers `java.lang.Object@…` (measured, 3.8.0)."""


def in_languages() -> dict[str, Any]:
    """A text field for each analysed language; a document fills one of them, or none."""
    return {"properties": {key: {"type": "text", "analyzer": analyzer} for key, analyzer in ANALYZERS.items()}}


HEADLINE: Final = {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 512}}}

ARTICLE: Final[Properties] = {
    "article_id": KEYWORD, "revision_id": KEYWORD, "source": KEYWORD, "status": KEYWORD,
    "url": KEYWORD, "canonical_url": KEYWORD, "domain": KEYWORD, "publisher": KEYWORD,
    "headline": HEADLINE, "summary": TEXT, "body": {"type": "match_only_text"},
    "completeness": KEYWORD, "page_kind": KEYWORD,
    "byline": {**TEXT, "fields": {"raw": KEYWORD}},
    "authors": {"properties": {"name": KEYWORD, "url": KEYWORD}},
    "dateline": KEYWORD, "located": KEYWORD, "slug": KEYWORD, "editorial_note": TEXT, "embargoed_until": DATE,
    "section": KEYWORD, "keywords": {**KEYWORD, "fields": {"words": TEXT}},
    "image": {"properties": {"url": KEPT, "caption": TEXT, "credit": KEYWORD, "width": COUNT, "height": COUNT}},
    # not nested: each entry would be a document of its own, and nobody asks for its parts together
    "related": {"properties": {
        "kind": KEYWORD, "title": KEPT, "url": KEYWORD, "published_at": DATE, "published_raw": KEPT,
    }},
    "declared_language": KEYWORD, "read_minutes": COUNT, "word_count": COUNT,
    "rights": {"properties": {
        "holder": KEYWORD, "notice": KEPT, "licence": KEYWORD, "robots": KEYWORD,
        "no_ai": FLAG, "tdm_reservation": FLAG, "tdm_policy": KEPT, "free_access": FLAG,
    }},
    "published_at": DATE, "published_raw": KEPT, "published_precision": KEYWORD, "published_zone": KEYWORD,
    "published_zone_source": KEYWORD, "published_ambiguous": FLAG, "modified_at": DATE, "modified_raw": KEPT,
    "modified_precision": KEYWORD, "modified_zone": KEYWORD,
    "observed_at": DATE, "fetched_at": DATE, "parsed_at": DATE,
    "raw_sha256": KEYWORD, "raw_bytes": {"type": "long"}, "content_type": KEYWORD,
    "parser": KEYWORD, "parser_version": KEYWORD, "extraction_confidence": UNIT, "block_basis": KEYWORD,
    "blocks": OPAQUE, "evidence": OPEN, "trace_id": KEYWORD,
    "enriched_at": DATE, "language": KEYWORD, "language_confidence": UNIT,
    "headline_language": KEYWORD, "headline_language_confidence": UNIT, "minhash": KEYWORD,
    "credits": {"properties": {"agency": KEYWORD, "raw": KEPT, "start": KEPT_NUMBER, "end": KEPT_NUMBER, "rule": KEPT}},
    "entities": {"type": "nested", "properties": {
        "kind": KEYWORD, "name": KEYWORD, "mentions": OPAQUE, "count": COUNT, "salience": UNIT, "confidence": UNIT,
        "rule": KEPT,
    }},
    "people": KEYWORD, "organisations": KEYWORD, "events": KEYWORD,
    # not nested: what is asked is where, and a map counts points
    "places": {"properties": {
        "name": KEYWORD, "kind": KEYWORD, "geonames_id": COUNT, "country": KEYWORD, "location": {"type": "geo_point"},
        "mentions": OPAQUE, "confidence": UNIT, "rule": KEPT,
    }},
    "countries": KEYWORD,
    "quotes": {"properties": {
        "text": TEXT, "start": KEPT_NUMBER, "end": KEPT_NUMBER, "speaker": KEYWORD, "speaker_span": OPAQUE,
        "verb": KEPT, "confidence": UNIT, "rule": KEPT,
    }},
    "amounts": {"type": "nested", "properties": {
        "kind": KEYWORD, "raw": KEPT, "start": KEPT_NUMBER, "end": KEPT_NUMBER, "value": {"type": "double"},
        "upper": {"type": "double"}, "unit": KEYWORD, "date": KEPT, "rule": KEPT,
    }},
    "topics": {"properties": {"id": KEYWORD, "name": KEYWORD, "level": COUNT, "confidence": UNIT}},
    "keyphrases": KEYWORD, "key_sentences": OPAQUE, "estimated_read_minutes": COUNT,
    "enrichment": OPEN, "steps_done": KEYWORD, "steps_missed": KEYWORD,
}  # fmt: skip
"""The fields of EnrichedArticle."""

STORED: Final[Properties] = {
    "headline_in": in_languages(), "body_in": in_languages(),
    "origin": KEYWORD, "first_seen_at": DATE, "indexed_at": DATE,
    "document_hash": KEYWORD, "body_hash": KEYWORD,
    "found_by": KEYWORD, "last_change": OPAQUE, "extra": OPEN,
}  # fmt: skip
"""What the index stage adds."""

REVISION: Final[Properties] = {
    "article_id": KEYWORD, "revision_id": KEYWORD, "source": KEYWORD, "origin": KEYWORD, "status": KEYWORD,
    "url": KEYWORD, "headline": HEADLINE, "summary": TEXT, "body": {"type": "text", "index": False},
    "language": KEYWORD, "published_at": DATE, "modified_at": DATE, "observed_at": DATE, "trace_id": KEYWORD,
}  # fmt: skip
"""One content version. Found by article, not by its words."""

OUTCOME: Final[Properties] = {
    "ended_at": DATE, "observed_at": DATE, "outcome": KEYWORD, "reason": KEYWORD, "detail": KEYWORD, "stage": KEYWORD,
    "source": KEYWORD, "origin": KEYWORD, "trace_id": KEYWORD, "retries": COUNT,
    "article_id": KEYWORD, "headline": KEYWORD, "url": KEYWORD, "health": KEYWORD, "trouble": KEYWORD,
    "seconds": SECONDS, "parse_seconds": SECONDS, "enrich_seconds": SECONDS, "index_seconds": SECONDS,
}  # fmt: skip
"""What became of a message, and how long it took; or, with `health` and no outcome, how a source fares. Written by the
keeper."""


def strict(*properties: Properties) -> dict[str, Any]:
    """A mapping that refuses any other field."""
    return {"dynamic": "strict", "properties": {name: spec for each in properties for name, spec in each.items()}}
