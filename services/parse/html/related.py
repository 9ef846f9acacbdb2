"""Blocks of links that a page shows beside its article: more about, hot, latest, read also."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, get_args

from lxml import html

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.text.labels import GENERAL, key
from services.parse.times.reading import read_claim
from services.parse.times.window import believable
from services.parse.tree import Element
from shared.contracts import Related, RelatedKind

RELATED_LIMIT: Final = 100
HEADINGS_LIMIT: Final = 50
LABEL_LIMIT: Final = 60
"""Characters of a heading over a block of links."""
TITLE_LENGTH: Final = 12
"""Characters of a link's text; shorter is "more" or a name."""
CLIMB: Final = 4
"""Levels between a heading and the element that holds its links."""
LINK_SHARE: Final = 0.4
"""Share of a block's characters that are links; below, it is prose."""

Heading = tuple[html.HtmlElement, RelatedKind]


def take_related(draft: Draft, clues: Clues) -> None:
    """Put the related links, and take their blocks out of the tree so that no body contains them."""
    headings = list(islice(_headings(clues), HEADINGS_LIMIT))
    found: dict[str, Related] = {}
    for block, kind in _taken(headings):
        for related in islice(_links(block, kind, headings, clues), RELATED_LIMIT):
            found.setdefault(related.url or related.title, related)
    if found:
        draft.put("related", tuple(found.values())[:RELATED_LIMIT], "html", "headed blocks of links", 0.8, "")


def kinds_taken(clues: Clues) -> dict[Element, RelatedKind]:
    """The elements that `take_related` takes out of the tree, and takes out here, each with what it is part of."""
    taken: dict[Element, RelatedKind] = {}
    for block, kind in _taken(list(islice(_headings(clues), HEADINGS_LIMIT))):
        taken.update(dict.fromkeys(block.iter(), kind))
    return taken


def _taken(headings: list[Heading]) -> Iterator[Heading]:
    """The block of each heading and what it holds; both are out of the tree when the next is asked for."""
    for heading, kind in headings:
        block = _block(heading)
        if block is not None:
            yield block, kind
            _drop(heading, block)


def _headings(clues: Clues) -> Iterator[Heading]:
    known = {**GENERAL, **(clues.profile.labels if clues.profile else {})}
    kinds: dict[str, RelatedKind] = {kind: kind for kind in get_args(RelatedKind)}
    for element in clues.tree.iter(
        "h2", "h3", "h4", "h5", "h6", "div", "span", "p", "strong", "b", "em", "a", "header"
    ):
        text = (element.text or "").strip()
        if 0 < len(text) <= LABEL_LIMIT and (kind := kinds.get(known.get(key(text), ""))):
            in_text = kind == "related" and _paragraph(element) is not None
            yield element, "in_text" if in_text else kind


def _paragraph(element: html.HtmlElement) -> html.HtmlElement | None:
    """The paragraph with a link that the element stands in, as "Read also: ..." does."""
    inside = [element, *element.iterancestors()][:3]
    return next((each for each in inside if each.tag == "p" and each.find(".//a[@href]") is not None), None)


def _block(heading: html.HtmlElement) -> html.HtmlElement | None:
    """The smallest element around a heading that holds its links, if it is a block of links and nothing more."""
    if heading.getroottree().getroot() not in {heading, *heading.iterancestors()}:
        return None
    around = [heading, *heading.iterancestors()][: CLIMB + 1]
    holding = [each for each in around if each.find(".//a[@href]") is not None and each.getparent() is not None]
    wide = [each for each in holding if len(each.findall(".//a[@href]")) > 1]
    block = _paragraph(heading) if _paragraph(heading) is not None else next(iter(wide or holding), None)
    if block is not None and _is_links(block):
        return block
    return next(
        (each for each in _following(heading) if each.find(".//a[@href]") is not None and _is_links(each)), None
    )


def _following(heading: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """What stands right after a heading, or after the element that has nothing but it."""
    for each in (heading, heading.getparent()):
        following = None if each is None or _size(each) > LABEL_LIMIT else each.getnext()
        if following is not None:
            yield following


def _drop(heading: html.HtmlElement, block: html.HtmlElement) -> None:
    """Take a block and its heading out of the tree."""
    inside = block in {heading, *heading.iterancestors()}
    block.drop_tree()
    if not inside and heading.getparent() is not None:
        heading.drop_tree()


def _is_links(block: html.HtmlElement) -> bool:
    if block.tag in {"html", "body", "main"} or block.find(".//h1") is not None:
        return False
    linked = sum(_size(link) for link in block.iterfind(".//a[@href]"))
    return linked >= LINK_SHARE * _size(block)


def _size(element: html.HtmlElement) -> int:
    return sum(len(str(part).strip()) for part in element.itertext())


def _links(block: html.HtmlElement, kind: RelatedKind, headings: list[Heading], clues: Clues) -> Iterator[Related]:
    """The links of a block; a further heading inside it changes the kind of those after it."""
    kinds = dict(headings)
    for element in block.iter():
        kind = kinds.get(element, kind)
        title = text_of(element) if element.tag == "a" and element.get("href") else ""
        if len(title) >= TITLE_LENGTH:
            yield _related(element, title, kind, clues)


def _related(link: html.HtmlElement, title: str, kind: RelatedKind, clues: Clues) -> Related:
    beside = link if link.getparent() is None else link.getparent()
    time = beside.find(".//time") if beside.tag not in {"ul", "ol", "div", "section"} else link.find(".//time")
    raw = None if time is None else (time.get("datetime") or text_of(time))[:200]
    reading = read_claim(raw, clues.habits) if raw else None
    moment = reading.moment if reading and believable(reading.moment.at, clues.page.observed_at) else None
    return Related(
        kind=kind,
        title=title,
        url=clues.absolute(link.get("href")),
        published_at=moment.at if moment else None,
        published_raw=raw or None,
    )
