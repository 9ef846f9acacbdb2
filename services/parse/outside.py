"""What is known of an article from outside of its page: its address, and what its envelope declares."""

from services.parse.findings import Draft, Page
from services.parse.publishers import profile_for
from services.parse.times.reading import read_time
from services.parse.times.window import believable
from services.parse.url import canonical_url, domain
from shared.contracts import Author, RawEnvelope


def add_outside(draft: Draft, page: Page) -> None:
    """Put the page's address and its envelope's fields, behind what the page itself says."""
    if page.url and (known := canonical_url(page.url)):
        draft.put("canonical_url", known, "header", "address it was published with", 0.7)
    if canonical := draft.fields.get("canonical_url"):
        draft.put("url", page.url or canonical, "header" if page.url else "derived", "address of the page", 0.9)
        draft.put("domain", domain(canonical), "derived", "host of canonical_url", 0.95)
    if page.declared:
        _add_envelope(draft, page, page.declared)


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
    if envelope.published_at:
        _add_published(draft, page, envelope.published_at)


def _add_published(draft: Draft, page: Page, raw: str) -> None:
    profile = profile_for(page.source, page.url)
    zone, order = (profile.zone, profile.order) if profile else (None, None)
    language = page.declared.language if page.declared else None
    moment = read_time(raw, observed_at=page.observed_at, zone=zone, order=order, language=language)
    if moment and believable(moment.at, page.observed_at):
        draft.put_published(moment, "envelope", "published_at", 0.7)
    else:
        draft.refuse("published_at", "envelope", "published_at: not a time between 1990 and now", raw)
