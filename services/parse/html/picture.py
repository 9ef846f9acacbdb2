"""The lead image of an article."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.html.jsonld import items, line, node
from services.parse.html.stated import repeats
from services.parse.text.labels import GENERAL, key
from services.parse.tree import Element
from shared.contracts import EvidenceSource, Image

LARGEST: Final = 100_000
"""Pixels of a side; more is no size."""
SMALLEST: Final = 100
"""Pixels of a side; less is an icon."""
FIGURES_LIMIT: Final = 20
IMAGES_LIMIT: Final = 20
CAPTION_LENGTH: Final = 1_000
_NOT_A_PICTURE: Final = re.compile(
    r"(?<![a-z])(?:logos?|favicon|placeholder|spacer|sprite|apple-touch|1x1|no-?image|social-?(?:share|icon))(?![a-z])"
    r"|^(?:default|avatar|icon|blank|pixel|fallback)(?![a-z])|(?<![a-z])(?:default|icon)(?:\.\w+)?$|\.(?:svg|ico)$",
    re.IGNORECASE,
)
"""Names of files that are no pictures of anything."""
_LOGOS: Final = re.compile(r"(?:^|[-_])logos?$", re.IGNORECASE)
"""Names of folders of such files."""
_CREDIT: Final = re.compile(r"credit|copyright|photographer|source|author|rights", re.IGNORECASE)


def find_picture(draft: Draft, clues: Clues) -> None:
    """Put the image: JSON-LD, then Open Graph, then the first figure; caption and credit from wherever they are."""
    figures = clues.some("figure", limit=FIGURES_LIMIT)
    for source, rule, image in _declared(clues):
        if is_picture(image, clues):
            draft.put("image", _with_caption(_said(image, draft), figures), source, rule, 0.9, image.url)
        else:
            draft.refuse("image", source, f"{rule}: a logo, a placeholder or too small", image.url)
    for figure in figures if "image" not in draft.fields else ():
        for drawn in islice(figure.iter("img"), 1):
            url = clues.absolute(drawn.get("src"))
            if url and is_picture(Image(url=url), clues):
                draft.put("image", _with_caption(Image(url=url), [figure]), "html", "first figure", 0.5, url)


def _said(image: Image, draft: Draft) -> Image:
    """The image without a caption that is the headline again, as systems put it."""
    told = image.caption is None or not repeats(image.caption, str(draft.fields.get("headline", "")))
    return image if told else image.model_copy(update={"caption": None})


def is_picture(image: Image, clues: Clues) -> bool:
    """Whether an address and the declared size may be those of a picture that goes with an article."""
    large = all(side is None or side >= SMALLEST for side in (image.width, image.height))
    logo = node(clues.linked.get("publisher")).get("logo")
    own = clues.absolute(line(node(logo).get("url") or logo))
    folders, _, name = urlsplit(image.url).path.rpartition("/")
    named = _NOT_A_PICTURE.search(name) or _LOGOS.search(folders.rpartition("/")[2])
    return large and image.url != own and not named


def _declared(clues: Clues) -> Iterator[tuple[EvidenceSource, str, Image]]:
    linked = [image for value in items(clues.linked.get("image"))[:IMAGES_LIMIT] if (image := _linked(clues, value))]
    for image in sorted(
        linked, key=lambda each: -(each.width or 0) * (each.height or 1)
    ):  # stable: the first of equals
        yield "json-ld", "image", image
    for name in ("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src"):
        for url in clues.meta.get(name, [])[:IMAGES_LIMIT]:
            if known := clues.absolute(url):
                yield "meta", name, _open_graph(clues, known)


def _linked(clues: Clues, value: Any) -> Image | None:
    known = node(value) or {"url": value}
    url = clues.absolute(line(known.get("url") or known.get("contentUrl") or known.get("@id")))
    if url is None:
        return None
    return Image(
        url=url,
        caption=line(known.get("caption")),
        credit=line(
            known.get("creditText") or known.get("copyrightNotice") or known.get("creator") or known.get("author")
        ),
        width=pixels(known.get("width")),
        height=pixels(known.get("height")),
    )


def _open_graph(clues: Clues, url: str) -> Image:
    alt, width, height = (clues.first_meta(f"og:image:{part}") for part in ("alt", "width", "height"))
    return Image(
        url=url,
        caption=alt[1] if alt else None,
        width=pixels(width[1]) if width else None,
        height=pixels(height[1]) if height else None,
    )


def _with_caption(image: Image, figures: list[Element]) -> Image:
    """The image with what stands under it: the figure of the same file, else the first one."""
    name = _file(image.url)
    same = [each for each in figures if name and any(name in (drawn.get("src") or "") for drawn in each.iter("img"))]
    for figure in (same or figures)[:1]:
        caption, credit = _under(figure)
        return image.model_copy(update={"caption": image.caption or caption, "credit": image.credit or credit})
    return image


def _file(url: str) -> str:
    """The name of an image's file, as far as it tells it from others."""
    stem = urlsplit(url).path.rpartition("/")[2].rpartition(".")[0]
    return stem if len(stem) > 5 else ""  # noqa: PLR2004 - "1", "main", "image"


def _under(figure: Element) -> tuple[str | None, str | None]:
    """Caption and credit of a figure."""
    caption = next(figure.iter("figcaption"), None)
    if caption is None:
        return None, None
    text = text_of(caption)[:CAPTION_LENGTH]
    marked = (each for each in caption.iter() if each is not caption and _CREDIT.search(each.get("class") or ""))
    credit = next((found for each in islice(marked, 1) if (found := text_of(each))), "")
    rest = text.replace(credit, "").strip(" |/\u2013\u2014-") if credit else text
    if not credit:
        rest, credit = _labelled(text)
    return rest or None, _without_label(credit) or None


def _labelled(text: str) -> tuple[str, str]:
    """A caption that ends in "Photo: Ann Reed", in two."""
    head, colon, credit = text.rpartition(":")
    start, _, label = head.rpartition(" ")
    known = bool(colon) and GENERAL.get(key(label.strip("([|/"))) == "caption"
    return (start.strip(" |/\u2013\u2014-(["), credit.strip(" )]")) if known else (text, "")


def _without_label(credit: str) -> str:
    label, colon, rest = credit.partition(":")
    return rest.strip() if colon and rest.strip() and len(label.split()) <= 2 else credit  # noqa: PLR2004 - "Image credit"


def pixels(value: Any) -> int | None:
    """A declared size in pixels: 800, "800" or "800px"; None for anything else."""
    text = (line(value) or "").removesuffix("px").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST)) else 0
    return number or None
