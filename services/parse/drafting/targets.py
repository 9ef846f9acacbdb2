"""Where a page has what the general rules found in it. Pure."""

from collections.abc import Callable, Iterator
from typing import Final

from lxml import html

from services.parse.clean import clean_line
from services.parse.html.clues import text_of
from services.parse.publishers.selectors import outermost
from services.parse.times.reading import read_time
from shared.contracts import ParsedArticle

LONG: Final = 40
"""Characters of a line of the body that is looked for."""
SHARE: Final = 0.8
"""Of these lines that the element must hold."""
TIME_LENGTH: Final = 80
ELEMENTS: Final = 20_000
_UNSEEN: Final = frozenset(
    {"script", "style", "head", "title", "meta", "link", "iframe", "noscript", "object", "option", "template"}
)

Targets = dict[str, list[html.HtmlElement]]


def targets_of(tree: html.HtmlElement, article: ParsedArticle) -> Targets:
    """The elements of headline, body, authors, published and section, as far as they are found."""
    body = _body(tree, article)
    found = {
        "headline": _first(tree, lambda text: text == article.headline),
        "body": [] if body is None else [body],
        "authors": _authors(tree, article),
        "published": _published(tree, article),
        "section": _first(
            tree, lambda text: bool(article.section) and text.casefold() == str(article.section).casefold()
        ),
    }
    return {name: elements for name, elements in found.items() if elements}


def _seen(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for number, each in enumerate(tree.iter()):
        if number > ELEMENTS:
            return
        if isinstance(each.tag, str) and each.tag not in _UNSEEN:
            yield each


def _first(tree: html.HtmlElement, fits: Callable[[str], bool]) -> list[html.HtmlElement]:
    """The innermost of the first element with such a text; a heading before anything else."""
    fitting = [each for each in _seen(tree) if len(each) < 10 and fits(text_of(each))]  # noqa: PLR2004 - few inside
    headings = [each for each in fitting if each.tag in {"h1", "h2"}]
    chosen = headings or fitting
    return [_innermost(chosen[0], chosen)] if chosen else []


def _innermost(first: html.HtmlElement, chosen: list[html.HtmlElement]) -> html.HtmlElement:
    inside = [each for each in chosen if first in set(each.iterancestors())]
    return inside[-1] if inside and first.tag not in {"h1", "h2"} else first


def _body(tree: html.HtmlElement, article: ParsedArticle) -> html.HtmlElement | None:
    """The smallest element that holds most of the body's lines."""
    lines = [clean_line(line)[:200] for line in article.body.split("\n") if len(line) >= LONG]
    if not lines:
        return None
    holder: html.HtmlElement | None = None
    place = tree
    while place is not None:
        holder = place
        place = next(
            (
                each
                for each in place
                if isinstance(each.tag, str) and each.tag not in _UNSEEN and _share(each, lines) >= SHARE
            ),
            None,
        )
    return holder if holder is not None and _share(holder, lines) >= SHARE else None


def _share(element: html.HtmlElement, lines: list[str]) -> float:
    text = clean_line(" ".join(str(each) for each in element.itertext()), limit=2_000_000)
    plain = text.replace(" ", "")
    return sum(line.replace(" ", "") in plain for line in lines) / len(lines)


def _authors(tree: html.HtmlElement, article: ParsedArticle) -> list[html.HtmlElement]:
    names = {author.name.casefold() for author in article.authors}
    exact = [each for each in _seen(tree) if text_of(each).casefold() in names] if names else []
    inner = [each for each in exact if not any(each in set(other.iterancestors()) for other in exact)]
    alike = [each for each in inner if each.tag == inner[0].tag and each.get("class") == inner[0].get("class")]
    return outermost(alike)[: len(names)]


def _published(tree: html.HtmlElement, article: ParsedArticle) -> list[html.HtmlElement]:
    for each in _seen(tree):
        text = each.get("datetime") or (text_of(each) if len(each) < 3 else "")  # noqa: PLR2004 - few inside
        if article.published_at and 0 < len(text) <= TIME_LENGTH and any(map(str.isdecimal, text)):
            moment = read_time(text, observed_at=article.observed_at, language=article.declared_language)
            if moment and abs((moment.at - article.published_at).total_seconds()) < 24 * 3600:
                return [each]
    return []
