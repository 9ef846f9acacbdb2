"""What is looked at in an article's page before it is published: its text, to tell a change, and its address."""

import re
from typing import Final

from services.fetch.articles.known import Known
from services.fetch.feeds.entry import Entry, digest, plain
from services.fetch.feeds.markup import lines, tags, title
from shared.contracts import FullText
from shared.cut import cut_mark
from shared.url import canonical_url, same_publisher, web_url

SENTENCE: Final = 40
"""Characters of a line that can be prose."""
CUT_BELOW: Final = 1_200
"""Characters of text below which a feed's is taken for a teaser."""
_ENDS: Final = re.compile(r"[.!?…。।؟][\"'»”’)\]]{0,3}$")  # noqa: RUF001 - marks of other scripts


def fingerprint(page: str) -> str:
    """Changes when title or prose do; not with menus, counters, advertisements or what else is read."""
    text = lines(page)
    prose = [line for line in text if len(line) >= SENTENCE and _ENDS.search(line)]
    return digest("\n".join((title(page), *(prose or text))))


def canonical_of(page: str, url: str) -> str | None:
    """The address that a page declares for itself, if it is on the same site."""
    for _, given, _ in tags(page, "link"):
        if given.get("rel", "").lower() == "canonical":
            found = canonical_url(web_url(given.get("href"), url) or "")
            return found if found and same_publisher(found, url) else None
    return None


def wants_page(entry: Entry, known: Known | None, full_text: FullText) -> bool:
    """Whether the page of an entry is what is published, and not the feed's own text."""
    if entry.url is None or full_text == "feed":
        return False
    paged = known is not None and known.page is not None
    return full_text == "page" or paged or is_cut(entry.text or entry.summary, entry.summary)


def is_cut(text: str, summary: str) -> bool:
    """Whether a feed's text is cut short: it is none, short, the summary again, or ends as a cut one does."""
    shown = plain(text)
    return len(shown) < CUT_BELOW or shown == plain(summary) or cut_mark(shown) is not None
