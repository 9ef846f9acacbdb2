"""Names on labelled English text beside spaCy's model by itself: python -m tests.quality.enrichment names.

Exact spans, as CoNLL counts: people, organisations and places. The set's MISC is left out, and so are our events and
the model's kinds that are none of the three. Ten sentences that follow each other are read as an article: the set
does not say where its articles end.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from services.enrich.names import english
from services.enrich.names.reading import Reading
from services.enrich.names.rules import names
from services.enrich.names.settle import settle
from services.enrich.names.text import Found, words
from tests.quality.material import DATA as PAGES

FILE: Final = PAGES.parent / "enrichment" / "wikigold_dev.conll"
SENTENCES: Final = 10
RESAMPLES: Final = 1_000
KINDS: Final = {"person": "PER", "organisation": "ORG", "place": "LOC"}
_TIGHT: Final = frozenset({",", ".", ")", "'s", ";", ":", "!", "?"})
Span = tuple[int, int, str]
Row = tuple[str, str, str, str, str]


class Text(NamedTuple):
    """A text and the names in it."""

    body: str
    truth: frozenset[Span]


class Counts(NamedTuple):
    """Names that were found and are there, that were found, and that are there."""

    right: int
    found: int
    there: int


def texts() -> list[Text]:
    """The set as texts of ten sentences."""
    sentences = [[tuple(line.rsplit(" ", 1)) for line in block.splitlines()]
                 for block in FILE.read_text("utf-8").split("\n\n") if block.strip()]  # fmt: skip
    return [_text(sentences[at : at + SENTENCES]) for at in range(0, len(sentences), SENTENCES)]


def _text(sentences: Sequence[Sequence[tuple[str, ...]]]) -> Text:
    body, truth = "", list[Span]()
    for sentence in sentences:
        before = "O"
        for word, label in sentence:
            body += "" if not body or word in _TIGHT or body.endswith("(") else " "
            start, body = len(body), body + word
            if label == before != "O":
                truth[-1] = (truth[-1][0], len(body), truth[-1][2])
            elif label != "O":
                truth.append((start, len(body), label[2:]))
            before = label
    return Text(body, frozenset(span for span in truth if span[2] in KINDS.values()))


def ours(body: str) -> list[Found]:
    """What the step finds before it merges mentions."""
    reading = Reading.of(words(body), "en")
    return settle(body, reading, [*english.names(body), *names(reading)])


def rules(body: str) -> list[Found]:
    """What a replica without the model finds."""
    reading = Reading.of(words(body), "en")
    return settle(body, reading, names(reading))


def alone(body: str) -> list[Found]:
    """What the model finds by itself."""
    return list(english.names(body))


def counted(text: Text, find: Callable[[str], list[Found]]) -> Counts:
    """One text by one finder."""
    found = {(each.start, each.end, KINDS[each.kind]) for each in find(text.body) if each.kind in KINDS}
    return Counts(len(found & text.truth), len(found), len(text.truth))


def f1(counts: Sequence[Counts]) -> float:
    """Micro-averaged over texts."""
    right, found, there = (sum(each) for each in zip(*counts, strict=True))
    return 2 * right / (found + there) if found + there else 0.0


def told(counts: Sequence[Counts]) -> str:
    """F1 with half the width of its 95 % interval over texts."""
    chance = random.Random(7)
    sampled = sorted(f1(chance.choices(counts, k=len(counts))) for _ in range(RESAMPLES))
    width = sampled[int(0.975 * RESAMPLES)] - sampled[int(0.025 * RESAMPLES)]
    return f"{f1(counts):.3f} ±{width / 2:.3f}"


def rows() -> Iterator[Row]:
    """The whole set, and its halves: a rule that holds on one holds on the other."""
    read = texts()
    scores = [(counted(text, ours), counted(text, alone), counted(text, rules)) for text in read]
    for name, part in (
        ("names in English, F1", scores),
        ("its odd texts", scores[::2]),
        ("its even texts", scores[1::2]),
    ):
        mine, theirs, without = (told([score[at] for score in part]) for at in range(3))
        yield name, str(len(part)), mine, f"{without} rules alone", f"{theirs} spaCy sm"
