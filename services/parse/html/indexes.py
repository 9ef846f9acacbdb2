"""Pages that are a list of links to others."""

import re
from typing import Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.sorts import Sort
from services.parse.words import count_words

PROSE_WORDS: Final = 25
"""Words of one paragraph that a list of teasers does not have."""
LINKED_SHARE: Final = 0.5
"""Share of a body's words that are links' texts; teasers have more, articles hardly any."""
LINKS_LIMIT: Final = 1_000
_SENTENCE: Final = re.compile(r"[.!?…。।؟]")


def index_page(draft: Draft, clues: Clues) -> Sort | None:
    """A body of links, on a page that does not say that it is an article."""
    body = str(draft.fields.get("body", ""))
    words = count_words(body)
    if _declares_article(clues) or _is_prose(body, words) or not _is_links(without_links(clues, body), words):
        return None
    return Sort("index_page", "links, and no paragraph among them")


def _declares_article(clues: Clues) -> bool:
    return bool(clues.linked) or "article" in (clues.meta.get("og:type") or [""])[0].lower()


def _is_prose(body: str, words: int) -> bool:
    """Whether half of a body is paragraphs of several sentences; its links are not looked for then: that takes long."""
    lines = (line for line in body.split("\n") if len(_SENTENCE.findall(line)) > 1)
    return 2 * sum(count for line in lines if (count := count_words(line)) >= PROSE_WORDS) > words


def _is_links(rest: str, words: int) -> bool:
    """Less than half of a body is left without its links, and no paragraph of prose."""
    prose = any(count_words(line) >= PROSE_WORDS and _SENTENCE.search(line) for line in rest.split("\n"))
    return not prose and count_words(rest) < (1 - LINKED_SHARE) * words


def without_links(clues: Clues, body: str) -> str:
    """The body without the texts of the page's links."""
    links = {text_of(link) for link in clues.select("//a[@href]")[:LINKS_LIMIT]}
    for text in sorted(links - {""}, key=len, reverse=True):
        body = body.replace(text, "")
    return body
