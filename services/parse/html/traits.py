"""What can be seen of a page as a whole without reading it, as numbers: what tells articles from other pages. Pure."""

import math
import re
from collections import Counter
from collections.abc import Collection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.words import count_words

READ: Final = 4_000
"""Characters of a body whose words are looked at."""
PROSE: Final = 30
"""Words of a paragraph that neither teasers nor a product's features have."""
SHORT: Final = 12
"""Words below which a line is a label, an item or a link."""
FEW: Final = 120
MANY: Final = 600
SPACED: Final = 12
"""Characters of a word, at most; longer ones are of a script without spaces."""
SLUG: Final = 4
"""Hyphens of an address's last part from which on it is a headline."""
TITLE_SHORT: Final = 3
TITLE_LONG: Final = 8
PARTS_LIMIT: Final = 6


def _sets(**words: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(each.split()) for name, each in words.items()}


PLACES: Final = _sets(
    story="news article articles story stories blog blogs post posts opinion opinions insights magazine press-release "
    "press-releases column columns columnists feature features actualites nachrichten noticia noticias novosti novyny "
    "advice resources",
    goods="product products dp pd item items ip itm sku buy shop store producto produkt produit",
    index="category categories collection collections c b tag tags topic topics archive archives browse search course "
    "courses catalog catalogue list lists directory shop all sale department departments genre explore jobs event "
    "events library rubrique kategorie categoria",
    forum="forum forums thread threads t question questions discussion discussions community viewtopic viewtopic.php "
    "showthread showthread.php showtopic topic comments answers board boards groups r",
    reference="doc docs documentation reference guide guides manual wiki api help kb support handbook tutorial "
    "tutorials usersguide man",
    offer="service services pricing solution solutions platform about about-us contact plan plans program programs "
    "tour tours company industries use-cases customers software tool tools app apps lp enterprise package packages",
)  # fmt: skip
"""Parts of an address, by what stands there."""
HOSTS: Final = _sets(
    story="blog blogs news magazine",
    goods="shop store",
    forum="forum forums community discuss discourse boards answers stackexchange stackoverflow",
    reference="doc docs developer developers help wiki support api readthedocs manual",
)
TYPES: Final = _sets(
    goods="Product ProductGroup ProductModel Offer AggregateOffer Vehicle",
    index="CollectionPage ItemList SearchResultsPage OfferCatalog Blog",
    forum="DiscussionForumPosting QAPage Question",
    offer="Service SoftwareApplication WebApplication LocalBusiness ProfessionalService Course FAQPage "
    "EducationalOrganization CollegeOrUniversity",
    page="WebPage AboutPage ItemPage ContactPage",
)
"""Of JSON-LD nodes, but those of articles: a page that declares one is not asked about."""
SPOKEN: Final = _sets(
    i="i my me i'm i've",
    we="we our us we're",
    you="you your",
    said="said says told according reported announced",
    offer="contact free trial quote demo schedule customers clients team solutions services service trusted expert",
    goods="cart shipping returns warranty sku dimensions material color colour size quantity weight checkout stock",
    forum="reply replies replied thanks joined member wrote edited views thread anyone post posted posts likes",
    reference="parameters parameter returns function method class default command config api value values string "
    "syntax object module version click select file install example",
    index="view more results filter sort showing course level per next previous load from read",
)  # fmt: skip
"""Words that the kinds of pages use more than others."""
_KINDS_OF: Final = {
    word: [kind for kind, words in SPOKEN.items() if word in words] for word in frozenset[str]().union(*SPOKEN.values())
}
TITLES: Final = {
    "tells": re.compile(
        r"\b(?:how|why|what|when|guide|tips|best|top \d+|\d+ (?:ways|things|reasons|steps)|review|vs|explained)\b"
        r"|^(?:the|an?|\d+)\b"
    ),
    "goods": re.compile(r"\b(?:buy|price|inch|oz|ml|kg|pack|set of|sku|free shipping)\b|[®™]|\$\d"),
    "index": re.compile(
        r"\b(?:all|browse|collections?|archives?|courses|classes|jobs|events|shop|sale|products|recipes|directory"
        r"|listings?|resources|latest|results|reviews|page \d+|catalog|library|programs)\b"
    ),
    "forum": re.compile(r"\b(?:forum|thread|question|solved|help|anyone|community|discussion|advice|please|my)\b|\?$"),
    "reference": re.compile(
        r"\b(?:docs?|documentation|reference|api|manual|introduction|getting started|overview|tutorial|installation"
        r"|install|wiki|handbook|user guide|function|module|\d+\.\d+)\b"
    ),
    "offer": re.compile(
        r"\b(?:services?|pricing|software|platform|solutions?|agency|company|free trial|online|tours?|insurance"
        r"|management|experts?|professional|consulting|consultants?|programs?|tool|demo|app|packages|custom"
        r"|made easy)\b"
    ),
}
MARKS: Final = {"?": ("?", 50), "!": ("!", 50), ",": (",", 15), "quotes": ('“«„"', 50), "code": ("{}()=<>_;", 5)}
"""Marks, and by what their share of the words is multiplied to be about 1 at most."""
OFTEN: Final = 20
"""The same for words that are spoken."""
_FRONT: Final = re.compile(r"/?(?:(?:[a-z]{2}(?:[-_][a-z]{2})?|home|index\.\w{2,5})/?)?")
_DATED: Final = re.compile(r"/(?:19|20)\d\d/")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 - as it is printed
_SHARES: Final = ("paragraph", "list", "heading", "table", "quote")

