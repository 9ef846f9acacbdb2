"""From a page to the files of its publisher's profile. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from services.parse.core import parse
from services.parse.drafting.module import Facts, module_of
from services.parse.drafting.skeleton import skeleton
from services.parse.drafting.suggest import selector_for
from services.parse.drafting.targets import targets_of
from services.parse.drafting.zone import zone_of
from services.parse.findings import Page
from services.parse.raw.document import RawDocument
from services.parse.times.country import country_of
from services.parse.times.months import usual_order
from services.parse.tree import page_tree
from shared.contracts import ParsedArticle
from shared.errors import Skip
from shared.url import SECOND_LEVEL, domain

_UNSAFE: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was drafted. `place`: `<country>/<site>`; `article`: what the general rules found."""

    place: str
    module: str
    fixture: str
    selectors: dict[str, str]
    article: ParsedArticle


def draft(raw: RawDocument, country: str | None, *, now: datetime) -> Drafted:
    """The draft of a profile from an HTML page whose address is known.

    Raises:
        Skip, Poison: as `parse`; `not_an_article` also for a page whose address, or kind, gives no profile.
    """
    article = parse(raw, now=now)
    host = domain(article.canonical_url or "")
    code = (country or country_of(host, article.declared_language) or "").upper()
    if raw.kind != "html" or not host:
        raise Skip("not_an_article", "a profile is drafted from an HTML page with its address; say --url")
    if not code:
        raise Skip("not_an_article", f"the country of {host} is not known; say --country, as in --country GB")
    tree = page_tree(raw.page.text)
    targets = targets_of(tree, article)
    found = {name: selector_for(elements, tree) for name, elements in targets.items()}
    selectors = {name: place for name, place in found.items() if place}
    facts = _facts(article, raw.page, host, code, selectors)
    text = skeleton(tree, targets, f"https://{urlsplit(article.canonical_url or '').netloc}/an/article")
    return Drafted(f"{code.lower()}/{site_of(host)}", module_of(facts), text, selectors, article)


def _facts(article: ParsedArticle, page: Page, host: str, code: str, selectors: dict[str, str]) -> Facts:
    language = article.declared_language
    return Facts(
        name=(article.publisher or host).replace('"', "'"),
        hosts=(host,),
        country=code,
        zone=zone_of(code, _stated(article)),
        order=usual_order(language if language and "-" in language else f"{language}-{code}") or "DMY",
        language=language,
        since=(article.published_at or page.fetched_at or page.observed_at).date(),
        selectors=selectors,
    )


def _stated(article: ParsedArticle) -> datetime | None:
    """The time of publication with the offset that the page states, unless that is UTC, which says nothing."""
    try:
        moment = datetime.fromisoformat(article.published_raw or "")
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.utcoffset() != UTC.utcoffset(None) else None


def site_of(host: str) -> str:
    """The part of a host that names the publisher: bbc of news.bbc.co.uk."""
    labels = host.split(".")[:-1] or [host]
    if len(labels) > 1 and labels[-1] in SECOND_LEVEL:
        labels.pop()
    name = _UNSAFE.sub("_", labels[-1].lower()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name
