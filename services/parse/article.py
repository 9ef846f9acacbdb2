"""The contract made from a draft."""

from datetime import datetime
from typing import Any, Final

from services.parse.clean import clean_line
from services.parse.findings import Draft
from services.parse.identity import article_id, revision_id
from services.parse.raw.document import RawDocument
from services.parse.words import count_words
from shared.contracts import Evidence, ParsedArticle

PARSER_VERSION: Final = "4"
"""Grows with every change that makes the same page give another article."""
DOUBT: Final = 10
"""One broken character in ten leaves no confidence in a text."""


def assemble(raw: RawDocument, draft: Draft, now: datetime) -> ParsedArticle:
    """The parsed article: the draft's fields with identity, provenance and evidence."""
    fields = _with_refused_time(draft)
    headline, body, status = fields["headline"], fields.get("body", ""), fields.get("status", "usable")
    return ParsedArticle(
        **{"body": body} | fields,
        article_id=article_id(fields.get("canonical_url"), raw.page.source, headline, fields.get("published_at")),
        revision_id=revision_id(headline, body, status),
        source=raw.page.source,
        word_count=count_words(body),
        observed_at=raw.page.observed_at,
        fetched_at=raw.page.fetched_at,
        parsed_at=now,
        raw_sha256=raw.sha256,
        raw_bytes=raw.size,
        content_type=raw.content_type,
        parser=draft.parser,
        parser_version=PARSER_VERSION,
        extraction_confidence=draft.confidence,
        block_basis=draft.block_basis,
        blocks=tuple(draft.blocks),
        evidence=_evidence(draft) | _decoding(raw),
    )


def _decoding(raw: RawDocument) -> dict[str, Evidence]:
    """How the bytes became text, where that is not plain UTF-8."""
    if raw.encoding == "utf-8" and not raw.decode_errors:
        return {}
    broken = f"{raw.decode_errors} characters replaced"
    sure = 1 - min(1, raw.decode_errors * DOUBT / len(raw.page.text))
    return {"encoding": Evidence(source="derived", rule=f"decoded as {raw.encoding}", confidence=sure, raw=broken)}


def _with_refused_time(draft: Draft) -> dict[str, Any]:
    refused = draft.refused.get("published_at")
    if refused is None or "published_at" in draft.fields:
        return draft.fields
    return {**draft.fields, "published_raw": clean_line(refused.raw)}


def _evidence(draft: Draft) -> dict[str, Evidence]:
    """The draft's evidence, and for fields that stayed empty the value that was refused, with confidence 0."""
    refused = {
        name: Evidence(source=each.source, rule=f"refused: {each.rule}", confidence=0, raw=clean_line(each.raw))
        for name, each in draft.refused.items()
    }
    return {**refused, **draft.evidence}