Traits = dict[str, float]


def traits(draft: Draft, clues: Clues) -> Traits:
    """The numbers of a page, about 0 to 1 each; every page has the same ones, in the same order.

    `draft`: with its metadata and its body.
    """
    address = urlsplit(clues.page.url or str(draft.fields.get("canonical_url", "")))
    known = {**_address(address), **_meta(clues), **_fields(draft), **_title(_line(draft, "headline")), **_body(draft)}
    known |= _known("type", TYPES, clues.types)
    known |= {
        "dated prose": known["published"] * known["prose"],
        "slug and prose": known["slug"] * known["prose"],
        "story and slug": known["story"] * known["slug"],
    }
    return {name: float(value) for name, value in known.items()}


def _line(draft: Draft, name: str) -> str:
    return str(draft.fields.get(name, "")).lower()


def _known(where: str, kinds: dict[str, frozenset[str]], names: Collection[str]) -> Traits:
    """For each kind whether any of the names is one of its words."""
    return {f"{where} {kind}": not words.isdisjoint(names) for kind, words in kinds.items()}


def _address(address: SplitResult) -> Traits:
    path = address.path.lower()
    parts = [part for part in path.split("/") if part][:PARTS_LIMIT]
    labels = (address.hostname or "").split(".")
    last = parts[-1] if parts else ""
    front = bool(address.netloc) and _FRONT.fullmatch(path) is not None
    hosts, under = _known("host", HOSTS, labels), _known("under", PLACES, parts[:-1])
    return {
        "front": front,
        "deep": len(parts) / PARTS_LIMIT,
        "hyphens": min(last.count("-"), 10) / 10,
        "slug": last.count("-") >= SLUG,
        "plain part": bool(last) and "-" not in last,
        "query": bool(address.query),
        "dated address": _DATED.search(path) is not None,
        "story": (under["under story"] or hosts["host story"]) and not front,
        **hosts,
        **under,
        **_known("at", PLACES, [last]),
    }


def _meta(clues: Clues) -> Traits:
    declared, meta = (clues.meta.get("og:type") or [""])[0].lower(), clues.meta
    published = "article:published_time" in meta
    return {
        "says article": declared == "article",
        "says product": "product" in declared,
        "says website": declared == "website",
        "says nothing": not declared,
        "publishing time": published,
        "modified only": "article:modified_time" in meta and not published,
        "tagged": "article:section" in meta or "article:tag" in meta,
        "author declared": "author" in meta,
        "priced": any(name.startswith(("product:", "og:price")) for name in meta),
    }


def _fields(draft: Draft) -> Traits:
    published, signed = "published_at" in draft.fields, "authors" in draft.fields
    return {
        "published": published,
        "signed": signed,
        "signed and dated": published and signed,
        "neither": not published and not signed,
        **{name: name in draft.fields for name in ("section", "image", "related")},
    }


def _title(title: str) -> Traits:
    words = count_words(title)
    return {
        "title words": min(words, 20) / 20,
        "title short": words <= TITLE_SHORT,
        "title long": words >= TITLE_LONG,
        "title bar": "|" in title or " - " in title,
        **{f"title {kind}": said.search(title) is not None for kind, said in TITLES.items()},
    }


def _body(draft: Draft) -> Traits:
    body = _line(draft, "body")
    blocks = [(each.kind, _size(body[each.start : each.end])) for each in draft.blocks if each.kind != "blank"]
    total = max(1, sum(words for _, words in blocks))
    long = [words for kind, words in blocks if kind == "paragraph" and words >= PROSE]
    return {
        "words": math.log1p(total) / 8,
        "few": total < FEW,
        "many": total > MANY,
        **{f"share {kind}": sum(words for each, words in blocks if each == kind) / total for kind in _SHARES},
        "prose": sum(long) / total,
        "short lines": sum(words for _, words in blocks if words < SHORT) / total,
        "long paragraphs": min(len(long), 20) / 20,
        "mean passage": min(total / max(1, len(blocks)) / 60, 1.5),
        "agreement": draft.confidence,
        **_said(body[:READ]),
    }


def _size(text: str) -> int:
    """Words of a text; where it has spaces they are counted, which is ten times faster."""
    return text.count(" ") + 1 if SPACED * text.count(" ") > len(text) else count_words(text)


def _said(text: str) -> Traits:
    """How often marks and words stand in a text, by its words."""
    words = _WORD.findall(text)
    count = max(1, len(words))
    kinds = Counter(kind for word in words if word in _KINDS_OF for kind in _KINDS_OF[word])
    marks = {name: min(sum(map(text.count, each)) / count * often, 2) for name, (each, often) in MARKS.items()}
    return marks | {f"spoken {kind}": min(kinds[kind] / count * OFTEN, 2) for kind in SPOKEN}
