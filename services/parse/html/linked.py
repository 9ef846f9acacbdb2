"""Which of the nodes in a page's JSON-LD speak of its article."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from services.parse.html.jsonld import Node, items, line, node, nodes, types
from services.parse.tree import Element
from shared.url import canonical_url

_ARTICLE: Final = ("Article", "BlogPosting", "Report", "NewsItem")
_PAGE: Final = ("Page",)
"""Ends of the names of types."""
_REFERRING: Final = ("author", "creator", "publisher", "image", "copyrightHolder", "license", "mainEntityOfPage")
"""Properties whose values are often only named by their `@id`, and described elsewhere in the page."""
REFERENCES_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Linked:
    """The node of the article and the one of its page; each empty when there is none. `types`: of all nodes."""

    article: Node
    page: Node
    types: frozenset[str]


def linked_data(tree: Element, page_url: str | None) -> Linked:
    """What a page declares of its article.

    Of several articles, the one that names the page's address, else the first with a date; what it leaves out is
    taken from others of the same address or headline.
    """
    known = list(nodes(tree))
    named = ((line(each.get("@id")), each) for each in known)
    described = {name: each for name, each in named if name and len(each) > 1}
    articles = sorted(
        (each for each in known if _is(_ARTICLE, each)),
        key=lambda each: (not _is_about(each, page_url), not each.get("datePublished")),
    )
    pages = [each for each in known if _is(_PAGE, each) and not _is(_ARTICLE, each)]
    return Linked(
        article=_described(_merged(articles, page_url), described),
        page=_described(_first(pages), described),
        types=frozenset(name for each in known for name in types(each)),
    )


def _is(ends: tuple[str, ...], known: Node) -> bool:
    return any(name.endswith(ends) for name in types(known))


def _first(pages: list[Node]) -> Node:
    dated = [each for each in pages if each.get("datePublished") or each.get("headline")]
    return (dated or pages or [{}])[0]


def _is_about(known: Node, page_url: str | None) -> bool:
    wanted = canonical_url(page_url or "")
    declared = (line(known.get("url")), line(known.get("mainEntityOfPage")), line(known.get("@id")))
    return wanted is not None and any(each and canonical_url(each.partition("#")[0]) == wanted for each in declared)


def _merged(articles: list[Node], page_url: str | None) -> Node:
    if not articles:
        return {}
    chosen = dict(articles[0])
    headline = line(chosen.get("headline"))
    for other in articles[1:]:
        same = _is_about(other, page_url) or (headline is not None and line(other.get("headline")) == headline)
        chosen |= {key: value for key, value in other.items() if same and not chosen.get(key)}
    return chosen


def _described(known: Node, described: dict[str, Node]) -> Node:
    """The node with the nodes that it only refers to put in their place."""
    found: Node = {name: _looked_up(items(known[name]), described) for name in _REFERRING if name in known}
    return known | found


def _looked_up(values: Iterable[Any], described: dict[str, Node]) -> list[Any]:
    return [_target(value, described) for value in list(values)[:REFERENCES_LIMIT]]


def _target(value: Any, described: dict[str, Node]) -> Any:
    name = node(value).get("@id")
    if isinstance(name, str) and not node(value).get("name") and name in described:
        return {**described[name], **node(value)}
    return value
