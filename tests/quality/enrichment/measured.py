"""Names in languages whose labelled texts can be measured with: python -m tests.quality.enrichment measured.

The texts are where NEWSWIRE_NAMES says. Russian: `factRuEval-2016/testset` (news, MIT), beside natasha's tagger by
itself. Spanish, French and Ukrainian: `es-test.txt` (CoNLL-2002, EFE's news), `fr-test.txt` (Europeana, newspapers of
1870 to 1940) and `uk-test.txt` (NER-UK), a word and its label a line; no package of an open licence was found
to put beside them. Ten sentences that follow each other are read as an article.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from deploy.models.corpora import Sentence, joined
from services.enrich.names import russian
from services.enrich.names.reading import Reading
from services.enrich.names.settle import settle
from services.enrich.names.text import Found, words
from services.enrich.steps.entities import found_in
from tests.quality.enrichment.learned import FOLDER, as_articles
from tests.quality.enrichment.names import Row, Span, Text, counted, told

KINDS: Final = {"Person": "PER", "Org": "ORG", "LocOrg": "LOC", "Location": "LOC"}
NAMING: Final = frozenset({"name", "surname", "patronymic", "nickname", "loc_name", "org_name"})
"""Parts of a mention that are its name; what describes it ("город") is none. The set's own scorers count so."""


def rows() -> Iterator[Row]:
    """Each language whose texts are there: ours, and what is beside it."""
    for language, read in SETS.items() if FOLDER else ():
        try:
            texts = list(read(Path(FOLDER)))
        except FileNotFoundError as missing:
            yield f"names in {language}", "-", "-", "", f"{missing.filename} is not there"
            continue
        mine = told([counted(text, partial(ours, language=language)) for text in texts])
        beside = f"{told([counted(text, natasha) for text in texts])} natasha" if language == "ru" else ""
        yield f"names in {language}, F1", str(len(texts)), mine, "", beside
    if not FOLDER:
        yield "names in ru, es, fr and uk", "-", "-", "", "set NEWSWIRE_NAMES to the folder of labelled texts"


def ours(body: str, language: str) -> list[Found]:
    """What the step finds before it merges mentions."""
    reading = Reading.of(words(body), language)
    return settle(body, reading, found_in(body, reading))


def natasha(body: str) -> list[Found]:
    """What the tagger of natasha finds by itself."""
    return list(russian.names(body))


def factrueval(folder: Path) -> Iterator[Text]:
    """The documents of factRuEval's test set, whole."""
    found = sorted((folder / "factRuEval-2016" / "testset").glob("*.objects"))
    if not found:
        raise FileNotFoundError(2, "no documents", str(folder / "factRuEval-2016" / "testset"))
    for objects in found:
        parts = dict(map(_part, objects.with_suffix(".spans").read_text("utf-8").splitlines()))
        spans = (_span(line, parts) for line in objects.read_text("utf-8").splitlines())
        yield Text(objects.with_suffix(".txt").read_text("utf-8"), frozenset(span for span in spans if span))


def _part(line: str) -> tuple[str, tuple[str, int, int]]:
    """A part of a mention: its number, its kind, start and end."""
    number, kind, start, length, *_ = line.split()
    return number, (kind, int(start), int(start) + int(length))


def _span(line: str, parts: dict[str, tuple[str, int, int]]) -> Span | None:
    """A mention from the first to the last part of its name."""
    _, kind, *numbers = line.partition("#")[0].split()
    naming = [parts[number] for number in numbers if parts.get(number, ("",))[0] in NAMING]
    if kind not in KINDS or not naming:
        return None
    return min(start for _, start, _ in naming), max(end for _, _, end in naming), KINDS[kind]


def labelled(file: Path) -> Iterator[Sentence]:
    """Sentences of a file with a word and its label a line; one that was encoded twice is read as it was meant."""
    text = file.read_text("utf-8")
    with contextlib.suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    for block in text.split("\n\n"):
        lines = (line.rsplit(" ", 1) for line in block.splitlines() if " " in line)
        if pairs := [(word, label) for word, label in lines]:
            yield joined(pairs)


SETS: Final[dict[str, Callable[[Path], Iterator[Text]]]] = {
    "ru": factrueval,
    "es": lambda folder: as_articles(list(labelled(folder / "es-test.txt"))),
    "fr": lambda folder: as_articles(list(labelled(folder / "fr-test.txt"))),
    "uk": lambda folder: as_articles(list(labelled(folder / "uk-test.txt"))),
}
