"""Trains the models of names, and says how well they do: python -m deploy.models.names FOLDER [--write].

FOLDER holds the labelled sentences, as `corpora.py` says. A model is scored on sentences that it was not trained on,
which are never trained on, also not for what ships.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
import pycrfsuite

from deploy.models.corpora import SETS, Sentence
from deploy.models.gazetteer import DATA, sign
from services.enrich.names import trained
from services.enrich.names.text import Word, words

OPTIONS: Final = {"c1": 0.15, "c2": 0.02, "max_iterations": 120}
"""Chosen by two folds of the German training file."""
SPARSE: Final = {"fr": 0.3}
"""c1 of a set that is five times as large as the others: its file stays below a megabyte."""


def labelled(sentence: Sentence) -> tuple[list[Word], list[str]]:
    """Our own words of a sentence, and the label of each."""
    found = [word for word in words(sentence.text) if word.text[0] != "\n"]
    return found, [_label(word, sentence.names) for word in found]


def _label(word: Word, names: Sequence[tuple[int, int, str]]) -> str:
    for start, end, kind in names:
        if start <= word.start < end:
            return f"{'B' if word.start == start else 'I'}-{kind}"
    return "O"


def train(sentences: Iterable[Sentence], file: Path, language: str) -> None:
    """Train on these and write the model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(OPTIONS | {"c1": SPARSE.get(language, OPTIONS["c1"])})
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
            train(labelled_.training, file, language)
            right, size = score(labelled_.held_out, file), file.stat().st_size
            click.echo(f"{language}: F1 {right:.3f} of {len(labelled_.held_out):,} sentences; {size:,} bytes")
            if write:
                (DATA / file.name).write_bytes(file.read_bytes())
    if write:
        sign()


if __name__ == "__main__":
    main()
