"""What the parser sees of each page before it says what the page is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, NamedTuple

from services.parse.findings import Draft
from services.parse.html.clues import Clues, read_clues
from services.parse.html.kinds import Model
from services.parse.html.reader import drafted
from services.parse.html.traits import Traits, traits
from services.parse.html.verdict import HARDLY, by_rule, is_asked_about, other_look, sort_of
from services.parse.raw.document import read_raw
from services.parse.tidy import FEWEST_WORDS
from services.parse.words import count_words
from shared.errors import Outcome, SkipReason
from tests.quality.kinds.material import Typed

BARE: Final = 500
"""Characters of a flash."""
THIN: Final[SkipReason] = "too_short"


class Told(NamedTuple):
    """What is said of a page. `reason`: as what it is no article, None for one. `skipped`: it is left out for that."""

    reason: SkipReason | None
    skipped: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as the rules and the model see it. `known`: its traits; `bare`: those of its first lines alone.

    `said`: what the rules find it to be; `vouched`: the model is not asked.
    """

    page: Typed
    known: Traits
    bare: Traits
    said: SkipReason | None
    vouched: bool

    def told(self, model: Model) -> Told:
        """What is said of the page."""
        if self.said or self.vouched:
            return Told(self.said, skipped=self.said is not None)
        look = other_look(self.known, model)
        return Told(sort_of(look).reason, look.article < HARDLY) if look else Told(None, skipped=False)


def seen(pages: Iterable[Typed]) -> list[Seen]:
    """The pages that the parser reads at all; what it refuses as too large or too deep is no matter here."""
    return [found for page in pages if (found := _seen(page))]


def _seen(page: Typed) -> Seen | None:
    headers = {"content-type": "text/html"} | ({"newswire-url": page.url} if page.url else {})
    try:
        clues = read_clues(read_raw(page.markup, headers, "quality", page.fetched_at).page)
    except Outcome:
        return None
    draft = drafted(clues)
    sort = by_rule(draft, clues)
    thin = count_words(str(draft.fields.get("body", ""))) < FEWEST_WORDS
    said = sort.reason if sort else THIN if thin else None
    return Seen(page, traits(draft, clues), _bare(draft, clues), said, not is_asked_about(draft, clues))


def _bare(draft: Draft, clues: Clues) -> Traits:
    """The traits of the page as a flash of a site that declares nothing: its headline and its first lines."""
    sizes = accumulate(each.end - each.start for each in draft.blocks)
    kept = [each for each, size in zip(draft.blocks, sizes, strict=True) if size < BARE] or draft.blocks[:1]
    body = str(draft.fields.get("body", ""))[: kept[-1].end if kept else 0]
    fields = {"headline": draft.fields.get("headline", ""), "body": body}
    flash = Draft(parser="html", block_basis="body", confidence=draft.confidence, fields=fields, blocks=kept)
    return traits(flash, replace(clues, meta={}, types=frozenset()))
