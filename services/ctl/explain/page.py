"""An explained article as one page: no script, nothing loaded, everything from outside escaped."""

import base64
import hashlib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from services.ctl.explain.chart import chart
from services.ctl.explain.findings import findings, pieces, steps
from services.ctl.explain.rows import BLOCK_OF, GROUPS, Part, origin, parts, rows
from services.ctl.output import moment, printable
from shared.contracts import BlockKind, EnrichedArticle, Explained

HERE: Final = Path(__file__).parent
_DIRECTED: Final = {"Cf", "Cc", "Co", "Cn", "Cs"}
"""Categories of characters that show nothing themselves, and may reorder or hide what stands around them."""
_HARMLESS: Final = frozenset("\n\t\u00ad\u200b\u200c\u200d\u2060\ufeff")
"""Of these, what text in many languages has for good reason."""


def page_of(explained: Explained, enriched: EnrichedArticle | None = None) -> str:
    """The page, as HTML; with what enrichment found, where it was asked for."""
    article, blocks = explained.article, parts(explained)
    style = (HERE / "page.css").read_text("utf-8")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            article=article,
            link=_web(article.canonical_url or article.url),
            origin=list(origin(article)),
            rows=rows(article),
            parts=blocks,
            kinds=_kinds(blocks),
            anchors=_anchors(blocks),
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            published=moment(article.published_at) if article.published_at else None,
            **_found(enriched),
        )
    )


def _found(enriched: EnrichedArticle | None) -> dict[str, Any]:
    if enriched is None:
        return {"enriched": None}
    cut = pieces(enriched)
    kinds = Counter(each.mark.kind for each in cut if each.mark) + Counter(quote=len(enriched.quotes))
    return {
        "enriched": enriched,
        "findings": findings(enriched),
        "steps": steps(enriched),
        "pieces": cut,
        "marked": kinds.most_common(),
        "chart": chart(enriched.places),
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["seen"] = seen
    environment.filters["printable"] = printable
    environment.filters["named"] = lambda name: str(name).replace("_", " ")
    return environment


def seen(text: Any) -> Markup:
    """`text` escaped, with a mark for each character that shows nothing and could deceive who reads it."""
    return Markup("").join(_mark(each) if _deceives(each) else escape(each) for each in str(text))


def _deceives(character: str) -> bool:
    return character not in _HARMLESS and unicodedata.category(character) in _DIRECTED


def _mark(character: str) -> Markup:
    name = unicodedata.name(character, "a control character").lower()
    return Markup('<span class="hidden" title="{}">U+{:04X}</span>').format(name, ord(character))


def _web(url: str | None) -> str | None:
    """The address if a browser may be sent there."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _kinds(blocks: list[Part]) -> list[tuple[BlockKind, str, int]]:
    """The kinds that there are, with their groups and how many of each, in the order of groups."""
    counted = Counter(each.kind for each in blocks)
    return [(kind, group, counted[kind]) for kind, group in GROUPS.items() if counted[kind]]


def _anchors(blocks: list[Part]) -> dict[str, int]:
    """The first block that holds each field."""
    first: dict[BlockKind, int] = {}
    for each in blocks:
        first.setdefault(each.kind, each.number)
    return {field: first[kind] for field, kind in BLOCK_OF.items() if kind in first}
