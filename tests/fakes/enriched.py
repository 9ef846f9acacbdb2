"""Enriched articles as the index stage is given them. Our own writing."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.bus.message import Inbound
from shared.contracts import EnrichedArticle, Origin

OBSERVED = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


def article(number: int = 1, /, **fields: Any) -> EnrichedArticle:
    """A small article of the harbour; `fields` replace its own. The revision follows headline and body."""
    base: dict[str, Any] = {
        "article_id": f"article-{number}",
        "source": "harbour-post",
        "url": f"https://harbour.example/{number}",
        "headline": f"Harbour agreement signed, part {number}",
        "body": "The ministers signed the agreement on Saturday.\n\nFerries resume in May.",
        "published_at": "2026-03-14T09:00:00Z",
        "observed_at": OBSERVED,
        "parsed_at": OBSERVED,
        "enriched_at": OBSERVED,
        "raw_sha256": "0" * 64,
        "raw_bytes": 400,
        "content_type": "text/html",
        "parser": "html",
        "parser_version": "1",
        "extraction_confidence": 0.9,
        "block_basis": "page",
        "language": "en",
    }
    merged = base | fields
    merged.setdefault("revision_id", hash_of(merged["headline"], merged["body"], merged.get("status", "usable")))
    return EnrichedArticle.model_validate(merged)


def hash_of(*texts: str) -> str:
    """A stand-in for the content hash that parse computes."""
    return hashlib.sha256("|".join(texts).encode()).hexdigest()


def whole_article() -> EnrichedArticle:
    """An article with every field of the contract filled."""
    evidence = {
        "source": "meta", "rule": "og:title", "confidence": 0.8, "raw": "Harbour",
        "runners_up": [{"source": "html", "rule": "h1", "raw": "Harbor"}],
    }  # fmt: skip
    return article(
        canonical_url="https://harbour.example/1",
        domain="harbour.example",
        publisher="The Harbour Post",
        summary="Ferries resume in May.",
        completeness="full",
        page_kind="forum",
        byline="By Ada Quay",
        authors=[{"name": "Ada Quay", "url": "https://harbour.example/ada"}],
        dateline="Port Sallow",
        located="Port Sallow",
        slug="SALLOW-PIER/REPAIR",
        editorial_note="UPDATE 2",
        embargoed_until=datetime(2024, 6, 7, 18, 0, tzinfo=UTC),
        section="Politics",
        keywords=["ferries", "treaty"],
        image={"url": "https://harbour.example/i.jpg", "caption": "Quay", "credit": "AQ", "width": 8, "height": 6},
        related=[
            {
                "kind": "hot", "title": "Lighthouse repainted", "url": "https://harbour.example/2",
                "published_at": "2026-03-14T08:00:00Z", "published_raw": "08:00",
            }
        ],
        declared_language="en-GB",
        read_minutes=2,
        word_count=11,
        rights={
            "holder": "The Harbour Post", "notice": "All rights reserved", "licence": "CC-BY", "robots": "noai",
            "tdm_reservation": True, "free_access": False,
        },
        published_raw="14 March 2026",
        published_precision="minute",
        published_zone="Europe/London",
        published_zone_source="profile",
        modified_at="2026-03-14T09:10:00Z",
        modified_raw="09:10",
        modified_precision="minute",
        modified_zone="Europe/Kyiv",
        fetched_at=OBSERVED,
        blocks=[{"kind": "headline", "start": 0, "end": 7, "rule": "first line"}],
        evidence={"headline": evidence},
        trace_id="ab" * 16,
        **_findings(),
    )  # fmt: skip


def _findings() -> dict[str, Any]:
    """What enrichment found in that article."""
    mention = {"start": 4, "end": 13}
    return {
        "language_confidence": 0.97,
        "headline_language": "en",
        "headline_language_confidence": 0.9,
        "minhash": ["a1", "b2"],
        "credits": [{"agency": "Harbour Wire", "raw": "HW", "start": 0, "end": 2, "rule": "in brackets"}],
        "entities": [
            {
                "kind": "person", "name": "Ada Quay", "mentions": [mention], "count": 1, "salience": 0.5,
                "confidence": 0.9, "rule": "ner",
            }
        ],
        "people": ["Ada Quay"],
        "organisations": ["Harbour Office"],
        "events": ["Harbour Forum"],
        "places": [
            {
                "name": "Port Sallow", "kind": "city", "geonames_id": 1, "country": "GB",
                "location": {"lat": 51.5, "lon": -0.1}, "mentions": [mention], "confidence": 0.8, "rule": "gazetteer",
            }
        ],
        "countries": ["GB"],
        "quotes": [
            {
                "text": "The", "start": 0, "end": 3, "speaker": "Ada Quay", "speaker_span": mention, "verb": "said",
                "confidence": 0.8, "rule": "quote, verb, speaker",
            }
        ],
        "amounts": [
            {
                "kind": "date", "raw": "Saturday", "start": 35, "end": 43, "value": 1.5, "upper": 2, "unit": "EUR",
                "date": "2026-03-14", "rule": "weekday",
            }
        ],
        "topics": [{"id": "medtop:11000000", "name": "politics", "level": 1, "confidence": 0.7}],
        "keyphrases": ["ferry agreement"],
        "key_sentences": [{"text": "Ferries resume in May.", "start": 49, "end": 71}],
        "estimated_read_minutes": 1,
        "enrichment": {"language": {"version": "1", "status": "done", "detail": "lid"}},
        "steps_done": ["language"],
        "steps_missed": ["places"],
    }  # fmt: skip


def inbound(arrived: EnrichedArticle | bytes, sequence: int = 1, generation: int = 0, **fields: Any) -> Inbound:
    """The delivery of an article, or of any bytes, that came from raw message `sequence`."""
    body = arrived if isinstance(arrived, bytes) else arrived.model_dump_json().encode()
    base: dict[str, Any] = {
        "subject": "news.enriched.harbour-post",
        "source": "harbour-post",
        "body": body,
        "headers": {},
        "origin": Origin(1, sequence, generation),
        "observed_at": OBSERVED,
        "attempt": 1,
        "trace_id": "cd" * 16,
    }
    return Inbound(**(base | fields))


def with_unknown(arrived: EnrichedArticle, **unknown: Any) -> bytes:
    """The article's bytes as a later minor version would write them."""
    return orjson.dumps(orjson.loads(arrived.model_dump_json()) | unknown)
