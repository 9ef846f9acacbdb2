"""Pages that are a video, a gallery or a live blog, told apart from articles that have one."""

import re
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.sorts import Sort
from services.parse.tree import Element
from services.parse.words import count_words

VIDEO_WORDS: Final = 120
"""Words of a video's description; an article beside its video has more."""
PROSE_WORDS: Final = 30
GALLERY_PROSE: Final = 150
"""Words of paragraphs with so many words each, from which on the pictures illustrate an article."""
PICTURES: Final = 5
MANY_PICTURES: Final = 8
ENTRIES: Final = 4
"""Entries of a live blog with a time each."""
LIMIT: Final = 500
_VIDEO: Final = re.compile(r"videos?|watch|clips?|mediathek|vidéos?|wideo|відео|видео|video-?news|tv-?video")
_GALLERY: Final = re.compile(
    r"(?:photo|picture|image|foto|bilder)?-?(?:galler(?:y|ies)|galeri[ae]?s?|galleria)|slide-?shows?|photos?|pictures"
    r"|in-pictures|fotos?|bilderstrecken?|fotostrecken?|diaporamas?|zdjecia|photo-?essays?"
)
_LIVE: Final = re.compile(r"live|live-?blogs?|live-?updates?|live-?ticker|en-direct|endirect|en-vivo|ao-vivo")
_LIVE_TITLE: Final = re.compile(
    r"^\W*(?:live|en direct|direct|en vivo|ao vivo|онлайн|наживо)\s*[:,|–—-]"  # noqa: RUF001 - as it is printed
    r"|\blive ?(?:blog|ticker|updates?)\b|\bas it happened\b|[–—|:-] ?live$",  # noqa: RUF001
    re.IGNORECASE,
)
_PLAYERS: Final = (
    "youtube.com/embed", "youtube-nocookie.com/embed", "player.vimeo.com", "dailymotion.com/embed", "brightcove",
    "jwplayer", "jwplatform", "kaltura", "rutube.ru/play",
)  # fmt: skip
Parts = frozenset[str]


def live_blog(draft: Draft, clues: Clues) -> Sort | None:
    """Entries with a time each, on a page that says that it is live."""
    if "LiveBlogPosting" in clues.types:
        return Sort("live_blog", "it declares a LiveBlogPosting")
    named = _LIVE_TITLE.search(str(draft.fields.get("headline", ""))) or _part(clues, _LIVE)
    times = sum(1 for _ in islice(clues.tree.iter("time"), LIMIT)) if named else 0
    if times < ENTRIES:
        return None
    return Sort("live_blog", f"it says that it is live, with {times} times")


def gallery_page(draft: Draft, clues: Clues) -> Sort | None:
    """Pictures with a line each: more of them than a text has, and no article's worth of paragraphs."""
    if _prose(draft) >= GALLERY_PROSE:
        return None
    declared = not clues.types.isdisjoint({"ImageGallery", "MediaGallery"}) or _says(clues, "gallery", "photo")
    named = declared or _part(clues, _GALLERY)
    pictures = sum(1 for each in islice(clues.tree.iter("figure"), LIMIT) if _has_picture(each))
    if pictures < (PICTURES if named else MANY_PICTURES) or (not named and clues.linked):
        return None
    return Sort("gallery_page", f"{pictures} pictures, and {_prose(draft)} words in paragraphs")


def video_page(draft: Draft, clues: Clues) -> Sort | None:
    """A player with a description, on a page that says that it is a video."""
    words = count_words(str(draft.fields.get("body", "")))
    if words >= VIDEO_WORDS:
        return None
    declared = _says(clues, "video") or ("VideoObject" in clues.types and not clues.linked)
    named = "its type is a video" if declared else "its address is a video's" if _part(clues, _VIDEO) else ""
    if not named or not (declared or _has_player(clues)):
        return None
    return Sort("video_page", f"{named}, and {words} words describe it")


def _says(clues: Clues, *words: str) -> bool:
    declared = (clues.meta.get("og:type") or [""])[0].lower()
    return any(word in declared for word in words)


def _part(clues: Clues, pattern: re.Pattern[str]) -> bool:
    """Whether a part of the address, but the last, is such a word; the last is the headline's."""
    parts = [part for part in urlsplit(clues.page.url or "").path.lower().split("/") if part]
    return any(pattern.fullmatch(part) for part in parts[:-1][:10])


def _prose(draft: Draft) -> int:
    """Words of the body's long paragraphs."""
    body = str(draft.fields.get("body", ""))
    texts = (body[each.start : each.end] for each in draft.blocks if each.kind == "paragraph")
    return sum(words for text in texts if (words := count_words(text)) >= PROSE_WORDS)


def _has_picture(figure: Element) -> bool:
    return figure.find(".//img") is not None and figure.find(".//figcaption") is not None


def _has_player(clues: Clues) -> bool:
    if "VideoObject" in clues.types or next(clues.tree.iter("video"), None) is not None:
        return True
    frames = islice(clues.tree.iter("iframe"), LIMIT)
    return any(name in (frame.get("src") or "") for frame in frames for name in _PLAYERS)
