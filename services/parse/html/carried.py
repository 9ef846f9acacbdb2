"""The article as data that a page carries for its own scripts: looked for once, and only when something is missing."""

from collections.abc import Iterator
from functools import cached_property

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.embedded import Stored, find_stored
from services.parse.html.embedded.fields import people_of, times_of
from services.parse.html.embedded.scripts import held
from services.parse.html.headline import declared_titles
from services.parse.html.people import put_stored_people
from services.parse.html.timing import put_stored_times


class Carried:
    """What the scripts of a page hold of its article."""

    def __init__(self, draft: Draft, clues: Clues) -> None:
        self._draft, self._clues = draft, clues

    @cached_property
    def article(self) -> Stored | None:
        """The text beside the page's headline; None where there is none."""
        return find_stored(held(self._clues.tree), list(self._titles()))

    def _titles(self) -> Iterator[str]:
        if headline := self._draft.fields.get("headline"):
            yield str(headline)
        yield from (each.text for each in declared_titles(self._clues))


def find_carried(draft: Draft, clues: Clues, carried: Carried) -> None:
    """Put who signs and when the article appeared from the page's data, where nothing else says it."""
    if {"authors", "published_at"} <= draft.fields.keys() or carried.article is None:
        return
    about = carried.article.about
    put_stored_times(draft, clues, times_of(about))
    put_stored_people(draft, clues, list(people_of(about)))
