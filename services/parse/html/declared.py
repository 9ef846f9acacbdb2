"""What a page says of its article in a word or a line: section, keywords, language, publisher, summary, rights."""

import re
from typing import Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues
from services.parse.html.jsonld import line, lines
from shared.contracts import EvidenceSource, Rights

KEYWORDS_LIMIT: Final = 100
KEYWORD_LIMIT: Final = 200
"""Characters; longer is a description."""
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?(?:[-_.].*)?", re.IGNORECASE)


def find_declared(draft: Draft, clues: Clues) -> None:
    """Put summary, section, keywords, declared_language, publisher and rights."""
    _lines(
        draft, clues, "summary", ("description", "abstract"), ("og:description", "description", "twitter:description")
    )
    _lines(
        draft,
        clues,
        "section",
        ("articleSection",),
        ("article:section", "og:article:section", "section", "parsely-section"),
    )
    _lines(draft, clues, "publisher", ("publisher",), ("og:site_name", "application-name", "dc.publisher"))
    _keywords(draft, clues)
    _language(draft, clues)
    if (rights := _rights(clues)) != Rights():
        draft.put("rights", rights, "meta", "declared rights", 0.9)


def _lines(draft: Draft, clues: Clues, name: str, linked: tuple[str, ...], metas: tuple[str, ...]) -> None:
    for key in linked:
        if value := line(clues.linked.get(key)):
            draft.put(name, value, "json-ld", key, 0.9)
    for key in metas:
        for value in clues.meta.get(key, [])[:1]:
            draft.put(name, value, "meta", key, 0.8)


def _keywords(draft: Draft, clues: Clues) -> None:
    found: tuple[tuple[EvidenceSource, str, list[str]], ...] = (
        ("json-ld", "keywords", lines(clues.linked.get("keywords"))),
        ("meta", "article:tag", [part for each in clues.meta.get("article:tag", []) for part in lines(each)]),
        ("meta", "news_keywords", lines(",".join(clues.meta.get("news_keywords", [])))),
        ("meta", "keywords", lines(",".join(clues.meta.get("keywords", [])))),
    )
    for source, rule, words in found:
        if kept := tuple(dict.fromkeys(word for word in words if len(word) <= KEYWORD_LIMIT))[:KEYWORDS_LIMIT]:
            draft.put("keywords", kept, source, rule, 0.85, ", ".join(kept))


def _language(draft: Draft, clues: Clues) -> None:
    locale, header = clues.first_meta("og:locale"), clues.first_meta("content-language", "language", "dc.language")
    found: tuple[tuple[EvidenceSource, str, str | None], ...] = (
        ("html", "html[lang]", clues.tree.getroottree().getroot().get("lang")),
        ("json-ld", "inLanguage", line(clues.linked.get("inLanguage"))),
        ("meta", "og:locale", locale[1] if locale else None),
        ("meta", "content-language", header[1] if header else None),
    )
    for source, rule, raw in found:
        if tag := language_tag(raw):
            draft.put("declared_language", tag, source, rule, 0.8, raw)


def language_tag(raw: str | None) -> str | None:
    """`raw` as BCP 47 language and region: "en_us" gives "en-US"; None when it is neither."""
    found = _LANGUAGE.fullmatch((raw or "").strip())
    if not found:
        return None
    language, region = found.group(1).lower(), found.group(2)
    return f"{language}-{region.upper()}" if region else language


def _rights(clues: Clues) -> Rights:
    tdm = clues.first_meta("tdm-reservation")
    robots = [value for name in ("robots", "googlebot-news") for value in clues.meta.get(name, [])]
    notice = clues.first_meta("copyright", "dc.rights", "rights", "dcterms.rights")
    return Rights(
        holder=line(clues.linked.get("copyrightHolder")),
        notice=(notice[1] if notice else line(clues.linked.get("copyrightNotice"))),
        licence=line(clues.linked.get("license")) or _licence_link(clues),
        robots=", ".join(dict.fromkeys(robots))[:500] or None,
        tdm_reservation=tdm[1] == "1" if tdm else None,
        free_access=_free(clues),
    )


def _licence_link(clues: Clues) -> str | None:
    return next((clues.absolute(link.get("href")) for link in clues.select("//link[@rel='license' and @href]")), None)


def _free(clues: Clues) -> bool | None:
    declared = clues.linked.get("isAccessibleForFree")
    tier = clues.first_meta("article:content_tier")
    if isinstance(declared, bool):
        return declared
    if isinstance(declared, str) and declared.strip().lower() in {"true", "false"}:
        return declared.strip().lower() == "true"
    return tier[1].lower() == "free" if tier else None
