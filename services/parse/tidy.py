"""Every field of a draft made fit for the contract: clean, bounded, believable."""

import unicodedata
from datetime import datetime
from typing import Any, Final, TypeGuard

from services.parse.clean import LINE_LIMIT, clean_line, clean_text
from services.parse.findings import Draft
from services.parse.times.window import believable
from services.parse.words import count_words
from shared.contracts import Contract, Evidence, Image
from shared.errors import Poison, Skip
from shared.url import web_url

SUMMARY_LIMIT: Final = 10_000
BODY_LIMIT: Final = 1_000_000
"""Characters of the contract's body; a longer one is refused, not cut."""
FEWEST_WORDS: Final = 20
"""A news flash has as many; fewer are a caption or a teaser."""
ADDRESSES: Final = frozenset({"url", "canonical_url", "tdm_policy"})
"""Fields of the contract and of its parts."""
READ_WITH: Final = {
    "published_at": ("published_precision", "published_zone", "published_zone_source", "published_ambiguous"),
    "modified_at": ("modified_raw", "modified_precision", "modified_zone"),
}
"""What is known of a time and goes with it."""


def tidy(draft: Draft, observed_at: datetime) -> None:
    """Clean every field, and drop what is empty then or lies outside of the time of news.

    Raises:
        Poison: `too_large` when the body is longer than an article may be.
    """
    _refuse_times(draft, observed_at)
    cleaned = {name: tidy_field(name, value) for name, value in draft.fields.items()}
    draft.fields = {name: value for name, value in cleaned.items() if value not in (None, "", ())}
    draft.evidence = {name: tidy_evidence(each) for name, each in draft.evidence.items() if name in draft.fields}
    if len(draft.fields.get("body", "")) > BODY_LIMIT:
        raise Poison("too_large", f"a body of more than {BODY_LIMIT} characters")


def refuse_thin(draft: Draft, fewest: int = FEWEST_WORDS) -> None:
    """Let articles of `fewest` words and more pass.

    Raises:
        Skip: `not_an_article` without a headline, `too_short` without a body.
    """
    url, headline = draft.fields.get("url"), draft.fields.get("headline")
    if not headline:
        raise Skip("not_an_article", "no headline", url=url)
    if (words := count_words(draft.fields.get("body", ""))) < fewest:
        raise Skip("too_short", f"{words} words of text", headline=headline, url=url)


def _refuse_times(draft: Draft, observed_at: datetime) -> None:
    for name in READ_WITH:
        moment = draft.fields.get(name)
        if moment is not None and not believable(moment, observed_at):
            known = draft.evidence[name]
            draft.refuse(name, known.source, f"{known.rule}: outside 1990 to now", known.raw or "")
            for field in (name, *READ_WITH[name]):
                draft.fields.pop(field, None)


def tidy_field(name: str, value: Any) -> Any:
    """A field's value without control characters, in NFC, at most as long as the contract allows."""
    if not isinstance(value, str):
        return _tidied(value)
    if name == "body":
        return unicodedata.normalize("NFC", clean_text(value)).strip("\n")
    if name in ADDRESSES:
        return web_url(value)
    return clean_line(value, SUMMARY_LIMIT if name == "summary" else LINE_LIMIT)


def _tidied(value: Any) -> Any:
    if isinstance(value, str):
        return clean_line(value)
    if _is_tuple(value):
        parts: list[Any] = [_tidied(each) for each in value]
        return tuple(part for part in parts if part not in (None, ""))
    if isinstance(value, Contract):
        return _tidied_parts(value)
    return value


def _tidied_parts(value: Contract) -> Contract | None:
    """The same object where nothing is to be changed, which is mostly so; None for an image without an address."""
    said = [(name, each) for name, each in vars(value).items() if each is not None]
    known = {name: new for name, each in said if (new := tidy_field(name, each)) != each}
    if isinstance(value, Image) and not known.get("url", value.url):
        return None
    return value.model_copy(update=known) if known else value


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def tidy_evidence(evidence: Evidence) -> Evidence:
    """Evidence with its raw values cleaned: they are text from outside, too."""
    raw = clean_line(evidence.raw or "")
    others = tuple(each.model_copy(update={"raw": clean_line(each.raw)}) for each in evidence.runners_up)
    return evidence.model_copy(update={"raw": raw, "runners_up": others}) if others or raw != evidence.raw else evidence
