"""From a page as plain text to a draft of its article."""

from services.parse.findings import Draft, Page
from shared.errors import Skip


def read_text(page: Page) -> Draft:
    """Read a page as plain text.

    Raises:
        Skip: `too_short` or `not_an_article`.
    """
    raise Skip("not_an_article", "not read yet")
