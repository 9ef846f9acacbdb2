"""From an HTML page to a draft of its article."""

from typing import Final

from services.parse.findings import Draft, Page
from services.parse.html.address import find_address
from services.parse.html.carried import Carried, find_carried
from services.parse.html.clues import Clues, read_clues
from services.parse.html.declared import find_declared
from services.parse.html.head import read_head
from services.parse.html.headline import find_headline
from services.parse.html.people import find_people
from services.parse.html.picture import find_picture
from services.parse.html.profiled import find_profiled, find_profiled_body, layout_of, tell_broken
from services.parse.html.related import take_related
from services.parse.html.rescue import find_body
from services.parse.html.rights import find_rights
from services.parse.html.timing import find_times
from services.parse.html.verdict import refuse_other_pages
from services.parse.html.whole import find_completeness

FINDERS: Final = (find_address, find_declared, find_picture, find_rights)
"""Each puts the fields that it is named for; their order does not matter."""


def read_html(page: Page) -> Draft:
    """Read an HTML page.

    Raises:
        Skip: the page is no article.
        Poison: its markup is too large, too deep or has too many nodes.
    """
    return read_from(read_clues(page))


def read_from(clues: Clues) -> Draft:
    """Read a page whose clues were gathered.

    Raises:
        Skip: the page is no article.
    """
    draft = drafted(clues)
    refuse_other_pages(draft, clues)
    return draft


def drafted(clues: Clues) -> Draft:
    """What a page would be as an article, whether it is one or not."""
    draft = Draft(parser="html", block_basis="body")
    layout = layout_of(clues)
    broken = find_profiled(draft, clues, layout)
    read_metadata(draft, clues)
    carried = Carried(draft, clues)
    find_carried(draft, clues, carried)
    take_related(draft, clues)  # takes their blocks out of the tree, so before the body
    if not find_profiled_body(draft, clues, layout, broken):
        find_body(draft, clues, carried)
    tell_broken(draft, broken)
    find_completeness(draft, clues)
    return draft


def read_metadata(draft: Draft, clues: Clues) -> None:
    """Put everything but the body and what stands beside it."""
    head = read_head(find_headline(draft, clues))
    find_times(draft, clues, head)
    find_people(draft, clues, head)
    for find in FINDERS:
        find(draft, clues)
