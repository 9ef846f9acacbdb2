"""What enrichment found in an article, as it is shown: named lists, and the body in marked pieces. Pure."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from shared.contracts import Amount, EnrichedArticle, Entity, Quote

LISTED: Final = 30
"""Findings of one kind that are listed; the text has marks for all."""
QUOTED: Final = 160
"""Characters of a quote in the list."""


class Mark(NamedTuple):
    """A run of the body. `kind`: of entity or amount; `label`: what it is, for a person."""

    start: int
    end: int
    kind: str
    label: str


class Piece(NamedTuple):
    """A run of the body with the mark it is part of, and the label of the quote that it stands in."""

    text: str
    mark: Mark | None
    quote: str | None


class Finding(NamedTuple):
    """One thing found, and what is known of it."""

    text: str
    about: str


def findings(article: EnrichedArticle) -> list[tuple[str, list[Finding]]]:
    """What was found, by kind; kinds of which nothing was found are left out."""
    kinds = {
        "language": [Finding(article.language, _sure(article.language_confidence))] if article.language else [],
        **{f"{kind}s" if kind != "person" else "people": _entities(article, kind) for kind in _ENTITY_KINDS},
        "on the map": [Finding(each.name, f"{each.country} · {each.kind} · GeoNames {each.geonames_id} · "
                               f"{_sure(each.confidence)}") for each in article.places],
        "quotes": [Finding(f"“{_cut(each.text)}”", _said(each)) for each in article.quotes],
        "amounts": [Finding(each.raw, _worth(each)) for each in article.amounts],
        "topics": [Finding(each.name, f"{each.id} · {_sure(each.confidence)}") for each in article.topics],
        "keyphrases": [Finding(", ".join(article.keyphrases), "")] if article.keyphrases else [],
        "credits": [Finding(each.agency, each.rule) for each in article.credits],
        "key sentences": [Finding(each.text, "") for each in article.key_sentences],
    }  # fmt: skip
    return [(name, _listed(found)) for name, found in kinds.items() if found]


def steps(article: EnrichedArticle) -> list[tuple[str, str]]:
    """Each step with how it went."""
    return [
        (name, " · ".join(each for each in (went.status, went.version, went.detail) if each))
        for name, went in article.enrichment.items()
    ]


def pieces(article: EnrichedArticle) -> list[Piece]:
    """The whole body, in its order, cut where a mark or a quote begins or ends."""
    marks = list(_apart(_marks(article)))
    quotes = list(_apart(Mark(each.start, each.end, "quote", _said(each)) for each in article.quotes))
    cuts = sorted({0, len(article.body)} | {cut for each in (*marks, *quotes) for cut in (each.start, each.end)})
    return list(_cut_up(article.body, cuts, marks, quotes))


_ENTITY_KINDS: Final = ("person", "organisation", "place", "event")


def _cut_up(body: str, cuts: list[int], marks: list[Mark], quotes: list[Mark]) -> Iterator[Piece]:
    inner, outer = iter((*marks, None)), iter((*quotes, None))
    mark, quote = next(inner), next(outer)
    for start, end in pairwise(cuts):
        while mark and mark.end <= start:
            mark = next(inner)
        while quote and quote.end <= start:
            quote = next(outer)
        yield Piece(
            body[start:end],
            mark if mark and mark.start <= start else None,
            quote.label if quote and quote.start <= start else None,
        )


def _apart(marks: Iterable[Mark]) -> Iterator[Mark]:
    """In the order of the text; of those that overlap the first, then the longest."""
    reached = 0
    for each in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if reached <= each.start < each.end:
            reached = each.end
            yield each


def _marks(article: EnrichedArticle) -> Iterator[Mark]:
    size = len(article.body)
    for entity in article.entities:
        for span in entity.mentions:
            yield Mark(span.start, min(span.end, size), entity.kind, f"{entity.kind}: {entity.name}, {_how(entity)}")
    for amount in article.amounts:
        yield Mark(amount.start, min(amount.end, size), amount.kind, f"{amount.kind}: {_worth(amount)}")


def _entities(article: EnrichedArticle, kind: str) -> list[Finding]:
    found = (each for each in article.entities if each.kind == kind)
    return [
        Finding(each.name, f"{each.count} times · {_how(each)}" if each.count > 1 else _how(each)) for each in found
    ]


def _how(entity: Entity) -> str:
    return f"{entity.rule} · {_sure(entity.confidence)}"


def _said(quote: Quote) -> str:
    speaker = " ".join(each for each in (quote.speaker, quote.verb) if each)
    return f"{speaker or 'nobody named'} · {_sure(quote.confidence)}"


def _worth(amount: Amount) -> str:
    if amount.date:
        return amount.date
    numbers = " to ".join(f"{each:,.10g}" for each in (amount.value, amount.upper) if each is not None)
    return f"{numbers} {amount.unit or ''}".strip()


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else f"{confidence:.0%} sure"


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"


def _listed(found: list[Finding]) -> list[Finding]:
    return found if len(found) <= LISTED else [*found[:LISTED], Finding(f"and {len(found) - LISTED} more", "")]
