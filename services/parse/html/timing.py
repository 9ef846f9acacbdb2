"""When a page says it was published and changed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.embedded.fields import Said
from services.parse.html.head import Fragment
from services.parse.html.jsonld import line
from services.parse.html.printed import Stamp, fragments_of, printed_stamps, time_element
from services.parse.times.agree import Witness, agree, settle
from services.parse.times.claims import Candidate, believed
from services.parse.tree import Element

WITNESSES_LIMIT: Final = 20

_PUBLISHED_META: Final = (
    "articlepublishedtime", "ogarticlepublishedtime", "ogpublishedtime", "datepublished", "publisheddate",
    "parselypubdate", "sailthrudate", "dcdateissued", "dctermscreated", "dctermsissued", "dctermsdate", "dcdate",
    "publicationdate",
    "publishdate", "pubdate", "publishtime", "articlepublished", "cxenseparserecspublishtime", "citationonlinedate",
    "citationpublicationdate", "citationdate", "date", "publishedat", "publishedtime", "contentpublished",
)  # fmt: skip
_MODIFIED_META: Final = (
    "articlemodifiedtime", "ogarticlemodifiedtime", "ogmodifiedtime", "ogupdatedtime", "datemodified", "dcdatemodified",
    "dctermsmodified", "lastmod", "lastmodified", "modifieddate", "updateddate", "lastupdated", "updated",
)  # fmt: skip
"""Names of meta elements, letters only: publishers part the words as they like."""
_NOT_A_LETTER: Final = re.compile(r"[^a-z]")
_IN_ARTICLE: Final = frozenset({"article", "main", "header"})
_BESIDE: Final = frozenset({"aside", "nav", "footer"})
_MARKED: Final = (
    "descendant::*[contains(@class,'date') or contains(@class,'Date') or contains(@class,'publish') or "
    "contains(@class,'time') or contains(@class,'posted') or contains(@id,'date') or contains(@class,'meta')]"
    "[not(self::meta or self::script or self::a)]"
)
MARKED_LIMIT: Final = 40
_ADDRESS: Final = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?=[/_-]|\.|$)")
_LAST_RESORT: Final = 0.3


def find_times(draft: Draft, clues: Clues, head: Sequence[Fragment]) -> None:
    """Put published_at and modified_at: JSON-LD, then meta, then the time elements, then what is printed."""
    stamps = printed_stamps(head, clues.habits)
    changed = _witnesses(draft, "modified_at", clues, [*_modified(clues), *_printed(stamps, updated=True)])
    published = _witnesses(draft, "published_at", clues, [*_published(clues), *_printed(stamps, updated=False)])
    if not published:
        published = _witnesses(draft, "published_at", clues, _elsewhere(clues, guess=not changed))
    if not published:
        rule = "the last change, no publication is told"
        published = [Witness(each.moment, each.source, f"{rule}: {each.rule}", _LAST_RESORT) for each in changed]
    _put(draft, published, changed)


def put_stored_times(draft: Draft, clues: Clues, said: Iterable[Said]) -> None:
    """Put as published_at what the page's data says, if no time was found elsewhere."""
    if "published_at" not in draft.fields:
        candidates = (Candidate("script", each.key, each.raw, 0.7) for each in said)
        _put(draft, _witnesses(draft, "published_at", clues, candidates), [])


def _put(draft: Draft, published: list[Witness], changed: list[Witness]) -> None:
    first, last = settle(published), settle(changed)
    if first and last and first.moment.at > last.moment.at + timedelta(days=1):
        first = first.with_rule(f"later than the last change in {last.rule}", 0.5)
    if first:
        draft.put_published(first.moment, first.source, first.rule, first.sure)
    for other in published:
        if first and not agree(first, other):
            draft.put_published(other.moment, other.source, other.rule, other.sure)
    if last:
        draft.put_modified(last.moment, last.source, last.rule, last.sure)


def _witnesses(draft: Draft, name: str, clues: Clues, candidates: Iterable[Candidate]) -> list[Witness]:
    some = islice(candidates, WITNESSES_LIMIT)
    found = (believed(draft, name, each, clues.habits, clues.page.observed_at) for each in some)
    return [each for each in found if each]


def _published(clues: Clues) -> Iterator[Candidate]:
    if raw := line(clues.linked.get("datePublished")):
        yield Candidate("json-ld", "datePublished", raw, 0.95)
    yield from _declared(clues, _PUBLISHED_META)
    if raw := line(clues.web_page.get("datePublished")):
        yield Candidate("json-ld", "datePublished of the page", raw, 0.85)
    yield from _marked(clues, "datePublished")
    for name in ("dateCreated", "uploadDate"):
        if raw := line(clues.linked.get(name)):
            yield Candidate("json-ld", name, raw, 0.6)


def _modified(clues: Clues) -> Iterator[Candidate]:
    if raw := line(clues.linked.get("dateModified")):
        yield Candidate("json-ld", "dateModified", raw, 0.95)
    yield from _declared(clues, _MODIFIED_META)
    if raw := line(clues.web_page.get("dateModified")):
        yield Candidate("json-ld", "dateModified of the page", raw, 0.85)
    yield from _marked(clues, "dateModified")


def _declared(clues: Clues, names: tuple[str, ...]) -> Iterator[Candidate]:
    known = {_NOT_A_LETTER.sub("", name): (name, values[0]) for name, values in reversed(clues.meta.items())}
    for name in names:
        if name in known:
            yield Candidate("meta", *known[name], 0.9)


def _marked(clues: Clues, name: str) -> Iterator[Candidate]:
    for element in clues.marked(name)[:1]:
        for raw in (element.get("datetime") or element.get("content") or element.get("title"), text_of(element)):
            if raw:
                yield Candidate("html", f"element marked {name}", raw, 0.9)


def _printed(stamps: Sequence[Stamp], *, updated: bool) -> Iterator[Candidate]:
    ranked = sorted(
        (each for each in stamps if each.updated == updated), key=lambda each: (not each.labelled, each.away)
    )
    for stamp in ranked:
        element = time_element(stamp.fragment.element)
        stated = element.get("datetime") if element is not None else None
        if stated:
            yield Candidate("html", "time beside the headline", stated, 0.8)
        yield Candidate("html", "printed beside the headline", stamp.raw, 0.7)


def _elsewhere(clues: Clues, *, guess: bool) -> Iterator[Candidate]:
    """Where a publication may still be told when nothing declares it and nothing near the headline says it.

    `guess`: also where the time of another article may stand.
    """
    if match := _ADDRESS.search(clues.page.url or ""):
        order = (3, 2, 1) if match[2].isalpha() else (1, 2, 3)
        yield Candidate("derived", "date in the address", "-".join(match[part] for part in order), 0.6)
    times = sorted(clues.some("time", limit=MARKED_LIMIT), key=_place)
    for element in times[:1]:
        if raw := element.get("datetime") or text_of(element):
            yield Candidate("html", "first time of the article", raw, 0.6)
    marked = printed_stamps(fragments_of(clues.select(_MARKED)[:MARKED_LIMIT]), clues.habits)
    for stamp in sorted(marked, key=lambda each: not each.labelled):
        if stamp.labelled or (guess and not stamp.updated):
            yield Candidate("html", "printed in an element called a date", stamp.raw, 0.5)


def _place(time: Element) -> int:
    """0 for a time element in the article, 1 for one beside something in it, 2 for one outside."""
    around = {str(each.tag) for each in time.iterancestors()}
    return 2 if not around & _IN_ARTICLE or "nav" in around else int(bool(around & _BESIDE))
