"""Which article this is, and which version of its content."""

import hashlib
import unicodedata
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6c2f1f0e-3b7a-5d51-9a51-2f4d7a1c9e08")
"""Ours; changing it gives every article a new identity."""


def article_id(canonical_url: str | None, source: str, headline: str, published_at: datetime | None) -> str:
    """UUIDv5 of the canonical URL; without one, of source, normalised headline and published minute (UTC)."""
    if canonical_url:
        return str(uuid5(NAMESPACE, canonical_url))
    minute = published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if published_at else ""
    return str(uuid5(NAMESPACE, "\n".join((source, normalised(headline).casefold(), minute))))


def revision_id(headline: str, body: str, status: str) -> str:
    """SHA-256 of the content, hexadecimal: changes when headline, body or status do, not with their white space."""
    content = "\n".join(normalised(part) for part in (headline, body, status))
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def normalised(text: str) -> str:
    """`text` in NFC with white space folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())
