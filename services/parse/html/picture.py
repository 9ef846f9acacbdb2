"""The lead image of an article."""

from typing import Any, Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.jsonld import items, line, node
from shared.contracts import EvidenceSource, Image

LARGEST: Final = 100_000
"""Pixels of a side; more is no size."""
_FIGURE: Final = "//*[self::article or self::main]//figure[.//img][1]"


def find_picture(draft: Draft, clues: Clues) -> None:
    """Put the image: JSON-LD, then Open Graph; caption and credit from wherever they are."""
    caption = next((text_of(each) for figure in clues.select(_FIGURE)[:1] for each in figure.iter("figcaption")), None)
    found: tuple[tuple[EvidenceSource, str, Image | None], ...] = (
        ("json-ld", "image", _linked(clues, caption)),
        ("meta", "og:image", _open_graph(clues, caption)),
    )
    for source, rule, image in found:
        if image:
            draft.put("image", image, source, rule, 0.9, image.url)


def _linked(clues: Clues, caption: str | None) -> Image | None:
    value = next(iter(items(clues.linked.get("image"))), None)
    known = node(value) or {"url": value}
    url = clues.absolute(line(known.get("url") or known.get("contentUrl") or known.get("@id")))
    if url is None:
        return None
    return Image(
        url=url,
        caption=line(known.get("caption")) or caption,
        credit=line(known.get("creditText") or known.get("author")),
        width=pixels(known.get("width")),
        height=pixels(known.get("height")),
    )


def _open_graph(clues: Clues, caption: str | None) -> Image | None:
    found = clues.first_meta("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    url = clues.absolute(found[1]) if found else None
    alt, width, height = (clues.first_meta(f"og:image:{part}") for part in ("alt", "width", "height"))
    if url is None:
        return None
    return Image(
        url=url,
        caption=caption or (alt[1] if alt else None),
        width=pixels(width[1]) if width else None,
        height=pixels(height[1]) if height else None,
    )


def pixels(value: Any) -> int | None:
    """A declared size in pixels: 800, "800" or "800px"; None for anything else."""
    text = (line(value) or "").removesuffix("px").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST)) else 0
    return number or None
