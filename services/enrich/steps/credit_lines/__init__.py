"""Whom the article credits: agencies in its byline, at its beginning and end, and named as its source within.

An agency that is only spoken of ("Reuters cut a hundred jobs") is not credited.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.enrich.steps.credit_lines.agencies import AGENCIES, CREDITED, NAME, OUTLET
from services.enrich.steps.step import Step
from shared.contracts import EnrichedArticle
from shared.contracts.enriched import Credit

READ: Final = 50_000
"""Characters of a body that are read."""
KEPT: Final = 20
BEGINNING: Final = 120
"""Characters in which a dateline credits: "KYIV, Aug 24 (Reuters) - "."""
END: Final = 200
_IN_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]\n]{2,40})[)\]]")
_BEFORE_DASH: Final = re.compile(r"^[^\n.!?]{0,80}?(?:\s-\s|[–—])")
_SIGNATURE: Final = re.compile(
    r"[\s(©/|,.;&+)-]*+(?:(?:source|quelle|fuente|źródło|copyright|джерело|источник)\s?:?)?[\s(©/|,.;&+)-]*+",
    re.IGNORECASE,
)


def credits_of(body: str, byline: str | None, dateline: str | None) -> list[Credit]:
    """Each credited agency once, the first place that says so."""
    text = body[:READ]
    found = [*_signed(byline, "byline"), *_signed(dateline, "dateline"), *_beginning(text), *_named(text), *_end(text)]
    kept: dict[str, Credit] = {}
    for credit in found:
        kept.setdefault(credit.agency, credit)
    return list(kept.values())[:KEPT]


def _signed(line: str | None, rule: str) -> Iterator[Credit]:
    for name in NAME.finditer((line or "")[:500]):
        yield Credit(agency=AGENCIES[name.group()], raw=name.group(), rule=rule)


def _beginning(text: str) -> Iterator[Credit]:
    """In brackets or before the dash of a dateline, within the first line."""
    line = text[:BEGINNING].partition("\n")[0]
    bracket = _IN_BRACKETS.search(line)
    before = _BEFORE_DASH.match(line)
    for found in (each for each in (bracket, before) if each):
        yield from _names(text, found.start(), found.end(), "beginning")


def _named(text: str) -> Iterator[Credit]:
    for found in CREDITED.finditer(text):
        start, end = found.span("name")
        yield Credit(agency=AGENCIES[found["name"]], raw=found["name"], start=start, end=end, rule="named")
    for found in OUTLET.finditer(text):
        start = found.start("name")
        raw = found["name"].rstrip(".’'&-")
        yield Credit(agency=AGENCIES.get(raw, raw), raw=raw, start=start, end=start + len(raw), rule="source")


def _end(text: str) -> Iterator[Credit]:
    """The last line, when it is nothing but names; and brackets that close the text."""
    last = text.rstrip().rfind("\n") + 1
    line = text[last:].rstrip()
    if len(line) <= END:
        rest = NAME.sub("", line)
        if rest != line and _SIGNATURE.fullmatch(rest):
            yield from _names(text, last, last + len(line), "end")
    tail = max(0, len(text.rstrip()) - 50)
    for bracket in _IN_BRACKETS.finditer(text, tail):
        if not text[bracket.end() :].strip(" .\n"):
            yield from _names(text, bracket.start(), bracket.end(), "end")


def _names(text: str, start: int, end: int, rule: str) -> Iterator[Credit]:
    for name in NAME.finditer(text, start, end):
        yield Credit(agency=AGENCIES[name.group()], raw=name.group(), start=name.start(), end=name.end(), rule=rule)


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`credits` of byline, dateline and body."""
    return {"credits": tuple(credits_of(article.body, article.byline, article.dateline))}


STEP: Final = Step("credits", "agencies-1", frozenset({"credits"}), find, cost=0.5)
