"""Whether a page has all of its article: by its end, the publisher's count, a part kept back. Pure."""

from typing import Final

from services.parse.ending import FEW, put_mark
from services.parse.findings import Draft
from services.parse.html.body import declared_body
from services.parse.html.clues import Clues
from services.parse.html.flow import shown_size
from services.parse.html.jsonld import flag, items, line, node
from services.parse.words import count_words
from shared.cut import cut_mark

COUNTED: Final = 100
"""Words from which on a publisher's own count is compared."""
HALF: Final = 0.5
ALL: Final = 0.9
"""Shares of that count: of 59 development pages that state one, one is below half, and cut; nine are between."""
DELIVERED: Final = 100
"""Characters of a part that is not for free from which on the page has it all the same."""


def find_completeness(draft: Draft, clues: Clues) -> None:
    """Put whether the body is all of the article, where something says so: what is surest first."""
    body = str(draft.fields.get("body", ""))
    words, mark = count_words(body), cut_mark(body)
    if not words:
        return
    if mark and mark.sure:
        put_mark(draft, "html", mark)
    _compare(draft, words, line(clues.linked.get("wordCount")) or "")
    if mark and words < FEW:
        put_mark(draft, "html", mark)
    if words < FEW and _is_kept_back(draft, clues, words):
        draft.put("completeness", "partial", "json-ld", "not for free, and few words", 0.6, f"{words} words")


def _compare(draft: Draft, words: int, stated: str) -> None:
    counted = int(stated) if stated.isdecimal() else 0
    said = f"{words} words of {counted}"
    if counted < COUNTED:
        return
    if words < HALF * counted:
        draft.put("completeness", "partial", "json-ld", "less than half of wordCount", 0.8, said)
    elif words >= ALL * counted:
        draft.put("completeness", "full", "json-ld", "as long as wordCount", 0.8, said)


def _is_kept_back(draft: Draft, clues: Clues, words: int) -> bool:
    """Whether the page is not for free and has nothing of what is not; an articleBody is there in spite of a wall."""
    rights = draft.fields.get("rights")
    if not rights or rights.free_access is not False or count_words(declared_body(clues)) >= ALL * words:
        return False
    parts = (node(each) for each in items(clues.linked.get("hasPart"))[:50])
    names = [line(each.get("cssSelector")) for each in parts if flag(each.get("isAccessibleForFree")) is False]
    found = [clues.tree.find_class(name[1:]) for name in names if name and name.startswith(".")]
    return not any(shown_size(each) >= DELIVERED for elements in found for each in elements[:10])
