"""The mappings of the stored documents, in one place. tests/unit/index compares them with the contract.

Text is analysed once, in the article's own language: `body` and `headline_in` are objects with one key, the
language (shared.indices.ANALYZERS), so the text stands in `_source` once too. Measured on 2 busy cores with 11 KB
messages, three rounds each: 430-840 documents/s and 10.0 KB a document; with the body as `standard` and again in an
`english` sub-field 190-330/s and 12.2 KB; with four analyses 170-230/s. A search over all languages names `body.*`;
each field then analyses the query its own way. Left out: ICU (a plugin that few clusters have), lemmas, shingles.
`headline` itself is plain (words in lower case, and `headline.raw` to sort and count by): it is short.
"""

from typing import Any, Final

from shared.indices import ANALYZERS, OTHER

Properties = dict[str, dict[str, Any]]

KEYWORD: Final = {"type": "keyword"}
DATE: Final = {"type": "date"}
TEXT: Final = {"type": "text"}
FLAG: Final = {"type": "boolean"}
UNIT: Final = {"type": "half_float"}
COUNT: Final = {"type": "integer"}
KEPT: Final = {"type": "keyword", "index": False, "doc_values": False}
"""Returned with the document, not searched or counted."""
OPAQUE: Final = {"type": "object", "enabled": False}
"""As KEPT, for objects."""
OPEN: Final = {"type": "flat_object"}
"""An object with keys of its own: each leaf can be matched, and no key ever becomes a field. It cannot be counted:
a terms aggregation on a leaf answers `java.lang.Object@…` (measured, 3.8.0)."""


def in_languages() -> dict[str, Any]:
    """A text field for each analysed language and one for the others; a document fills one of them."""
    fields = {key: {"type": "text", "analyzer": analyzer} for key, analyzer in ANALYZERS.items()}
    return {"properties": {**fields, OTHER: {"type": "text", "analyzer": "standard"}}}


HEADLINE: Final = {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 512}}}

ARTICLE: Final[Properties] = {
    "article_id": KEYWORD, "revision_id": KEYWORD, "source": KEYWORD, "status": KEYWORD,
    "url": KEYWORD, "canonical_url": KEYWORD, "domain": KEYWORD, "publisher": KEYWORD,
    "headline": HEADLINE, "summary": TEXT, "body": in_languages(), "byline": {**TEXT, "fields": {"raw": KEYWORD}},
    "authors": {"properties": {"name": KEYWORD, "url": KEYWORD}},
    "dateline": KEYWORD, "section": KEYWORD, "keywords": {**KEYWORD, "fields": {"words": TEXT}},
    "image": {"properties": {"url": KEPT, "caption": TEXT, "credit": KEYWORD, "width": COUNT, "height": COUNT}},
    # not nested: each entry would be a document of its own, and nobody asks for its parts together
    "related": {"properties": {
        "kind": KEYWORD, "title": KEPT, "url": KEYWORD, "published_at": DATE, "published_raw": KEPT,
    }},
    "declared_language": KEYWORD, "read_minutes": COUNT, "word_count": COUNT,
    "rights": {"properties": {
        "holder": KEYWORD, "notice": KEPT, "licence": KEYWORD, "robots": KEYWORD,
        "tdm_reservation": FLAG, "free_access": FLAG,
    }},
    "published_at": DATE, "published_raw": KEPT, "published_precision": KEYWORD, "published_zone": KEYWORD,
    "published_zone_source": KEYWORD, "published_ambiguous": FLAG, "modified_at": DATE, "modified_raw": KEPT,
    "observed_at": DATE, "fetched_at": DATE, "parsed_at": DATE,
    "raw_sha256": KEYWORD, "raw_bytes": {"type": "long"}, "content_type": KEYWORD,
    "parser": KEYWORD, "parser_version": KEYWORD, "extraction_confidence": UNIT, "block_basis": KEYWORD,
    "blocks": OPAQUE, "evidence": OPEN, "trace_id": KEYWORD,
    "enriched_at": DATE, "language": KEYWORD, "language_confidence": UNIT, "minhash": KEYWORD, "enrichment": OPEN,
}  # fmt: skip
"""The fields of EnrichedArticle."""

STORED: Final[Properties] = {
    "headline_in": in_languages(),
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


def strict(*properties: Properties) -> dict[str, Any]:
    """A mapping that refuses any other field."""
    return {"dynamic": "strict", "properties": {name: spec for each in properties for name, spec in each.items()}}
