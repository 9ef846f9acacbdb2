"""An article that was taken away: nothing is left of it but its address, and that it is so."""

from services.parse.findings import Draft, Page


def read_withdrawn(page: Page) -> Draft:
    """A draft without a body; its headline is what the envelope says, else its address."""
    draft = Draft(parser="withdrawn", block_basis="body", confidence=1.0)
    declared = page.declared.headline if page.declared else None
    if not declared and page.url:
        draft.put("headline", page.url, "derived", "address", 0.1)
    return draft
