"""Pages that are no article, by simple rules with a name each."""

import re
from typing import Final

from services.parse.findings import Draft
from services.parse.html.clues import Clues, text_of
from services.parse.words import count_words
from shared.errors import Skip, SkipReason

FEW_WORDS: Final = 150
"""Error pages and consent dialogues say no more; articles that mention one do."""
PROSE_WORDS: Final = 25
"""Words of one paragraph that a list of teasers does not have."""
LINKED_SHARE: Final = 0.5
"""Share of a body's words that are links' texts; teasers have more, articles hardly any."""
CONSENT_TERMS: Final = 3
LINKS_LIMIT: Final = 1_000
_ERROR: Final = re.compile(
    r"^\W*(?:error\W*)?(?:40[0-9]|410|429|50[0-9])\b(?!\s+(?:people|million|billion))"
    r"|\b(?:page|article) (?:was |could )?not (?:be )?found\b"
    r"|^(?:not found|access denied|forbidden|bad gateway|service unavailable|just a moment|attention required)\b"
    r"|сторінку не знайдено|страница не найдена|seite (?:wurde )?nicht gefunden|page (?:non trouvée|introuvable)"
    r"|página no encontrada",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.!?…。।؟]")
_CONSENT: Final = re.compile(
    r"cookie|consent|gdpr|privacy polic|legitimate interest|our partners|accept all|reject all|vendors|personal data"
    r"|einwilligung|datenschutz|zustimm|partenaires|consentement|données personnelles|згод|согласи",
    re.IGNORECASE,
)


def refuse_other_pages(draft: Draft, clues: Clues) -> None:
    """Let articles pass.

    Raises:
        Skip: `error_page`, `consent_wall` or `index_page`.
    """
    body, headline = str(draft.fields.get("body", "")), str(draft.fields.get("headline", ""))
    words = count_words(body)
    if words < FEW_WORDS and _ERROR.search(headline):
        raise _skip("error_page", f"the headline says {headline[:80]!r}", draft)
    if words < FEW_WORDS and len({term.casefold() for term in _CONSENT.findall(body)}) >= CONSENT_TERMS:
        raise _skip("consent_wall", "the page shows only its cookie dialogue", draft)
    if not _declares_article(clues) and _is_links(without_links(clues, body), words):
        raise _skip("index_page", "links, and no paragraph among them", draft)


def _skip(reason: SkipReason, detail: str, draft: Draft) -> Skip:
    return Skip(reason, detail, headline=draft.fields.get("headline"), url=draft.fields.get("url"))


def _declares_article(clues: Clues) -> bool:
    return bool(clues.linked) or "article" in (clues.meta.get("og:type") or [""])[0].lower()


def _is_links(rest: str, words: int) -> bool:
    """Less than half of a body is left without its links, and no paragraph of prose."""
    prose = any(count_words(line) >= PROSE_WORDS and _SENTENCE.search(line) for line in rest.split("\n"))
    return not prose and count_words(rest) < (1 - LINKED_SHARE) * words


def without_links(clues: Clues, body: str) -> str:
    """The body without the texts of the page's links."""
    links = {text_of(link) for link in clues.select("//a[@href]")[:LINKS_LIMIT]}
    for text in sorted(links - {""}, key=len, reverse=True):
        body = body.replace(text, "")
    return body
