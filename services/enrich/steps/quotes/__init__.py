"""What people say in the article: their words, verbatim, with the verb and, where the text names them, who says it."""

from collections.abc import Mapping
from typing import Any, Final

from services.enrich.steps.quotes.spans import Span, spans
from services.enrich.steps.quotes.speakers import NEAR, Attribution, attribution
from services.enrich.steps.quotes.verbs import forms
from services.enrich.steps.step import Step
from shared.contracts import EnrichedArticle
from shared.contracts.enriched import Quote
from shared.contracts.enriched import Span as Place

READ: Final = 100_000
"""Characters of a body that are read."""
KEPT: Final = 100
SPOKEN: Final = 2
"""Words: fewer are no quotation, unless their own stop closes them."""
STOPS: Final = ".!?…"
DASHES: Final = ("—", "–", "-")
BEFORE_MORE: Final = ".,—–:"
TITLE: Final = 6
"""Words: nobody is named and there are fewer: the title of a work, a firm, or a word used with reserve."""


def quotes(body: str, language: str | None, people: tuple[tuple[int, int], ...] = ()) -> list[Quote]:
    """The quotations of a text, in its order. `people`: where the text names people, when that is known."""
    known, german = forms(language), (language or "").startswith("de")
    found: list[Quote] = []
    for span in spans(body, READ):
        said_by = attribution(body, span, known, people, german)
        if quote := _quote(body, span, said_by, _run_on(body, span, found)):
            found.append(quote)
    return found[:KEPT]


def _quote(body: str, span: Span, said_by: Attribution | None, earlier: Quote | None) -> Quote | None:
    """None for what is no quotation: scare quotes, titles, a list whose items begin with dashes."""
    text = body[span.start : span.end]
    count, closed = len(text.split()), _closed(body, span)
    stopped = text[-1] in STOPS or body[span.outer_end : span.outer_end + 1] in tuple(STOPS)
    if said_by is None and earlier is not None and stopped and count >= SPOKEN:
        return _made(body, span, Attribution(earlier.verb, None, "continued"), 0.7, earlier)
    if said_by is None:
        whole = span.rule != "dash" and count >= TITLE and (stopped or not _titled(text))
        return _made(body, span, None, 0.6 if closed else 0.5) if whole else None
    if not closed and (count <= SPOKEN or (count < TITLE and _titled(text))):
        return None
    return _made(body, span, said_by, 0.9 if said_by.speaker else 0.8)


def _closed(body: str, span: Span) -> bool:
    """Whether a stop, a comma or a dash says that a sentence of speech ends here."""
    following = body[span.outer_end : span.outer_end + 3].lstrip()[:1]
    return (
        span.rule == "dash"
        or body[span.end - 1] in STOPS
        or "," in {body[span.end : span.end + 1], following}
        or following in DASHES
    )


def _titled(text: str) -> bool:
    """Whether all words but the small ones are written as in a title."""
    words = [word for word in text.split() if len(word) > 3]  # noqa: PLR2004
    return bool(words) and all(word[:1].isupper() for word in words)


def _run_on(body: str, span: Span, found: list[Quote]) -> Quote | None:
    """The quotation before, when this one goes on from it: nothing but its attribution stands between them."""
    if not found or found[-1].verb is None:
        return None
    between = body[found[-1].end : span.start]
    attribution_only = between.count(".") <= 1 and len(between) <= NEAR and "\n" not in between
    before = body[max(0, span.outer_start - 5) : span.outer_start].rstrip()[-1:] if attribution_only else ""
    return found[-1] if before and before in BEFORE_MORE else None


def _made(body: str, span: Span, said_by: Attribution | None, confidence: float, earlier: Quote | None = None) -> Quote:
    place = earlier.speaker_span if earlier else None
    if said_by and said_by.speaker:
        place = Place(start=said_by.speaker[0], end=said_by.speaker[1])
    return Quote(
        text=body[span.start : span.end],
        start=span.start,
        end=span.end,
        speaker=body[place.start : place.end] if place else None,
        speaker_span=place,
        verb=said_by.verb if said_by else None,
        confidence=confidence,
        rule=f"{span.rule}-{said_by.rule}" if said_by else span.rule,
    )


def find(article: EnrichedArticle) -> Mapping[str, Any]:
    """`quotes` of the body."""
    people = tuple((each.start, each.end) for entity in article.entities if entity.kind == "person"
                   for each in entity.mentions)  # fmt: skip
    return {"quotes": tuple(quotes(article.body, article.language, people))}


STEP: Final = Step(
    "quotes", "marks-verbs-3", frozenset({"quotes"}), find, needs=("language",), uses=("entities",), cost=0.2
)
