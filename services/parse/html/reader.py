"""From an HTML page to a draft of its article."""

from typing import Final

from services.parse.findings import Draft, Page
from services.parse.html.address import find_address
from services.parse.html.body import find_body
from services.parse.html.clues import Clues, read_clues
from services.parse.html.declared import find_declared
from services.parse.html.headline import find_headline
from services.parse.html.people import find_people
from services.parse.html.picture import find_picture
from services.parse.html.related import take_related
from services.parse.html.timing import find_times
from services.parse.html.verdict import refuse_other_pages

FINDERS: Final = (find_address, find_headline, find_times, find_people, find_declared, find_picture)
"""Each puts the fields that it is named for; their order does not matter."""


def read_html(page: Page) -> Draft:
    """Read an HTML page.

    Raises:
        Skip: the page is no article.
        Poison: its markup is too large, too deep or has too many nodes.
    """
    return read_from(read_clues(page))


def read_from(clues: Clues) -> Draft:
    """Read a page whose clues were gathered."""
    draft = Draft(parser="html", block_basis="body")
    for find in FINDERS:
        find(draft, clues)
    take_related(draft, clues)  # takes their blocks out of the tree, so before the body
    find_body(draft, clues)
    refuse_other_pages(draft, clues)
    return draft
