"""What a page declares of its use: robots rules, text and data mining, licence, holder, free or paywalled.

Sources: robots meta and X-Robots-Tag (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag),
TDM Reservation Protocol (https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/), schema.org.
"""

from collections.abc import Iterator
from typing import Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.jsonld import flag, items, line, node
from services.parse.html.stated import is_reference
from shared.contracts import Rights

ROBOTS_LIMIT: Final = 500
LINKS_LIMIT: Final = 2_000
_ROBOTS: Final = ("robots", "googlebot", "googlebot-news")
_NO_AI: Final = frozenset({"noai", "noimageai"})
_NOTICES: Final = ("copyright", "dc.rights", "dcterms.rights", "rights")
_TIERS: Final = ("article:content_tier", "og:article:content_tier", "content_tier")


def find_rights(draft: Draft, clues: Clues) -> None:
    """Put rights, if anything is declared."""
    robots = ", ".join(dict.fromkeys(_robots(clues)))
    rights = Rights(
        holder=_holder(clues),
        notice=line(clues.linked.get("copyrightNotice")) or _meta(clues, *_NOTICES),
        licence=_licence(clues),
        robots=robots[:ROBOTS_LIMIT] or None,
        no_ai=True if _NO_AI & {word.strip(" ,;").rpartition(":")[2] for word in robots.lower().split()} else None,
        tdm_reservation=_reserved(clues),
        tdm_policy=clues.absolute(clues.page.signals.get("tdm-policy") or _meta(clues, "tdm-policy")),
        free_access=_free(clues),
    )
    if known := rights.model_dump(exclude_none=True):
        draft.put(
            "rights", rights, "meta", "declared rights", 0.9, ", ".join(f"{name}: {known[name]}" for name in known)
        )


def _holder(clues: Clues) -> str | None:
    name = line(clues.linked.get("copyrightHolder"))
    return None if name is None or is_reference(name) else name


def _meta(clues: Clues, *names: str) -> str | None:
    found = clues.first_meta(*names)
    return found[1] if found else None


def _robots(clues: Clues) -> Iterator[str]:
    for name in _ROBOTS:
        yield from clues.meta.get(name, [])
    if header := clues.page.signals.get("x-robots-tag"):
        yield header


def _reserved(clues: Clues) -> bool | None:
    """The reservation: made by the answer's header or by the page itself, it is made."""
    both = (clues.page.signals.get("tdm-reservation"), _meta(clues, "tdm-reservation"))
    stated = {each.strip() for each in both if each} & {"0", "1"}
    return "1" in stated if stated else None


def _licence(clues: Clues) -> str | None:
    declared = line(clues.linked.get("license")) or _meta(clues, "dcterms.license", "dc.license")
    if declared or "license" not in clues.page.text:
        return declared
    for element in list(clues.tree.iter("link", "a"))[:LINKS_LIMIT]:
        if "license" in (element.get("rel") or "").lower().split():
            return clues.absolute(element.get("href"))
    return None


def _free(clues: Clues) -> bool | None:
    """Whether everybody may read all of it: a part that is not for free makes it paywalled."""
    stated = flag(clues.linked.get("isAccessibleForFree"))
    parts = [flag(node(part).get("isAccessibleForFree")) for part in items(clues.linked.get("hasPart"))[:50]]
    if stated is None and False in parts:
        stated = False
    for other in (flag(clues.web_page.get("isAccessibleForFree")), flag(_meta(clues, "isaccessibleforfree"))):
        stated = other if stated is None else stated
    tier = _meta(clues, *_TIERS)
    return tier.lower() == "free" if stated is None and tier else stated
