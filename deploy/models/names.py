"""Trains the models of names, and says how well they do: python -m deploy.models.names FOLDER [--write].

FOLDER holds the labelled sentences: German, GermEval 2014 (news and Wikipedia, CC BY 4.0), as `NER-de-*.tsv`; French,
the corpus of Europeana Newspapers (newspapers of 1870 to 1940, CC0), as `enp_FR.bnf.bio`; Polish, the part of KPWr that
is its test set (Wrocław University of Technology, CC BY 3.0), as `kpwr-ner-n82-test.iob`. Outer names of people,
organisations and places are learned; what a set calls other, derived or part of a word is none. A model is scored on
sentences that it was not trained on, which are never trained on, also not for what ships.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import click
import pycrfsuite

from deploy.models.gazetteer import DATA, sign
from services.enrich.names import trained
from services.enrich.names.text import Word, words

OPTIONS: Final = {"c1": 0.15, "c2": 0.02, "max_iterations": 120}
"""Chosen by two folds of the German training file."""
_TIGHT: Final = frozenset(",.;:!?)%»”’")
_OPENING: Final = frozenset("(„«")
_END: Final = frozenset(".!?")


class Sentence(NamedTuple):
    """A text with its names: start, end, label."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def germeval(file: Path) -> Iterator[Sentence]:
    """The sentences of a GermEval file: a word a line, with its outer label third."""
    for block in file.read_text("utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and not line.startswith("#")]
        if rows:
            yield joined([(row[1], row[2]) for row in rows])


def europeana(file: Path) -> Iterator[Sentence]:
    """The sentences of a Europeana file, which does not divide them: up to each full stop."""
    rows: list[tuple[str, str]] = []
    for line in file.read_text("utf-8").splitlines():
        word, _, label = line.rpartition(" ")
        rows += [(word, label)] if word else []
        if rows and (word in _END or not word):
            yield joined(rows)
            rows = []
    if rows:
        yield joined(rows)


_KPWR: Final = (
    ("nam_liv_person", "PER"), ("nam_org_nation", ""), ("nam_org", "ORG"), ("nam_loc", "LOC"), ("nam_fac_goe", "LOC"),
    ("nam_fac_road", "LOC"), ("nam_fac_square", "LOC"), ("nam_fac_park", "LOC"),
)  # fmt: skip
"""How the fine labels of KPWr begin, and what they are here; "Polacy" are no organisation."""


def kpwr(file: Path) -> Iterator[list[Sentence]]:
    """The documents of a KPWr file: a word a line, with its label last."""
    for document in file.read_text("utf-8").split("-DOCSTART FILE ")[1:]:
        _, _, text = document.partition("\n")
        blocks = ([line.split("\t") for line in block.splitlines() if line] for block in text.split("\n\n"))
        yield [joined([(row[0], _label_of(row[-1])) for row in rows]) for rows in blocks if rows]


def _label_of(label: str) -> str:
    kind = next((ours for theirs, ours in _KPWR if label[2:].startswith(theirs)), "")
    return f"{label[:2]}{kind}" if kind else "O"


class Labelled(NamedTuple):
    """Sentences to train on, and others to score by."""

    training: Sequence[Sentence]
    held_out: Sequence[Sentence]


def german(folder: Path) -> Labelled:
    """The larger of two files, and the other."""
    return Labelled(list(germeval(folder / "NER-de-test.tsv")), list(germeval(folder / "NER-de-dev.tsv")))


def french(folder: Path) -> Labelled:
    """The first four fifths, and the last."""
    read = list(europeana(folder / "enp_FR.bnf.bio"))
    cut = len(read) * 4 // 5
    return Labelled(read[:cut], read[cut:])


def polish(folder: Path) -> Labelled:
    """Every fifth document is held out: they are in the order of their kind."""
    documents = list(kpwr(folder / "kpwr-ner-n82-test.iob"))
    training = [sentence for at, each in enumerate(documents) if at % 5 for sentence in each]
    return Labelled(training, [sentence for each in documents[::5] for sentence in each])


SETS: Final[dict[str, Callable[[Path], Labelled]]] = {"de": german, "fr": french, "pl": polish}


def joined(rows: Iterable[tuple[str, str]]) -> Sentence:
    """Words with labels as a text with names."""
    text, names, opened = "", list[tuple[int, int, str]](), False
    for word, label in rows:
        if text and word not in _TIGHT and text[-1] not in _OPENING:
            text += " "
        start, text = len(text), text + word
        kind = label[2:] if label[2:] in trained.KINDS else ""
        if kind and label[0] == "I" and opened:
            names[-1] = (names[-1][0], len(text), kind)
        elif kind:
            names.append((start, len(text), kind))
        opened = bool(kind)
    return Sentence(text, tuple(names))


def labelled(sentence: Sentence) -> tuple[list[Word], list[str]]:
    """Our own words of a sentence, and the label of each."""
    found = [word for word in words(sentence.text) if word.text[0] != "\n"]
    return found, [_label(word, sentence.names) for word in found]


def _label(word: Word, names: Sequence[tuple[int, int, str]]) -> str:
    for start, end, kind in names:
        if start <= word.start < end:
            return f"{'B' if word.start == start else 'I'}-{kind}"
    return "O"


def train(sentences: Iterable[Sentence], file: Path) -> None:
    """Train on these and write the model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(OPTIONS)
    for sentence in sentences:
        read, labels = labelled(sentence)
        if read:
            trainer.append([trained.features(read, at) for at in range(len(read))], labels)
    trainer.train(str(file))


def score(sentences: Sequence[Sentence], file: Path) -> float:
    """F1 of exact spans."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(file))
    right = told = there = 0
    for sentence in sentences:
        read, _ = labelled(sentence)
        labels = tagger.tag([trained.features(read, at) for at in range(len(read))])
        found = {(read[start].start, read[end - 1].end, kind) for start, end, kind in trained.spans(labels)}
        right, told, there = right + len(found & set(sentence.names)), told + len(found), there + len(sentence.names)
    return 2 * right / (told + there)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write the models, and the hashes of all data files.")
def main(folder: Path, *, write: bool) -> None:
    """Train the models of names on the labelled sentences in FOLDER, and score them."""
    with TemporaryDirectory() as trial:
        for language, read in SETS.items():
            try:
                file, labelled_ = Path(trial, f"names-{language}.crfsuite"), read(folder)
            except FileNotFoundError as missing:
                click.echo(f"{language}: {missing.filename} is not there; its model is left as it is")
                continue
            train(labelled_.training, file)
            right, size = score(labelled_.held_out, file), file.stat().st_size
            click.echo(f"{language}: F1 {right:.3f} of {len(labelled_.held_out):,} sentences; {size:,} bytes")
            if write:
                (DATA / file.name).write_bytes(file.read_bytes())
    if write:
        sign()


if __name__ == "__main__":
    main()
