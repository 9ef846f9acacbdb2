"""Names by our own models, on sentences that they were not trained on: python -m tests.quality.enrichment learned.

The sentences are where NEWSWIRE_NAMES says, as deploy.models.corpora reads them. Ten that follow each other are read as
an article. There is no package with an openly licensed model of these languages to put beside them.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from deploy.models.corpora import SETS, Sentence
from services.enrich.names import trained
from services.enrich.names.reading import Reading
from services.enrich.names.rules import names
from services.enrich.names.settle import settle
from services.enrich.names.text import Found, words
from services.enrich.steps.entities import found_in
from tests.quality.enrichment.names import SENTENCES, Row, Span, Text, counted, told

FOLDER: Final = os.environ.get("NEWSWIRE_NAMES", "")


def rows() -> Iterator[Row]:
    """Each language: ours, the rules alone, the model alone."""
    for language, read in SETS.items() if FOLDER else ():
        try:
            texts = list(as_articles(read(Path(FOLDER)).held_out))
        except FileNotFoundError as missing:
            yield f"names in {language}", "-", "-", "", f"{missing.filename} is not there"
            continue
        scores = [[counted(text, find) for text in texts] for find in _finders(language)]
        ours, rules, model = (told(each) for each in scores)
        yield f"names in {language}, F1", str(len(texts)), ours, f"{rules} rules alone", f"{model} model alone"
    if not FOLDER:
        yield "names in de, fr, es and pl", "-", "-", "", "set NEWSWIRE_NAMES to the folder of labelled sentences"


def as_articles(sentences: Sequence[Sentence]) -> Iterator[Text]:
    """Ten sentences that follow each other as one text each."""
    for at in range(0, len(sentences), SENTENCES):
        body, truth = "", set[Span]()
        for sentence in sentences[at : at + SENTENCES]:
            truth |= {(len(body) + start, len(body) + end, kind) for start, end, kind in sentence.names}
            body += sentence.text + "\n"
        yield Text(body, frozenset(truth))


def _finders(language: str) -> tuple[Callable[[str], list[Found]], ...]:
    def reading(body: str) -> Reading:
        return Reading.of(words(body), language)

    return (
        lambda body: settle(body, reading(body), found_in(body, reading(body))),
        lambda body: settle(body, reading(body), names(reading(body))),
        lambda body: list(trained.names(words(body), language)),
    )
