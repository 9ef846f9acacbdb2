"""What is known of an article from outside of its page: its address, what HTTP headers and its envelope declare."""

from collections.abc import Mapping
from typing import Final

from services.parse.findings import Draft, Page
from services.parse.publishers import habits_of, profile_for
from services.parse.times.claims import Candidate, believed
from shared.contracts import Author, RawEnvelope, Rights
from shared.url import canonical_url, domain, web_url

ROBOTS_LIMIT: Final = 500


def add_outside(draft: Draft, page: Page) -> None:
    """Put the page's address and its envelope's fields, behind what the page itself says."""
    if page.url and (known := canonical_url(page.url)):
        draft.put("canonical_url", known, "header", "address it was published with", 0.7)
    if canonical := draft.fields.get("canonical_url"):
        draft.put("url", page.url or canonical, "header" if page.url else "derived", "address of the page", 0.9)
        draft.put("domain", domain(canonical), "derived", "host of canonical_url", 0.95)
    if page.signals and "rights" not in draft.fields:
        _add_rights(draft, page.signals)
    if page.declared:
        _add_envelope(draft, page, page.declared)


def _add_rights(draft: Draft, signals: Mapping[str, str]) -> None:
    """What the answer's headers say of a document that cannot say it itself, a text or an entry of a feed."""
    stated = signals.get("tdm-reservation", "").strip()
    rights = Rights(
        robots=signals.get("x-robots-tag", "")[:ROBOTS_LIMIT] or None,
        tdm_reservation=stated == "1" if stated in {"0", "1"} else None,
        tdm_policy=web_url(signals.get("tdm-policy")),
    )
    if rights != Rights():
        draft.put("rights", rights, "header", "declared rights", 0.9)


def _add_envelope(draft: Draft, page: Page, envelope: RawEnvelope) -> None:
    authors = tuple(Author(name=name) for name in envelope.authors)
    for name, value in (
        ("headline", envelope.headline),
        ("summary", envelope.summary),
        ("authors", authors),
        ("keywords", envelope.keywords),
        ("declared_language", envelope.language),
    ):
        if value:
            draft.put(name, value, "envelope", name, 0.7)
    if envelope.status != "usable":
        draft.put("status", envelope.status, "envelope", "status", 0.95)
    if envelope.published_at:
        _add_published(draft, page, envelope.published_at)


def _add_published(draft: Draft, page: Page, raw: str) -> None:
    language = page.declared.language if page.declared else None
    habits = habits_of(profile_for(page.source, page.url), language)
    candidate = Candidate("envelope", "published_at", raw, 0.7)
    if known := believed(draft, "published_at", candidate, habits, page.observed_at):
        draft.put_published(known.moment, known.source, known.rule, known.sure)
