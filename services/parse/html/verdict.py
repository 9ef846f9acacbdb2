"""Whether a page is an article: rules with a name each where a page says what it is, else what it looks like."""

from collections.abc import Callable
from itertools import islice
from typing import Final

from services.parse.findings import Draft
from services.parse.html import media, walled
from services.parse.html.clues import Clues
from services.parse.html.indexes import index_page
from services.parse.html.jsonld import types
from services.parse.html.kinds import Look, Model, trained
from services.parse.html.sorts import Sort
from services.parse.html.traits import traits
from shared.contracts import PageKind
from shared.errors import Skip, SkipReason

RULES: Final[tuple[Callable[[Draft, Clues], Sort | None], ...]] = (
    walled.error_page, walled.consent_wall, walled.challenge, media.live_blog, media.gallery_page, media.video_page,
    index_page,
)  # fmt: skip
REASONS: Final[dict[PageKind, SkipReason]] = {
    "index": "index_page", "product": "product_page", "forum": "forum_page", "reference": "reference_page",
    "service": "service_page",
}  # fmt: skip
ARTICLES_OWN: Final = ("headline", "body", "published_at")
"""Fields whose places on a publisher's pages are an article's own: names of authors stand among teasers too."""
LINKS: Final = 10
"""Links that a page of a site has around its text."""
HARDLY: Final = 0.08
"""How likely a page that is skipped for its look is an article, at most: of 576 articles of hosts unknown
to the model, one is below. Of other pages seven in ten are; the rest are indexed and say what they look like."""


def refuse_other_pages(draft: Draft, clues: Clues) -> None:
    """Let articles pass, and what may be one; that says in `page_kind` what else it looks like.

    Raises:
        Skip: a page of another sort, by the name of that.
    """
    sort = by_rule(draft, clues)
    if sort is None and is_asked_about(draft, clues):
        look = other_look(traits(draft, clues), trained())
        sort = sort_of(look) if look and look.article < HARDLY else None
        _mark(draft, look)
    if sort is not None:
        raise Skip(sort.reason, sort.detail, headline=draft.fields.get("headline"), url=draft.fields.get("url"))


def _mark(draft: Draft, look: Look | None) -> None:
    if look is not None:
        rule = f"its look: {', '.join(look.told_by)}"
        draft.put("page_kind", look.other, "derived", rule, 1 - look.article, f"{look.article:.0%} an article")


def by_rule(draft: Draft, clues: Clues) -> Sort | None:
    """What a page says that it is, if that is no article."""
    return next((found for rule in RULES if (found := rule(draft, clues))), None)


def is_asked_about(draft: Draft, clues: Clues) -> bool:
    """Whether its look decides."""
    return shows_enough(draft, clues) and not is_vouched_for(draft, clues)


def shows_enough(draft: Draft, clues: Clues) -> bool:
    """Whether enough of a page is seen to judge its look: where it is from, and what it says it is or a site around it.

    A bare text in a few tags is whatever its publisher says, and that is an article.
    """
    if clues.page.url is None and "canonical_url" not in draft.fields:
        return False
    return bool(clues.types) or sum(1 for _ in islice(clues.tree.iter("a"), LINKS)) == LINKS


def is_vouched_for(draft: Draft, clues: Clues) -> bool:
    """Whether somebody says that this is an article, and no look is needed: the page, its profile, or a feed.

    Documentation often says that it is a TechArticle. What a feed lists with a headline and a time is an article far
    more often than the model is right.
    """
    declared = [name for name in types(clues.linked) if name != "TechArticle"]
    listed = clues.page.declared is not None and clues.page.declared.headline and clues.page.declared.published_at
    profiled = (draft.evidence[name].source == "profile" for name in ARTICLES_OWN if name in draft.evidence)
    return bool(declared or listed) or any(profiled)


def other_look(known: dict[str, float], model: Model) -> Look | None:
    """What a page looks like, if that is less an article than something else."""
    look = model.look(known)
    return look if look.article < model.threshold else None


def sort_of(look: Look) -> Sort:
    """What is said of a page that is skipped for its look."""
    return Sort(REASONS[look.other], f"{look.article:.0%} an article by its look; told by {', '.join(look.told_by)}")
